'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import type { OrderEvent } from '@/domain/order/event';
import type { Order } from '@/domain/order/order';
import { useTRPC } from '../../trpc/client';
import { useOrderEvents } from '../../trpc/stream/hooks';
import { Skeleton } from '../../ui/layout/skeleton';
import { useNumbers } from '../../ui/number/use-numbers';
import { LoadFailed } from '../load-failed';
import { Moment } from '../../ui/number/moment';
import { StatusBadge } from '../status-badge';
import { useOrderWords } from '../use-order-words';
import { CopyId } from './copy-id';
import { DismissReview } from './dismiss-review';
import { eventSentence } from './event-sentence';
import { OrderFacts } from './order-facts';

/** Everything that happened to an order, in plain words and in the order it happened. */
export function OrderStory({ order: opened }: { order: Order }) {
  const t = useTranslations('story');
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const say = useOrderWords();
  const { id } = opened;
  const order = useQuery(trpc.orders.get.queryOptions({ id }, { initialData: opened })).data;
  const { data, error, refetch } = useQuery(trpc.orders.events.queryOptions({ id }, { staleTime: 0 }));
  useOrderEvents((message) => {
    if (message.order.id !== id) return;
    queryClient.setQueryData(trpc.orders.get.queryKey({ id }), message.order);
    void queryClient.invalidateQueries({ queryKey: trpc.orders.events.queryKey({ id }) });
  });
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p className="text-base font-semibold">{say(order)}</p>
        <StatusBadge status={order.status} />
      </div>
      {order.reason !== null && (
        <p className="rounded-md bg-harm-tint px-2.5 py-1.5 text-table text-harm">
          {order.reason.message} ({order.reason.code})
        </p>
      )}
      {order.status === 'needs_review' && <DismissReview order={order} />}
      {data === undefined && error !== null ? (
        <LoadFailed error={error} onRetry={() => void refetch()} />
      ) : (
        <ol aria-label={t('events.title')} aria-busy={data === undefined} className="grid">
          {data === undefined ? (
            <Skeleton className="h-24 w-full" />
          ) : (
            data.events.map((event) => <EventLine key={event.seq} event={event} side={order.side} />)
          )}
        </ol>
      )}
      <OrderFacts order={order} />
    </div>
  );
}

function EventLine({ event, side }: { event: OrderEvent; side: Order['side'] }) {
  const t = useTranslations('story');
  const tOrders = useTranslations('orders');
  const numbers = useNumbers();
  const sentence = eventSentence(event, side);
  function words(): string {
    if ('price' in sentence) {
      const { key, qty, price } = sentence;
      return t(`events.${key}`, { qty: numbers.qty(qty), price: numbers.price(price) });
    }
    if (sentence.key === 'status') return tOrders(`status.${sentence.status}`);
    if (sentence.key === 'acknowledged')
      return t('events.acknowledged', { status: tOrders(`status.${sentence.status}`) });
    return t(`events.${sentence.key}`);
  }
  return (
    <li className="grid grid-cols-[auto_minmax(0,1fr)_auto] gap-x-2.5 text-table">
      <span aria-hidden className="grid w-2 grid-rows-[0.5rem_auto_1fr] justify-items-center">
        <span className="w-px bg-line" />
        <span
          className={event.fill === null ? 'size-2 rounded-full bg-edge' : 'size-2 rounded-full bg-accent'}
        />
        <span className="h-full w-px bg-line" />
      </span>
      <div className="min-w-0 pb-2">
        <p className={event.fill === null ? '' : 'font-semibold'}>{words()}</p>
        {event.message !== null && <p className="text-label text-muted">{event.message}</p>}
        {event.fill !== null && <CopyId name={t('ids.executionId')} id={event.fill.executionId} />}
      </div>
      <span className="text-muted">
        <Moment at={event.fill?.at ?? event.at} />
      </span>
    </li>
  );
}
