'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { inferRouterOutputs } from '@trpc/server';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { AppRouter } from '@/server/routers/root';
import { useTRPC } from '../trpc/client';
import { FaultBanner } from '../trpc/fault-banner';
import { Button } from '../ui/form/button';
import { Skeleton } from '../ui/layout/skeleton';
import { Cell, HeadCell, TableScroll } from '../ui/layout/table';
import { Moment } from '../ui/number/moment';
import { changedLimits } from './changed-limits';
import { useLimitWords } from './use-limit-words';

type Change = inferRouterOutputs<AppRouter>['risk']['changes']['changes'][number];

const PAGE = 20;
const MOST = 500;

/** Who changed the limits and switches that hold for the account, the newest first. */
export function ChangesTable() {
  const t = useTranslations('limits.changes');
  const trpc = useTRPC();
  const [limit, setLimit] = useState(PAGE);
  const { data, error, refetch, isFetching } = useQuery(
    trpc.risk.changes.queryOptions({ limit }, { placeholderData: keepPreviousData }),
  );
  return (
    <section aria-label={t('title')} className="grid gap-2 border-t border-line pt-4">
      <h2 className="font-medium">{t('title')}</h2>
      {data === undefined && error === null && <Skeleton className="h-16 w-full" />}
      {data === undefined && error !== null && <FaultBanner error={error} onRetry={() => void refetch()} />}
      {data?.changes.length === 0 && <p className="text-table text-muted">{t('empty')}</p>}
      {data !== undefined && data.changes.length > 0 && (
        <TableScroll label={t('title')}>
          <thead>
            <tr>
              <HeadCell>{t('at')}</HeadCell>
              <HeadCell>{t('by')}</HeadCell>
              <HeadCell>{t('what')}</HeadCell>
            </tr>
          </thead>
          <tbody>
            {data.changes.map((change) => (
              <ChangeRow key={change.seq} change={change} />
            ))}
          </tbody>
        </TableScroll>
      )}
      {data !== undefined && data.nextCursor !== null && limit < MOST && (
        <Button
          size="small"
          className="justify-self-start max-md:h-11"
          busy={isFetching}
          onClick={() => setLimit((shown) => Math.min(MOST, shown * 5))}
        >
          {t('more')}
        </Button>
      )}
    </section>
  );
}

function ChangeRow({ change }: { change: Change }) {
  const t = useTranslations('limits.changes');
  return (
    <tr data-change={change.action} className="align-top">
      <Cell className="py-1.5">
        <Moment at={change.at} />
      </Cell>
      <Cell className="py-1.5">{change.by}</Cell>
      <Cell className="py-1.5 whitespace-normal">
        <div>{t(`actions.${change.action}`)}</div>
        {change.action === 'plan' && (
          <p className="text-muted">
            {String(change.before)} → {String(change.after)}
          </p>
        )}
        {(change.action === 'limits' || change.action === 'impose') && (
          <Limits action={change.action} change={change} />
        )}
      </Cell>
    </tr>
  );
}

function Limits({ action, change }: { action: 'limits' | 'impose'; change: Change }) {
  const t = useTranslations('limits');
  const words = useLimitWords();
  return (
    <ul className="text-muted">
      {changedLimits(action, change.before, change.after).map(({ name, before, after }) => (
        <li key={name}>
          {t('changes.from', {
            limit: t(`fields.${name}`),
            before: words.value(name, before),
            after: words.value(name, after),
          })}
        </li>
      ))}
    </ul>
  );
}
