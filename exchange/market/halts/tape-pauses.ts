import { sessionOf } from '../../clock/calendar';
import { MINUTE_MS, newYorkDay } from '../../clock/new-york';
import type { TradeTick } from '../ticks';
import type { Span } from '../timeframe';
import { LIMIT_STATE_MS, reopeningAt } from './limit-move';
import { type BandRules, isLimitState, luldBands, type PriceBands } from './luld';

const REFERENCE_MS = 5 * MINUTE_MS;
const ALWAYS: Span = { from: -Infinity, to: Infinity };

/** The core session that an instant lies in; undefined outside. */
function coreAt(at: number, alwaysOpen: boolean): Span | undefined {
  if (alwaysOpen) return ALWAYS;
  const session = sessionOf(newYorkDay(at));
  return session !== null && at >= session.open && at < session.close
    ? { from: session.open, to: session.close }
    : undefined;
}

/** Price bands from recorded trades: around the mean of the last five minutes. One after the other, oldest first. */
export class RecordedBands {
  readonly #rules: BandRules;
  readonly #trades: TradeTick[] = [];
  /** Those before it are too old to count. */
  #first = 0;
  #sum = 0;

  constructor(rules: BandRules) {
    this.#rules = rules;
  }

  add(trade: TradeTick): void {
    this.#trades.push(trade);
    this.#sum += trade.price;
  }

  /** Trades before an instant no longer count. */
  drop(before: number): void {
    for (let trade = this.#trades[this.#first]; trade !== undefined && trade.at < before; ) {
      this.#sum -= trade.price;
      this.#first += 1;
      trade = this.#trades[this.#first];
    }
  }

  /** Null outside the core session and where nothing has traded for five minutes: then there is no reference. */
  at(at: number): PriceBands | null {
    const core = coreAt(at, this.#rules.alwaysOpen);
    if (core === undefined) return null;
    this.drop(Math.max(core.from, at - REFERENCE_MS));
    const count = this.#trades.length - this.#first;
    return count === 0 ? null : luldBands(this.#sum / count, at, this.#rules);
  }
}

/** The trading pauses that a recording calls for, oldest first. What it has within them is not to be shown. */
export function pausesOn(trades: readonly TradeTick[], rules: BandRules): Span[] {
  const pauses: Span[] = [];
  const bands = new RecordedBands(rules);
  let since: number | null = null;
  let held: PriceBands | null = null;
  for (const trade of trades) {
    if (since !== null && trade.at >= since + LIMIT_STATE_MS) {
      const from = since + LIMIT_STATE_MS;
      const core = coreAt(from, rules.alwaysOpen);
      if (core !== undefined) pauses.push({ from, to: reopeningAt(from, core.to) });
      bands.drop(Infinity);
      since = null;
    }
    if (trade.at < (pauses.at(-1)?.to ?? -Infinity)) continue;
    if (since === null) held = bands.at(trade.at);
    if (held !== null && isLimitState(trade.price, held)) {
      since ??= trade.at;
      continue;
    }
    since = null;
    bands.add(trade);
  }
  return pauses;
}
