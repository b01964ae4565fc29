'use client';

import { useQuery } from '@tanstack/react-query';
import { History } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { Order } from '@/domain/order/order';
import { useTRPC } from '../../trpc/client';
import { HISTORY_QUERY } from '../../trpc/portfolio/order-queries';
import { EmptyState } from '../../ui/layout/empty-state';
import { Cell, HeadCell, TableScroll } from '../../ui/layout/table';
import { useNumbers } from '../../ui/number/use-numbers';
import { LoadFailed } from '../load-failed';
import { OrderAmount, OrderPrice, OrderSide } from '../order-side';
import { OrderTime } from '../order-time';
import { RowsSkeleton } from '../rows-skeleton';
import { StoryButton } from '../story/story-button';
import { StatusBadge } from '../status-badge';

/** Orders that are over: filled, cancelled, refused, each with its reason. */
export function OrderHistory({ emptyAction }: { emptyAction: ReactNode }) {
  const t = useTranslations('orders');
  const trpc = useTRPC();
  const { data, error, refetch } = useQuery(
    trpc.orders.list.queryOptions(HISTORY_QUERY, { staleTime: 60_000 }),
  );
  if (data === undefined && error !== null)
    return <LoadFailed error={error} onRetry={() => void refetch()} />;
  if (data?.orders.length === 0) {
    return (
      <EmptyState icon={History} title={t('noHistoryTitle')} text={t('noHistoryText')} action={emptyAction} />
    );
  }
  return (
    <TableScroll label={t('history')}>
      <thead>
        <tr>
          <HeadCell>{t('symbol')}</HeadCell>
          <HeadCell>{t('side')}</HeadCell>
          <HeadCell>{t('statusHead')}</HeadCell>
          <HeadCell right>{t('qty')}</HeadCell>
          <HeadCell right>{t('filled')}</HeadCell>
          <HeadCell right>{t('price')}</HeadCell>
          <HeadCell right>{t('average')}</HeadCell>
          <HeadCell className="w-full">{t('reason')}</HeadCell>
          <HeadCell right>{t('time')}</HeadCell>
        </tr>
      </thead>
      <tbody>
        {data === undefined ? (
          <RowsSkeleton columns={9} />
        ) : (
          data.orders.map((order) => <HistoryRow key={order.id} order={order} />)
        )}
      </tbody>
    </TableScroll>
  );
}

function HistoryRow({ order }: { order: Order }) {
  const numbers = useNumbers();
  const reason = order.reason;
  return (
    <tr data-order={order.id} className="relative hover:bg-raised">
      <Cell>
        <StoryButton order={order} />
      </Cell>
      <Cell>
        <OrderSide side={order.side} />
      </Cell>
      <Cell>
        <StatusBadge status={order.status} />
      </Cell>
      <Cell right>
        <OrderAmount order={order} />
      </Cell>
      <Cell right>{numbers.qty(order.filledQty)}</Cell>
      <Cell right>
        <OrderPrice order={order} />
      </Cell>
      <Cell right>{numbers.price(order.filledAvgPrice)}</Cell>
      <Cell className="max-w-0 min-w-40 truncate text-muted">
        {reason !== null && (
          <span className="relative z-1" title={reason.message}>
            {reason.message} ({reason.code})
          </span>
        )}
      </Cell>
      <Cell right>
        <OrderTime at={order.closedAt ?? order.updatedAt} />
      </Cell>
    </tr>
  );
}
