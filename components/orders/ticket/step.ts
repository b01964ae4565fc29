import { exact } from '@/domain/money';
import { priceDecimals } from '@/domain/order/amount-rules';
import { typedDecimal } from './draft/typed-decimal';

/** `step` up or down, ten times as far with `big`; never below `least`. */
function stepBy(text: string, step: string, least: string, direction: 1 | -1, big: boolean) {
  const next = exact(typedDecimal(text) ?? '0').plus(exact(step).times(direction * (big ? 10 : 1)));
  return next.lt(least) ? exact(least) : next;
}

/** One share up or down, ten with `big`; never to zero or below. */
export function stepQty(text: string, direction: 1 | -1, big: boolean): string {
  return stepBy(text, '1', '1', direction, big).toFixed();
}

/** A hundred dollars up or down, a thousand with `big`; never below the least order of a dollar. */
export function stepDollars(text: string, direction: 1 | -1, big: boolean): string {
  return stepBy(text, '100', '1', direction, big).toFixed(2);
}

/** A tenth of a percent up or down, one with `big`; never below the least trail of a tenth. */
export function stepPercent(text: string, direction: 1 | -1, big: boolean): string {
  return stepBy(text, '0.1', '0.1', direction, big).toFixed();
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
