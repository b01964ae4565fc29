'use client';

import { useTranslations } from 'next-intl';
import { faultOf } from '../trpc/errors';
import { Button } from '../ui/form/button';
import { Banner } from '../ui/layout/banner';

/** What could not be read from the books, with the way to try again. */
export function Failed({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const t = useTranslations('errors');
  return (
    <div role="alert">
      <Banner tone="harm" action={<Button onClick={onRetry}>{t('retry')}</Button>}>
        {faultOf(error).message ?? t('offline')}
      </Banner>
    </div>
  );
}
