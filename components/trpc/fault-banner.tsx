'use client';

import { useTranslations } from 'next-intl';
import { Button } from '../ui/form/button';
import { Banner } from '../ui/layout/banner';
import { faultOf } from './errors';

type Props = { error: unknown; onRetry?: () => void };

/** What went wrong, in the server's words where there are any, and the way to try again where there is one. */
export function FaultBanner({ error, onRetry }: Props) {
  const t = useTranslations('errors');
  const { message, requestId } = faultOf(error);
  return (
    <div role="alert">
      <Banner
        tone="harm"
        className="rounded-md"
        action={onRetry && <Button onClick={onRetry}>{t('retry')}</Button>}
      >
        <p>{message ?? t('offline')}</p>
        {requestId !== null && (
          <p className="text-label break-all select-all">{t('requestId', { id: requestId })}</p>
        )}
      </Banner>
    </div>
  );
}
