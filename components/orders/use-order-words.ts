'use client';

import { useTranslations } from 'next-intl';
import type { Order } from '@/domain/order/order';
import { NOTHING, useNumbers } from '../ui/number/use-numbers';

type Maybe = string | null | undefined;
type Priced = {
  type: Order['type'];
  limitPrice?: Maybe;
  stopPrice?: Maybe;
  trailPrice?: Maybe;
  trailPercent?: Maybe;
};
type Named = Priced & { side: Order['side']; symbol: string; qty?: Maybe; notional?: Maybe };

/** How far an order trails: "2%" or "$1.50". */
export function useTrailWords(): (order: Priced) => string {
  const numbers = useNumbers();
  return ({ trailPercent, trailPrice }) => {
    if (trailPercent !== null && trailPercent !== undefined) return `${numbers.qty(trailPercent)}%`;
    return trailPrice === null || trailPrice === undefined ? NOTHING : `$${numbers.price(trailPrice)}`;
  };
}

/** Says an order the way a trader would: "Buy 10 AAPL at market", "Sell 5 TSLA, stop 210.00". */
export function useOrderWords(): (order: Named) => string {
  const t = useTranslations('ticket');
  const trail = useTrailWords();
  const numbers = useNumbers();
  return (order) => {
    const { side, symbol, notional } = order;
    const isDollars = (order.qty ?? null) === null && (notional ?? null) !== null;
    const what = isDollars
      ? t(`words.dollars.${side}`, { amount: numbers.money(notional), symbol })
      : t(`words.shares.${side}`, { qty: numbers.qty(order.qty), symbol });
    return t(`words.types.${order.type}`, {
      what,
      limit: numbers.price(order.limitPrice),
      stop: numbers.price(order.stopPrice),
      trail: trail(order),
    });
  };
}
