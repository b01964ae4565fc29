import { DAY_MS, newYorkDay, offsetAt } from '../../clock/new-york';

/** Prices outside of which no trade may print. Micro-dollars. */
export interface PriceBands {
  readonly up: number;
  readonly down: number;
}

/** 15:35 New York, minutes after midnight: bands of tier 1 are doubled from there to the close. */
const CLOSING_MINUTE = 15 * 60 + 35;

/**
 * Limit Up-Limit Down bands around a reference price (the mean of the last five minutes' trades).
 * Tier 1 (large stocks and funds): 5 % above $3, 20 % from $0.75 to $3, below that the lesser of 75 % and
 * $0.15; doubled in the last 25 minutes (LULD plan, amendment 18).
 * @param reference micro-dollars
 */
export function luldBands(reference: number, at: number, alwaysOpen: boolean): PriceBands {
  const minute = Math.floor((at + offsetAt(at) - newYorkDay(at) * DAY_MS) / 60_000);
  const doubled = !alwaysOpen && minute >= CLOSING_MINUTE ? 2 : 1;
  const width = widthOf(reference) * doubled;
  const tick = reference >= 1_000_000 ? 10_000 : 100;
  return {
    up: Math.round((reference + width) / tick) * tick,
    down: Math.max(tick, Math.round((reference - width) / tick) * tick),
  };
}

function widthOf(reference: number): number {
  if (reference > 3_000_000) return reference * 0.05;
  if (reference >= 750_000) return reference * 0.2;
  return Math.min(reference * 0.75, 150_000);
}

/** Whether a price lies on or beyond a band: trading pauses when that lasts 15 seconds. */
export const isLimitState = (price: number, bands: PriceBands): boolean =>
  price >= bands.up || price <= bands.down;
