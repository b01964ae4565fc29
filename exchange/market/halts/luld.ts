import { sessionOf } from '../../clock/calendar';
import { MINUTE_MS, newYorkDay } from '../../clock/new-york';
import { tickOf } from '../ticks';

/** Prices outside of which no trade may print. Micro-dollars. */
export interface PriceBands {
  readonly up: number;
  readonly down: number;
}

/** What bands depend on besides the price. */
export interface BandRules {
  readonly tier: 1 | 2;
  /** A market without an end of day has no double bands either. */
  readonly alwaysOpen: boolean;
}

/** Tier 1 holds the S&P 500, the Russell 1000 and large funds: depositary receipts and foreign shares are in tier 2. */
const TIER_2 = new Set(
  (
    'ARM ASML AUR AZN BABA BBAI BP CCJ CRCL CRWV ENB FIG GME GSK MARA NBIS NIO NVO NVS PDD QBTS RACE RGTI ' +
    'SAP SE SHEL SHOP SNY SOUN SPOT TEVA TM TSM TTE VALE'
  ).split(' '),
);

export const tierOf = (symbol: string): 1 | 2 => (TIER_2.has(symbol) ? 2 : 1);

/** The last 25 minutes of a session have double bands. */
const CLOSING_MS = 25 * MINUTE_MS;

/**
 * Limit Up-Limit Down bands around a reference price (the mean of the last five minutes' trades).
 * Above $3: 5 % in tier 1, 10 % in tier 2; from $0.75 to $3: 20 %; below that the lesser of 75 % and $0.15.
 * Doubled in the last 25 minutes, save in tier 2 above $3 (LULD plan, amendment 18).
 * @param reference micro-dollars
 */
export function luldBands(reference: number, at: number, { tier, alwaysOpen }: BandRules): PriceBands {
  const session = alwaysOpen ? null : sessionOf(newYorkDay(at));
  const closing = session !== null && at >= session.close - CLOSING_MS && at < session.close;
  const doubled = closing && (tier === 1 || reference <= 3_000_000) ? 2 : 1;
  const width = widthOf(reference, tier) * doubled;
  const tick = tickOf(reference);
  return {
    up: Math.round((reference + width) / tick) * tick,
    down: Math.max(tick, Math.round((reference - width) / tick) * tick),
  };
}

function widthOf(reference: number, tier: 1 | 2): number {
  if (reference > 3_000_000) return reference * (tier === 1 ? 0.05 : 0.1);
  if (reference >= 750_000) return reference * 0.2;
  return Math.min(reference * 0.75, 150_000);
}

/** Whether a price lies on or beyond a band: trading pauses when that lasts 15 seconds. */
export const isLimitState = (price: number, bands: PriceBands): boolean =>
  price >= bands.up || price <= bands.down;
