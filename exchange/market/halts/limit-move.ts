import { MINUTE_MS } from '../../clock/new-york';
import type { Span } from '../timeframe';
import { isLimitState, type PriceBands } from './luld';

/** Prices that came to a band, and what followed. Instants are epoch milliseconds. */
export interface LimitMove {
  readonly from: number;
  /** These bands hold until trading pauses; without a pause until the reference has followed. */
  readonly bands: PriceBands;
  readonly until: number;
  readonly pause: Span | null;
}

/** LULD plan, VI.B: a limit state that lasts so long becomes a trading pause … */
export const LIMIT_STATE_MS = 15_000;
/** … VII.A: of five minutes … */
const PAUSE_MS = 5 * MINUTE_MS;
/** … and in the last ten minutes of a session there is no reopening before the closing auction. */
const NO_REOPENING_MS = 10 * MINUTE_MS;
const BANDS_HOLD_MS = 5 * MINUTE_MS;
const STEP_MS = 1_000;

/** What happens after a jump. `end` is the end of the session, Infinity where it has none; null: within the bands. */
export function limitMoveAt(
  at: number,
  bands: PriceBands,
  { priceAt, end }: { readonly priceAt: (instant: number) => number; readonly end: number },
): LimitMove | null {
  if (!isLimitState(priceAt(at), bands)) return null;
  const until = Math.min(at + BANDS_HOLD_MS, end);
  let since: number | null = null;
  for (let now = at; now < until; now += STEP_MS) {
    if (!isLimitState(priceAt(now), bands)) since = null;
    else since ??= now;
    if (since === null || now - since < LIMIT_STATE_MS) continue;
    return { from: at, bands, until: now, pause: { from: now, to: reopeningAt(now, end) } };
  }
  return { from: at, bands, until, pause: null };
}

/** When a pause that begins at an instant ends. `end` is the session's. */
export const reopeningAt = (from: number, end: number): number =>
  from >= end - NO_REOPENING_MS ? end - 1 : from + PAUSE_MS;

/** The instant from which bands are free of a move again. */
export const overAt = ({ until, pause }: LimitMove): number => pause?.to ?? until;
