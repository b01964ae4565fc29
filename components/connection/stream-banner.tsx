'use client';

import { useTranslations } from 'next-intl';
import { useConnection, useStream } from '../trpc/stream/hooks';
import { useNow } from '../trpc/stream/ticker';
import { Button } from '../ui/form/button';
import { Banner } from '../ui/layout/banner';

/** Says that prices cannot be trusted, why, and when the next attempt comes. */
export function StreamBanner() {
  const t = useTranslations('connection');
  const connection = useConnection();
  const stream = useStream();
  const isLost = connection.phase === 'lost';
  const isFeedDown = connection.phase === 'live' && !connection.feedUp;
  return (
    <>
      {/* Read out once when it is lost: the countdown stays outside. */}
      <p role="status" className="sr-only">
        {isLost ? t('lostBanner') : isFeedDown ? t('feedDownBanner') : ''}
      </p>
      {isLost && (
        <Banner
          tone="doubt"
          action={
            <Button size="small" onClick={stream.retryNow}>
              {t('retryNow')}
            </Button>
          }
        >
          {t('lostBanner')} <RetryIn at={connection.retryAt} />
        </Banner>
      )}
      {isFeedDown && <Banner tone="doubt">{t('feedDownBanner')}</Banner>}
    </>
  );
}

function RetryIn({ at }: { at: number }) {
  const t = useTranslations('connection');
  const now = useNow();
  const seconds = Math.ceil((at - now) / 1000);
  return <span className="tabular-nums">{seconds > 0 ? t('retryIn', { seconds }) : t('retrying')}</span>;
}
