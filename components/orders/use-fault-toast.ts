'use client';

import { useTranslations } from 'next-intl';
import { toast } from 'sonner';
import type { Fault } from '../trpc/errors';

/** Shows what went wrong as a toast; its button copies the request id. */
export function useFaultToast(): (fault: Fault, offlineText: string) => void {
  const t = useTranslations('errors');
  return ({ message, requestId }, offlineText) => {
    const text = message ?? offlineText;
    if (requestId === null) {
      toast.error(text);
      return;
    }
    toast.error(text, {
      description: t('requestId', { id: requestId }),
      action: { label: t('copy'), onClick: () => void navigator.clipboard?.writeText(requestId) },
    });
  };
}
