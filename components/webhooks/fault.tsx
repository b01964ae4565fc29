'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { faultOf } from '../trpc/errors';
import { Banner } from '../ui/layout/banner';

/** What went wrong, in the server's words where there are any. */
export function Fault({ error, action }: { error: unknown; action?: ReactNode }) {
  const t = useTranslations('errors');
  const { message, requestId } = faultOf(error);
  return (
    <div role="alert">
      <Banner tone="harm" className="rounded-md" action={action}>
        <p>{message ?? t('offline')}</p>
        {requestId !== null && (
          <p className="text-label break-all select-all">{t('requestId', { id: requestId })}</p>
        )}
      </Banner>
    </div>
  );
}
