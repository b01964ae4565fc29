'use client';

import { useTranslations } from 'next-intl';
import type { Fault } from '../trpc/errors';
import { Button } from '../ui/form/button';
import { Banner } from '../ui/layout/banner';

/** What went wrong in plain words, with the request id to hand to whoever runs the desk. */
export function FaultNote({ fault, offlineText }: { fault: Fault; offlineText: string }) {
  const t = useTranslations('errors');
  const { requestId } = fault;
  return (
    <div role="alert">
      <Banner tone="harm" className="rounded-md">
        <p>{fault.message ?? offlineText}</p>
        {fault.venueCode !== null && <p>{t('venueCode', { code: fault.venueCode })}</p>}
        {requestId !== null && (
          <p className="flex flex-wrap items-center gap-1 text-label">
            <span className="break-all">{t('requestId', { id: requestId })}</span>
            <Button look="ghost" size="small" onClick={() => void navigator.clipboard?.writeText(requestId)}>
              {t('copy')}
            </Button>
          </p>
        )}
      </Banner>
    </div>
  );
}
