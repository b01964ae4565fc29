'use client';

import { useTranslations } from 'next-intl';
import type { Order } from '@/domain/order/order';
import { useNumbers } from '../ui/number/use-numbers';

/** Buy or sell by word; the colour repeats it. */
export function OrderSide({ side }: { side: Order['side'] }) {
  const t = useTranslations('ticket');
  return <span className={side === 'buy' ? 'font-medium text-up' : 'font-medium text-down'}>{t(side)}</span>;
}

/** Market, or the limit price. */
export function OrderPrice({ order }: { order: Pick<Order, 'type' | 'limitPrice'> }) {
  const t = useTranslations('ticket');
  const numbers = useNumbers();
  return order.type === 'limit' ? numbers.price(order.limitPrice) : t('market');
}
