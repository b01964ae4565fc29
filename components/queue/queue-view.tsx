'use client';

import { useQuery } from '@tanstack/react-query';
import { CircleCheck, Lock } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useTRPC } from '../trpc/client';
import { faultOf } from '../trpc/errors';
import { FaultBanner } from '../trpc/fault-banner';
import { Banner } from '../ui/layout/banner';
import { EmptyState } from '../ui/layout/empty-state';
import { Skeleton } from '../ui/layout/skeleton';
import { Moment } from '../ui/number/moment';
import { QueueFigures } from './queue-figures';
import { PausedTable, WorkersTable } from './queue-tables';

const REFETCH_MS = 2_000;

/** What is on its way to the venues, asked again and again; for admins. */
export function QueueView() {
  const t = useTranslations('queue');
  const trpc = useTRPC();
  const { data, error, refetch } = useQuery(
    trpc.queue.status.queryOptions(undefined, { refetchInterval: REFETCH_MS }),
  );
  const fault = error === null ? null : faultOf(error);
  if (fault?.code === 'forbidden') {
    return <EmptyState icon={Lock} title={t('forbidden')} text={t('forbiddenText')} />;
  }
  const failed = fault !== null && <FaultBanner error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return failed || <Skeleton className="h-64 w-full" />;
  const isQuiet = data.depth + data.inDoubt + data.inReview === 0;
  return (
    <div className="grid gap-6">
      {failed}
      <section aria-label={t('orders')} className="grid gap-3">
        {isQuiet && (
          <p data-quiet className="flex items-center gap-2 font-medium">
            <CircleCheck className="size-4 text-gain" aria-hidden />
            {t('quiet')}
          </p>
        )}
        {data.inReview > 0 && (
          <Banner tone="doubt" className="rounded-md">
            {t('reviewNote', { count: data.inReview })}
          </Banner>
        )}
        <QueueFigures status={data} />
      </section>
      <PausedTable paused={data.paused} />
      <WorkersTable workers={data.workers} />
      <dl className="flex flex-wrap gap-x-6 gap-y-1 text-table text-muted">
        <div className="flex gap-2">
          <dt>{t('redis')}</dt>
          <dd data-redis={data.redis} className={data.redis === 'down' ? 'text-harm' : 'text-ink'}>
            {t(data.isShared ? `redisSends.${data.redis}` : `redisState.${data.redis}`)}
          </dd>
        </div>
        {data.wakeUps !== null && (
          <div className="flex gap-2">
            <dt>{t('wakeUps')}</dt>
            <dd data-wake-ups className="text-ink">
              {t('wakeUpCounts', data.wakeUps)}
            </dd>
          </div>
        )}
        <div className="flex gap-2">
          <dt>{t('asOf')}</dt>
          <dd className="text-ink">
            <Moment at={data.at} />
          </dd>
        </div>
      </dl>
    </div>
  );
}
