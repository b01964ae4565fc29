import { MINUTE_MS } from '../../clock/new-york';
import { uniform } from '../hash';
import type { Instrument } from '../instruments';
import type { MarketDay } from '../trading-days';
import { tierOf } from './luld';

/** News within a session: prices jump at an instant, and by its close are where they would have been. */
export interface Shock {
  readonly at: number;
  /** Log return of the jump. */
  readonly jump: number;
  /** Start and length in minutes of the session it fades in. */
  readonly start: number;
  readonly minutes: number;
}

/** Chance of a shock on a day, as a multiple of the day's variance: a dozen a year over the whole list. */
const CHANCE = 0.12;
/** Minutes of a session without shocks, at its edges. */
const QUIET = { first: 20, last: 90 };
const NEVER = new Set(['fund', 'metal', 'bond', 'crypto']);

/** The shock of a day, if it has one: a function of the key (of seed and symbol) and the day. */
export function shockOf(key: number, instrument: Instrument, { day, segments }: MarketDay): Shock | null {
  if (NEVER.has(instrument.sector)) return null;
  if (uniform(key, day, 0, 0) >= CHANCE * instrument.volatility ** 2) return null;
  const core = segments.find((segment) => segment.core);
  if (core === undefined) return null;
  const { start, minutes } = core;
  const room = minutes - QUIET.first - QUIET.last;
  const at = Math.floor(start + (QUIET.first + uniform(key, day, 1, 0) * room) * MINUTE_MS);
  const size = (tierOf(instrument.symbol) === 1 ? 0.05 : 0.1) * (1.2 + uniform(key, day, 2, 0));
  return { at, jump: uniform(key, day, 3, 0) < 0.5 ? -size : size, start, minutes };
}

/** What a shock multiplies prices by at an instant of its day. It fades from minute to minute, to nothing in the last. */
export function shockFactor({ at, jump, start, minutes }: Shock, instant: number): number {
  if (instant < at || instant >= start + minutes * MINUTE_MS) return 1;
  const minuteOf = (moment: number): number => Math.floor((moment - start) / MINUTE_MS);
  const left = (minutes - 1 - minuteOf(instant)) / (minutes - 1 - minuteOf(at));
  return Math.exp(jump * left);
}
