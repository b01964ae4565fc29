import { exact, plain } from '@/domain/money';

/** How much of a position is to be closed, in percent. */
export type Part = '100' | '50' | '25';
export const PARTS = ['100', '50', '25'] as const satisfies readonly Part[];

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
