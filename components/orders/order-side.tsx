'use client';

import { useTranslations } from 'next-intl';
import type { Order } from '@/domain/order/order';
import { useNumbers } from '../ui/number/use-numbers';
import { useTrailWords } from './use-order-words';

/** Buy or sell by word; the colour repeats it. Several options as one are neither. */
export function OrderSide({ order: { side, legs } }: { order: Pick<Order, 'side' | 'legs'> }) {
  const t = useTranslations('ticket');
  const tOrders = useTranslations('orders');
  if (legs !== null) return <span className="text-muted">{tOrders('multiLeg')}</span>;
  return <span className={side === 'buy' ? 'font-medium text-up' : 'font-medium text-down'}>{t(side)}</span>;
}

type Priced = Pick<Order, 'type' | 'limitPrice' | 'stopPrice' | 'trailPrice' | 'trailPercent'>;

/** The limit price alone, or the type with what it waits for. */
export function OrderPrice({ order }: { order: Priced }) {
  const t = useTranslations('orders');
  const numbers = useNumbers();
  const trail = useTrailWords();
  const limit = numbers.price(order.limitPrice);
  const stop = numbers.price(order.stopPrice);
  if (order.type === 'limit') return limit;
  if (order.type === 'stop') return t('prices.stop', { stop });
  if (order.type === 'stop_limit') return t('prices.stop_limit', { stop, limit });
  if (order.type === 'market') return t('types.market');
  if (order.stopPrice === null) return t('prices.trail', { trail: trail(order) });
  return t('prices.trailing', { trail: trail(order), stop });
}

/** The shares, or the dollars of an order that names those. */
export function OrderAmount({ order }: { order: Pick<Order, 'qty' | 'notional'> }) {
  const numbers = useNumbers();
  return order.qty === null && order.notional !== null
    ? `$${numbers.money(order.notional)}`
    : numbers.qty(order.qty);
}
