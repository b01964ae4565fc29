'use client';

import { useTranslations } from 'next-intl';
import type { Order } from '@/domain/order/order';
import { useNumbers } from '../../ui/number/use-numbers';

type Named = Pick<Order, 'side' | 'symbol' | 'type'> & {
  qty?: string | null | undefined;
  limitPrice?: string | null | undefined;
};

/** Says an order the way a trader would: "Buy 10 AAPL at market". */
export function useOrderWords(): (order: Named) => string {
  const t = useTranslations('ticket');
  const tOrders = useTranslations('orders');
  const numbers = useNumbers();
  return (order) => {
    const values = { qty: numbers.qty(order.qty), symbol: order.symbol };
    if (order.type === 'limit') {
      return t(`words.${order.side}Limit`, { ...values, price: numbers.price(order.limitPrice) });
    }
    if (order.type === 'market') return t(`words.${order.side}Market`, values);
    return t(`words.${order.side}Other`, { ...values, type: tOrders(`types.${order.type}`) });
  };
}
