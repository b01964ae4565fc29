'use client';

import { useTranslations } from 'next-intl';
import type { Order } from '@/domain/order/order';
import { classOf } from '@/domain/market/symbols';
import { shownInstrument } from '@/domain/market/option-contract';
import { NOTHING, useNumbers } from '../ui/number/use-numbers';

type Maybe = string | null | undefined;
type Priced = {
  type: Order['type'];
  limitPrice?: Maybe;
  stopPrice?: Maybe;
  trailPrice?: Maybe;
  trailPercent?: Maybe;
};
type Named = Priced & {
  side: Order['side'];
  symbol: string;
  legs?: Order['legs'];
  qty?: Maybe;
  notional?: Maybe;
};

/** How far an order trails: "2%" or "$1.50". */
export function useTrailWords(): (order: Priced) => string {
  const numbers = useNumbers();
  return ({ trailPercent, trailPrice }) => {
    if (trailPercent !== null && trailPercent !== undefined) return `${numbers.qty(trailPercent)}%`;
    return trailPrice === null || trailPrice === undefined ? NOTHING : `$${numbers.price(trailPrice)}`;
  };
}

/** Says an order the way a trader would: "Buy 10 AAPL at market", "2 × AAPL 2026-12-18 +250C −260C at 1.20". */
export function useOrderWords(): (order: Named) => string {
  const t = useTranslations('ticket');
  const trail = useTrailWords();
  const numbers = useNumbers();
  return (order) => {
    const { side, notional, legs = null } = order;
    const symbol = shownInstrument({ symbol: order.symbol, legs });
    const qty = numbers.qty(order.qty);
    const isDollars = (order.qty ?? null) === null && (notional ?? null) !== null;
    const unit = classOf(order.symbol) === 'us_option' ? 'contracts' : 'shares';
    const single = isDollars
      ? t(`words.dollars.${side}`, { amount: numbers.money(notional), symbol })
      : t(`words.${unit}.${side}`, { qty, symbol });
    const what = legs === null ? single : t('words.legs', { qty, symbol });
    return t(`words.types.${order.type}`, {
      what,
      limit: numbers.price(order.limitPrice),
      stop: numbers.price(order.stopPrice),
      trail: trail(order),
    });
  };
}
