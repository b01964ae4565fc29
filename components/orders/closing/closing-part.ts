import type { Position } from '@/domain/account/position';
import { classOf } from '@/domain/market/symbols';
import { decimals, exact, plain } from '@/domain/money';

/** How much of a position is to be closed, in percent. */
export type Part = '100' | '50' | '25';
const PARTS = ['100', '50', '25'] as const satisfies readonly Part[];

/** The parts that can be closed: of option contracts those that come to whole ones. */
export const partsOf = ({ symbol, qty }: Pick<Position, 'symbol' | 'qty'>): readonly Part[] =>
  classOf(symbol) === 'us_option' ? PARTS.filter((part) => decimals(partQty(qty, part)) === 0) : PARTS;

/**
 * The shares in a part of a position, rounded down: whole ones of whole holdings as long as that leaves
 * any, else with the nine decimals the venue takes.
 */
export function partQty(qty: string, part: Part): string {
  const held = exact(qty).abs();
  if (part === '100') return plain(held);
  const share = held.times(part).div(100);
  const whole = share.toDecimalPlaces(0, 1);
  return plain(held.isInteger() && whole.gt(0) ? whole : share.toDecimalPlaces(9, 1));
}
