'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { ListChecks } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { Order } from '@/domain/order/order';
import { useTRPC } from '../trpc/client';
import { faultOf } from '../trpc/errors';
import { WORKING_QUERY } from '../trpc/portfolio/order-queries';
import { Button } from '../ui/form/button';
import { EmptyState } from '../ui/layout/empty-state';
import { Cell, HeadCell, STAYS, TableScroll } from '../ui/layout/table';
import { useNumbers } from '../ui/number/use-numbers';
import { LoadFailed } from './load-failed';
import { OrderPrice, OrderSide } from './order-side';
import { OrderTime } from './order-time';
import { RowsSkeleton } from './rows-skeleton';
import { StatusBadge } from './status-badge';
import { useOrderWords } from './use-order-words';
import { useFaultToast } from './use-fault-toast';
import { useOrderCache } from './use-order-cache';

/** Orders the venue works on or is about to; each can be cancelled in its line. */
export function WorkingOrders({ emptyAction }: { emptyAction: ReactNode }) {
  const t = useTranslations('orders');
  const trpc = useTRPC();
  const { data, error, refetch } = useQuery(
    trpc.orders.list.queryOptions(WORKING_QUERY, { refetchInterval: 30_000 }),
  );
  if (data === undefined && error !== null)
    return <LoadFailed error={error} onRetry={() => void refetch()} />;
  if (data?.orders.length === 0) {
    return (
      <EmptyState
        icon={ListChecks}
        title={t('noWorkingTitle')}
        text={t('noWorkingText')}
        action={emptyAction}
      />
    );
  }
  return (
    <TableScroll label={t('working')}>
      <thead>
        <tr>
          <HeadCell>{t('symbol')}</HeadCell>
          <HeadCell>{t('side')}</HeadCell>
          <HeadCell right>{t('qty')}</HeadCell>
          <HeadCell right>{t('filled')}</HeadCell>
          <HeadCell right>{t('price')}</HeadCell>
          <HeadCell>{t('timeInForce')}</HeadCell>
          <HeadCell>{t('statusHead')}</HeadCell>
          <HeadCell right>{t('time')}</HeadCell>
          <HeadCell className={STAYS}>
            <span className="sr-only">{t('actions')}</span>
          </HeadCell>
        </tr>
      </thead>
      <tbody>
        {data === undefined ? (
          <RowsSkeleton columns={9} />
        ) : (
          data.orders.map((order) => <WorkingRow key={order.id} order={order} />)
        )}
      </tbody>
    </TableScroll>
  );
}

function WorkingRow({ order }: { order: Order }) {
  const t = useTranslations('orders');
  const numbers = useNumbers();
  return (
    <tr data-order={order.id} className="hover:bg-raised">
      <Cell className="font-semibold">{order.symbol}</Cell>
      <Cell>
        <OrderSide side={order.side} />
      </Cell>
      <Cell right>{numbers.qty(order.qty)}</Cell>
      <Cell right>{numbers.qty(order.filledQty)}</Cell>
      <Cell right>
        <OrderPrice order={order} />
      </Cell>
      <Cell>{t(`inForce.${order.timeInForce}`)}</Cell>
      <Cell>
        <StatusBadge status={order.status} />
      </Cell>
      <Cell right>
        <OrderTime at={order.createdAt} />
      </Cell>
      <Cell right className={STAYS}>
        <CancelButton order={order} />
      </Cell>
    </tr>
  );
}

function CancelButton({ order }: { order: Order }) {
  const t = useTranslations('orders');
  const trpc = useTRPC();
  const cache = useOrderCache();
  const say = useOrderWords();
  const tellFault = useFaultToast();
  const cancel = useMutation(
    trpc.orders.cancel.mutationOptions({
      onSuccess: cache.put,
      onError: (error) => tellFault(faultOf(error), t('cancelOffline')),
    }),
  );
  return (
    <Button
      size="small"
      className="max-md:h-9"
      aria-label={t('cancelOrder', { order: say(order) })}
      disabled={order.status === 'pending_cancel'}
      busy={cancel.isPending}
      onClick={() => cancel.mutate({ id: order.id })}
    >
      {t('cancel')}
    </Button>
  );
}
