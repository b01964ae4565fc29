import { readOption } from '../market/option-contract';
import { exact } from '../money';
import type { RiskFacts, RiskOrder } from './facts';

/** What an account may do with options (Alpaca docs): nothing, sell covered ones, buy them, trade spreads. */
export const OPTIONS_LEVELS = { none: 0, covered: 1, long: 2, spreads: 3 } as const;

/** The options level that an opening order needs; null when what would cover it is not known. */
export function levelFor(order: RiskOrder, { coveringShares }: RiskFacts): number | null {
  if (order.legs !== undefined) return OPTIONS_LEVELS.spreads;
  if (order.side === 'buy') return OPTIONS_LEVELS.long;
  // The venue takes a put sold alone only when cash secures it.
  if (readOption(order.symbol)?.kind === 'put') return OPTIONS_LEVELS.covered;
  if (coveringShares === undefined || order.qty === undefined) return null;
  const isCovered = exact(order.qty).times(100).lte(coveringShares);
  return isCovered ? OPTIONS_LEVELS.covered : OPTIONS_LEVELS.spreads;
}
