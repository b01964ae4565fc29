'use client';

import { useTranslations } from 'next-intl';
import type { Order } from '@/domain/order/order';
import { useNumbers } from '../ui/number/use-numbers';

/** Buy or sell by word; the colour repeats it. */
export function OrderSide({ side }: { side: Order['side'] }) {
  const t = useTranslations('ticket');
  return <span className={side === 'buy' ? 'font-medium text-up' : 'font-medium text-down'}>{t(side)}</span>;
}

/** The limit price, or the type of an order without one. */
export function OrderPrice({ order }: { order: Pick<Order, 'type' | 'limitPrice'> }) {
  const t = useTranslations('orders');
  const numbers = useNumbers();
  return order.limitPrice === null ? t(`types.${order.type}`) : numbers.price(order.limitPrice);
}
