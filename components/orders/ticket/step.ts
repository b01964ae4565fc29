import { exact } from '@/domain/money';
import { priceDecimals } from '@/domain/order/amount-rules';
import { typedDecimal } from './draft';

/** One share up or down, ten with `big`; never to zero or below. */
export function stepQty(text: string, direction: 1 | -1, big: boolean): string {
  const next = exact(typedDecimal(text) ?? '0').plus(direction * (big ? 10 : 1));
  return next.lt(1) ? '1' : next.toFixed();
}

/** One tick up or down, ten with `big`; a tick is a cent from $1 and a hundredth of a cent below. */
export function stepPrice(text: string, direction: 1 | -1, big: boolean): string {
  const price = exact(typedDecimal(text) ?? '0');
  // From a dollar downwards the finer tick below it already counts.
  const isFine = price.lt(1) || (price.eq(1) && direction === -1);
  const tick = exact(isFine ? '0.0001' : '0.01');
  const next = price.plus(tick.times(direction * (big ? 10 : 1)));
  if (next.lte(0)) return exact('0.0001').toFixed(4);
  return next.toFixed(priceDecimals(next.toFixed()));
}
