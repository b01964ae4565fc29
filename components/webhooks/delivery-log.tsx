'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { Inbox } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Fragment, useState } from 'react';
import type { Delivery, Webhook } from '@/domain/webhook/hook';
import { useTRPC, useTRPCClient } from '../trpc/client';
import { Button } from '../ui/form/button';
import { Badge, type Tone } from '../ui/layout/badge';
import { EmptyState } from '../ui/layout/empty-state';
import { Skeleton } from '../ui/layout/skeleton';
import { Cell, HeadCell, STAYS, TableScroll } from '../ui/layout/table';
import { Moment } from '../ui/number/moment';
import { FaultBanner } from '../trpc/fault-banner';
import { knownReason } from './log-reasons';

const REFETCH_MS = 5_000;
const PAGE = 50;
const COLUMNS = 6;
const FIRST: number | null = null;

const TONES: Record<Delivery['verdict'], Tone> = {
  order_made: 'accent',
  repeated: 'plain',
  refused: 'harm',
  failed: 'doubt',
};

function useDeliveries(hookId: string) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const asked = { id: hookId, limit: PAGE };
  return useInfiniteQuery({
    queryKey: [...trpc.webhooks.deliveries.queryKey(asked), 'pages'],
    queryFn: ({ pageParam, signal }) =>
      client.webhooks.deliveries.query(
        { ...asked, ...(pageParam === null ? {} : { cursor: pageParam }) },
        { signal },
      ),
    initialPageParam: FIRST,
    getNextPageParam: (page) => page.nextCursor,
    // Older pages do not change; reading them all again every few seconds would only spend the allowance.
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > 1 ? false : REFETCH_MS),
  });
}

/** What came in, the newest first, and what became of it. */
export function DeliveryLog({ hook }: { hook: Webhook }) {
  const t = useTranslations('webhooks.log');
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useDeliveries(hook.id);
  if (data === undefined) {
    if (error === null) return <Skeleton className="m-3 h-32" />;
    return <FaultBanner error={error} onRetry={() => void refetch()} />;
  }
  const deliveries = data.pages.flatMap((page) => page.deliveries);
  if (deliveries.length === 0)
    return <EmptyState icon={Inbox} title={t('emptyTitle')} text={t('emptyText')} />;
  return (
    <div className="grid gap-2 pb-2">
      <TableScroll label={t('title')}>
        <thead>
          <tr>
            <HeadCell>{t('time')}</HeadCell>
            <HeadCell>{t('verdict')}</HeadCell>
            <HeadCell>{t('why')}</HeadCell>
            <HeadCell>{t('alert')}</HeadCell>
            <HeadCell>{t('address')}</HeadCell>
            <HeadCell className={STAYS}>
              <span className="sr-only">{t('more')}</span>
            </HeadCell>
          </tr>
        </thead>
        <tbody>
          {deliveries.map((delivery) => (
            <Row key={delivery.seq} delivery={delivery} />
          ))}
        </tbody>
      </TableScroll>
      {hasNextPage && (
        <Button
          size="small"
          className="ml-3 justify-self-start max-md:h-11"
          busy={isFetchingNextPage}
          onClick={() => void fetchNextPage()}
        >
          {t('older')}
        </Button>
      )}
    </div>
  );
}

function Row({ delivery }: { delivery: Delivery }) {
  const t = useTranslations('webhooks.log');
  const [isOpen, setOpen] = useState(false);
  const { seq, at, verdict, status, message, alertId, address } = delivery;
  const known = knownReason(delivery.reason);
  return (
    <Fragment>
      <tr data-delivery={verdict} className="hover:bg-raised">
        <Cell>
          <Moment at={at} />
        </Cell>
        <Cell>
          <Badge tone={TONES[verdict]}>{t(`verdicts.${verdict}`)}</Badge> <span>{status}</span>
        </Cell>
        <Cell className="w-full max-w-0 min-w-40 truncate text-muted" title={message ?? undefined}>
          {known === null ? message : t(`reasons.${known}`)}
        </Cell>
        <Cell className="max-w-40 truncate" title={alertId ?? undefined}>
          {alertId}
        </Cell>
        <Cell className="text-muted">{address}</Cell>
        <Cell right className={STAYS}>
          <Button
            look="ghost"
            size="small"
            className="max-md:h-11"
            aria-expanded={isOpen}
            aria-controls={`delivery-${seq}`}
            onClick={() => setOpen(!isOpen)}
          >
            {t(isOpen ? 'hide' : 'show')}
          </Button>
        </Cell>
      </tr>
      {isOpen && (
        <tr id={`delivery-${seq}`}>
          <td colSpan={COLUMNS} className="border-b border-line p-3">
            <Facts delivery={delivery} />
          </td>
        </tr>
      )}
    </Fragment>
  );
}

function Facts({ delivery }: { delivery: Delivery }) {
  const t = useTranslations('webhooks.log');
  const { message, orderId, requestId, body } = delivery;
  return (
    <dl className="sticky left-3 grid max-w-[calc(100vw-4rem)] grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 text-table md:max-w-2xl">
      {(
        [
          ['message', message],
          ['order', orderId],
          ['request', requestId],
        ] as const
      ).map(([name, value]) =>
        value === null ? null : (
          <Fragment key={name}>
            <dt className="text-muted">{t(`facts.${name}`)}</dt>
            <dd className="break-words select-all">{value}</dd>
          </Fragment>
        ),
      )}
      {body !== null && (
        <>
          <dt className="text-muted">{t('facts.body')}</dt>
          <dd>
            <code className="font-mono text-label break-all whitespace-pre-wrap">{body}</code>
          </dd>
        </>
      )}
    </dl>
  );
}
