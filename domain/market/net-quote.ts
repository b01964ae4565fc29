import { exact, plain } from '../money';

type LegQuote = { bid: string | null; ask: string | null; quotedAt: string | null };
type Leg = { symbol: string; side: 'buy' | 'sell'; ratioQty: string };

/**
 * Bid and ask of several options traded as one, dollars a share of a unit: the ask is what it costs to take them as
 * they are asked for, the bid what giving them back brings. A side that a leg lacks is null. `quotedAt` is the oldest.
 */
export function netQuote(legs: readonly Leg[], quotes: ReadonlyMap<string, LegQuote>): LegQuote {
  const net = (taken: 'bid' | 'ask', given: 'bid' | 'ask'): string | null => {
    let sum = exact(0);
    for (const { symbol, side, ratioQty } of legs) {
      const price = quotes.get(symbol)?.[side === 'buy' ? taken : given] ?? null;
      if (price === null) return null;
      const part = exact(price).times(ratioQty);
      sum = side === 'buy' ? sum.plus(part) : sum.minus(part);
    }
    return plain(sum);
  };
  const times = legs.map(({ symbol }) => quotes.get(symbol)?.quotedAt ?? null);
  const oldest = times.reduce((a, b) => (a === null || b === null ? null : a < b ? a : b));
  return { ask: net('ask', 'bid'), bid: net('bid', 'ask'), quotedAt: oldest };
}
