import { MINUTE_MS } from '../../clock/new-york';
import type { MinutePlace, MinuteTape } from '../symbol-market';
import type { Instrument } from '../instruments';
import type { Span } from '../timeframe';
import type { MarketDay, Segment, TradingDays } from '../trading-days';
import { type LimitMove, limitMoveAt, overAt } from './limit-move';
import { luldBands, type PriceBands, tierOf } from './luld';
import type { Shock } from './shocks';

/** What limit moves are worked out from. */
interface Model {
  readonly market: {
    readonly instrument: Instrument;
    placeAt(instant: number): MinutePlace | undefined;
    priceAt(instant: number): number | undefined;
    freshMinute(place: MinutePlace): MinuteTape;
    suddenIn(span: Span): readonly number[];
  };
  readonly days: TradingDays;
  shockOn(day: MarketDay): Shock | null;
}

/** The reference price is the mean of so many minutes' trades (LULD plan, I.T). */
const REFERENCE_MINUTES = 5;
const NONE: readonly LimitMove[] = [];

/** When a symbol's prices met their bands: a function of its path, worked out where the path jumps. */
export class LimitMoves {
  readonly #model: Model;
  /** By day's ordinal, for days with jumps only; in the making they hold what came before. */
  readonly #kept = new Map<number, LimitMove[]>();

  constructor(model: Model) {
    this.#model = model;
  }

  /** The path is another one from an instant on. What was asked before stays true before it. */
  forget(from = -Infinity): void {
    const first = from === -Infinity ? 0 : (this.#model.days.reached(from)?.ordinal ?? 0) - 1;
    for (const ordinal of this.#kept.keys()) if (ordinal >= first) this.#kept.delete(ordinal);
  }

  /** Moves whose bands or pause lie in a part of a day. */
  touching(day: MarketDay, { from, to }: Span): readonly LimitMove[] {
    const today = this.#on(day);
    // Where the market never closes, a pause may last over midnight.
    const before = this.#model.days.alwaysOpen ? this.#model.days.at(day.ordinal - 1) : undefined;
    const moves = before === undefined ? today : [...this.#on(before), ...today];
    return moves.length === 0 ? NONE : moves.filter((move) => move.from < to && overAt(move) >= from);
  }

  pauses(span: Span): readonly Span[] {
    const day = this.#model.days.reached(span.to);
    if (day === undefined) return [];
    return this.touching(day, span).flatMap(({ pause }) => pause ?? []);
  }

  /** The move whose bands hold prices at an instant. */
  heldAt(at: number): LimitMove | undefined {
    const day = this.#model.days.reached(at);
    const moves = day === undefined ? NONE : this.touching(day, { from: at, to: at + 1 });
    return moves.find(({ from, until }) => at >= from && at < until);
  }

  bandsAt(at: number): PriceBands | null {
    const { market, days } = this.#model;
    const core = this.#coreAt(at);
    if (core === undefined || market.instrument.sector === 'crypto') return null;
    let since = days.alwaysOpen ? 0 : core.start;
    const day = days.reached(at);
    const moves =
      day === undefined ? NONE : this.touching(day, { from: at - REFERENCE_MINUTES * MINUTE_MS, to: at + 1 });
    for (const { from, until, bands, pause } of moves) {
      if (at >= from && at < until) return bands;
      if (pause === null) continue;
      if (at >= pause.from && at < pause.to) return null;
      if (at >= pause.to) since = Math.max(since, pause.to);
    }
    const reference = this.#referenceAt(at, since);
    const rules = { tier: tierOf(market.instrument.symbol), alwaysOpen: days.alwaysOpen };
    return reference === null ? null : luldBands(reference, at, rules);
  }

  /** The mean of the trades of the last whole minutes, of those since an instant; before the first the opening price. */
  #referenceAt(at: number, since: number): number | null {
    const { market } = this.#model;
    const minute = Math.floor(at / MINUTE_MS) * MINUTE_MS;
    let [sum, count] = [0, 0];
    for (let start = minute - REFERENCE_MINUTES * MINUTE_MS; start < minute; start += MINUTE_MS) {
      const place = start < since ? undefined : market.placeAt(start);
      const bar = place === undefined ? null : market.freshMinute(place).bar();
      if (bar === null || bar.start !== start) continue;
      sum += bar.vwap;
      count += 1;
    }
    return count > 0 ? sum / count : this.#firstPrice(since, at);
  }

  #firstPrice(since: number, at: number): number | null {
    const place = this.#model.market.placeAt(since);
    if (place === undefined) return null;
    const minute = this.#model.market.freshMinute(place);
    for (let index = 0; index < minute.tradeCount; index += 1) {
      const trade = minute.trade(index);
      if (trade !== undefined && trade.at >= since) return trade.at <= at ? trade.price : null;
    }
    return null;
  }

  #coreAt(at: number): Segment | undefined {
    const segment = this.#model.market.placeAt(at)?.segment;
    const open = segment?.core === true && at < segment.start + segment.minutes * MINUTE_MS;
    return open ? segment : undefined;
  }

  #on(day: MarketDay): readonly LimitMove[] {
    const kept = this.#kept.get(day.ordinal);
    if (kept !== undefined) return kept;
    const jumps = this.#jumpsOn(day);
    if (jumps.length === 0) return NONE;
    const made: LimitMove[] = [];
    this.#kept.set(day.ordinal, made);
    for (const at of jumps) {
      const last = made.at(-1);
      if (last !== undefined && at < overAt(last)) continue;
      const move = this.#moveAt(at);
      if (move !== null) made.push(move);
    }
    return made;
  }

  #moveAt(at: number): LimitMove | null {
    const { market, days } = this.#model;
    const bands = this.bandsAt(at);
    const core = this.#coreAt(at);
    if (bands === null || core === undefined) return null;
    const end = days.alwaysOpen ? Infinity : core.start + core.minutes * MINUTE_MS;
    return limitMoveAt(at, bands, { priceAt: (instant) => market.priceAt(instant) ?? 0, end });
  }

  /** Instants of a day's core session at which the path jumps. */
  #jumpsOn(day: MarketDay): number[] {
    const { market } = this.#model;
    if (market.instrument.sector === 'crypto') return [];
    const core = day.segments.find((segment) => segment.core);
    if (core === undefined) return [];
    const sudden = market.suddenIn({ from: core.start, to: core.start + core.minutes * MINUTE_MS });
    const shock = this.#model.shockOn(day);
    return [...sudden, ...(shock === null ? [] : [shock.at])].sort((a, b) => a - b);
  }
}
