/** The span of strikes that a listing has, and the step between them. Dollars. */
export interface StrikeGrid {
  readonly low: number;
  readonly high: number;
  readonly step: number;
}

/** Steps as the exchanges use them, by price level: finer for weeklies, coarser for far Januaries. */
function stepAt(price: number, kind: 'weekly' | 'monthly' | 'yearly'): number {
  const usual = price < 25 ? 0.5 : price < 100 ? 1 : price < 250 ? 2.5 : price < 700 ? 5 : 10;
  if (kind === 'weekly') return Math.max(0.5, usual / 2);
  return kind === 'yearly' && price >= 25 ? usual * 2 : usual;
}

/**
 * The strikes of a listing: it begins around the price of its first day and is widened when the price
 * moves away, so a strike that was listed stays.
 * @param prices closes that have been seen since the listing, in dollars; the first sets the step
 * @param volatility a year
 */
export function strikeGrid(
  prices: readonly number[],
  listing: { kind: 'weekly' | 'monthly' | 'yearly'; volatility: number },
): StrikeGrid {
  const step = stepAt(prices[0] ?? 100, listing.kind);
  const years = listing.kind === 'weekly' ? 0.12 : listing.kind === 'monthly' ? 0.6 : 1.6;
  const width = Math.min(0.6, Math.max(0.15, 2.5 * listing.volatility * Math.sqrt(years)));
  const low = Math.max(step, Math.floor((Math.min(...prices) * (1 - width)) / step) * step);
  return { low, high: Math.ceil((Math.max(...prices) * (1 + width)) / step) * step, step };
}

/** Strikes from low to high. */
export function* strikesOf({ low, high, step }: StrikeGrid): Generator<number> {
  for (let i = Math.round(low / step); i <= Math.round(high / step); i += 1) yield i * step;
}
