'use client';

import { useTranslations } from 'next-intl';
import { faultOf } from '../trpc/errors';
import { Button } from '../ui/form/button';
import { FaultNote } from './fault-note';

/** A list that could not be had, with the way to try again. */
export function LoadFailed({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const t = useTranslations('errors');
  return (
    <div className="grid justify-items-start gap-2 p-3">
      <FaultNote fault={faultOf(error)} offlineText={t('offline')} />
      <Button onClick={onRetry}>{t('retry')}</Button>
    </div>
  );
}
