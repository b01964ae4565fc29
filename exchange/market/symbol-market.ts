import { MINUTE_MS } from '../clock/new-york';
import type { PricedEvent } from './company/adjustment';
import { CompanyCalendar, type CompanyEvent, type Split, tradingDayBefore } from './company/company-calendar';
import { HaltedMinute } from './halts/halted-minute';
import { LimitMoves } from './halts/limit-moves';
import { type Shock, shockFactor, shockOf } from './halts/shocks';
import { keyOf, uniform } from './hash';
import { type Instrument, PRIMARY } from './instruments';
import { middleOf, Minute } from './minute';
import { DailyLevels } from './path/daily-levels';
import { type FactorPaths, weightsOf } from './path/factor-paths';
import { bridge, extremesOf, shapeClock } from './path/segment-path';
import { type Bar, mergeBars } from './ticks';
import type { Span } from './timeframe';
import type { MarketDay, Segment, TradingDays } from './trading-days';

/** Deviations that a minute's inner bridge can stray at most: 3.47 × (1/2 + 1/√8 + 1/4), rounded up. */
const FARTHEST = 3.84;
/** The same once the middle of the minute is known: 3.47 × (1/√8 + 1/4), rounded up. */
const FARTHEST_FROM_MIDDLE = 2.1;
const KEPT_PATHS = 12;
const KEPT_MINUTES = 8;

/** A change of price level by control or by a client's order: prices from `at` on are multiplied. */
export interface Shift {
  readonly at: number;
  readonly factor: number;
  /** Whether it came out of the blue, so that the price bands stand in its way. */
  readonly sudden?: boolean | undefined;
}

/** A minute's ticks, whole or with halts in them. */
export type MinuteTape = Minute | HaltedMinute;

/** The address of a minute. */
export interface MinutePlace {
  readonly day: MarketDay;
  readonly segment: Segment;
  readonly minute: number;
}

/** One symbol's market: any minute or bar of it, past or present, from the seed alone. */
export class SymbolMarket {
  readonly instrument: Instrument;
  readonly #key: number;
  readonly #levels: DailyLevels;
  readonly days: TradingDays;
  readonly #factors: FactorPaths;
  readonly #company: CompanyCalendar;
  #priced: PricedEvent[] = [];
  readonly #closesBefore = new Map<number, number>();
  readonly #paths = new Map<number, Float64Array>();
  readonly #minutes = new Map<number, MinuteTape>();
  readonly #daily = new Map<number, Bar>();
  readonly #shifts: Shift[] = [];
  readonly #sudden: number[] = [];
  /** Where prices met their bands, and the pauses that came of it. */
  readonly moves: LimitMoves;
  /** Halts by control, oldest first. */
  #halts: readonly Span[] = [];
  readonly #shockKey: number;

  constructor(seed: number, instrument: Instrument, model: { days: TradingDays; factors: FactorPaths }) {
    const { days, factors } = model;
    this.instrument = instrument;
    this.days = days;
    this.#factors = factors;
    this.#company = new CompanyCalendar(seed, instrument, (exDay) => this.#closeBefore(exDay));
    this.#key = keyOf(seed, `${instrument.symbol}/tape`);
    this.#levels = new DailyLevels(seed, instrument, days);
    this.#shockKey = keyOf(seed, `${instrument.symbol}/shock`);
    this.moves = new LimitMoves({ market: this, days, shockOn: (day) => this.#shockOn(day) });
  }

  /** Multiplies all prices from an instant on. Instants come in rising order. */
  shift(shift: Shift): void {
    this.#shifts.push(shift);
    if (shift.sudden === true) this.#sudden.push(shift.at);
    this.moves.forget(shift.at);
    this.#forget();
  }

  /** Adds a split or dividend of the future. */
  announce(event: CompanyEvent): void {
    this.#company.announce(event);
    this.#paths.clear();
    this.moves.forget();
    this.#forget();
  }

  /** Control's halts of this symbol from now on, all of them. */
  halt(halts: readonly Span[]): void {
    this.#halts = halts;
    this.#forget();
  }

  /** Whatever rests on the level of prices is worked out anew. */
  #forget(): void {
    this.#minutes.clear();
    this.#daily.clear();
    this.#closesBefore.clear();
    this.#priced = [];
  }

  /** Sudden shifts in a span, oldest first. */
  suddenIn({ from, to }: Span): readonly number[] {
    return this.#sudden.filter((at) => at >= from && at < to);
  }

  /** Where the model wants the price at an instant, bands and halts aside; micro-dollars. */
  priceAt(at: number): number | undefined {
    const place = this.placeAt(at);
    return place === undefined ? undefined : this.#wholeMinute(place).priceAt(at);
  }

  /** The close before an ex-day: dividends of several days ask for those before them. */
  #closeBefore(exDay: number): number {
    const kept = this.#closesBefore.get(exDay);
    if (kept !== undefined) return kept;
    const close = this.closeOf(tradingDayBefore(exDay));
    this.#closesBefore.set(exDay, close);
    return close;
  }

  /** Splits and dividends with their amounts, by ex-day, oldest first, as far as a civil day. */
  events(until: number): readonly PricedEvent[] {
    const all = this.#company.events;
    for (let next = all[this.#priced.length]; next !== undefined && next.exDay <= until; ) {
      const closeBefore = this.#closeBefore(next.exDay);
      this.#priced.push({ event: next, cash: cashOf(next, closeBefore), closeBefore });
      next = all[this.#priced.length];
    }
    const beyond = this.#priced.findIndex(({ event }) => event.exDay > until);
    return beyond < 0 ? this.#priced : this.#priced.slice(0, beyond);
  }

  /** Splits of all years, oldest first. */
  splits(): readonly Split[] {
    return this.#company.splits;
  }

  /** Dollars at the core close of a civil day, to the cent; of the last market day before when closed. */
  closeOf(day: number): number {
    let market = this.days.on(day);
    for (let back = day - 1; market === undefined && back > day - 12; back -= 1) market = this.days.on(back);
    const core = market?.segments.find((segment) => segment.core);
    if (market === undefined || core === undefined) return this.instrument.price;
    const level = Math.exp(this.#levels.close(market.ordinal) + this.#company.offset(market.day));
    return Math.max(
      0.01,
      Math.round(level * this.factorAt(core.start + core.minutes * MINUTE_MS - 1) * 100) / 100,
    );
  }

  /** The minute that contains an instant, or the last one before it. */
  placeAt(instant: number): MinutePlace | undefined {
    const day = this.days.reached(instant);
    const segment = day?.segments.findLast((candidate) => candidate.start <= instant);
    if (day === undefined || segment === undefined) return undefined;
    const minute = Math.min(segment.minutes - 1, Math.floor((instant - segment.start) / MINUTE_MS));
    return { day, segment, minute };
  }

  /** The minute before a minute, over nights and weekends. */
  before({ day, segment, minute }: MinutePlace): MinutePlace | undefined {
    if (minute > 0) return { day, segment, minute: minute - 1 };
    return this.placeAt(segment.start - 1);
  }

  minute(place: MinutePlace): MinuteTape {
    const { day, segment, minute } = place;
    const id = this.#idOf(day, segment, minute);
    const kept = this.#minutes.get(id);
    if (kept !== undefined) return kept;
    const made = this.freshMinute(place);
    if (this.#minutes.size >= KEPT_MINUTES) {
      const [oldest] = this.#minutes.keys();
      if (oldest !== undefined) this.#minutes.delete(oldest);
    }
    this.#minutes.set(id, made);
    return made;
  }

  /** The bar of minutes [from, to) of a segment; null when that is empty. */
  bar(day: MarketDay, segment: Segment, from: number, to: number): Bar | null {
    const start = segment.start + from * MINUTE_MS;
    if (to <= from) return null;
    if (to - from < 8 || this.#disturbedIn(day, { from: start, to: segment.start + to * MINUTE_MS })) {
      const parts: Bar[] = [];
      for (let minute = from; minute < to; minute += 1) {
        const part = this.freshMinute({ day, segment, minute }).bar();
        if (part !== null) parts.push(part);
      }
      return mergeBars(start, parts);
    }
    return this.#wideBar(day, segment, from, to);
  }

  /** The daily bar over the core session as far as whole minutes before `now` reach. */
  dailyBar(day: MarketDay, now: number): Bar | null {
    const core = day.segments.find((segment) => segment.core);
    if (core === undefined) return null;
    const minutes = Math.min(core.minutes, Math.floor((now - core.start) / MINUTE_MS));
    if (minutes < core.minutes) return this.bar(day, core, 0, minutes);
    const kept = this.#daily.get(day.ordinal);
    if (kept !== undefined) return kept;
    const made = this.bar(day, core, 0, minutes);
    if (made !== null) this.#daily.set(day.ordinal, made);
    return made;
  }

  /**
   * Only minutes that can hold the extremes are worked out: first those whose edges lie farthest
   * out, then any whose trades could still reach beyond what those gave.
   */
  #wideBar(day: MarketDay, segment: Segment, from: number, to: number): Bar {
    const path = this.#pathOf(day, segment);
    const make = (minute: number): Bar => this.#wholeMinute({ day, segment, minute }).bar();
    const [top, bottom] = extremesOf(path, from, to);
    const [first, last] = [make(from), make(to - 1)];
    const seen = [first, last, make(Math.min(top, to - 1)), make(Math.min(bottom, to - 1))];
    let high = Math.max(...seen.map((bar) => bar.high));
    let low = Math.min(...seen.map((bar) => bar.low));
    // No shift lies inside: one factor holds for the whole stretch.
    const factor = this.factorAt(segment.start + from * MINUTE_MS) * 1_000_000;
    const cent = 20_000 / factor / Math.exp(path[bottom] ?? 0);
    const clock = shapeClock(segment.minutes);
    const deviation = this.#deviation(segment);
    const flowOf = this.#flows(day, segment);
    const margin = this.#spreadRatio(segment) + cent;
    let [volume, trades, value] = [0, 0, 0];
    let [ceiling, floor] = [Math.log(high / factor), Math.log(low / factor)];
    for (let minute = from; minute < to; minute += 1) {
      const [a, b] = [path[minute] ?? 0, path[minute + 1] ?? 0];
      const flow = flowOf(minute);
      volume += flow.volume;
      trades += flow.trades;
      value += flow.volume * a;
      const passed = (clock[minute + 1] ?? 1) - (clock[minute] ?? 0);
      const own = deviation * Math.sqrt(passed);
      const reach = own * FARTHEST + margin;
      if (Math.max(a, b) + reach <= ceiling && Math.min(a, b) - reach >= floor) continue;
      const id = this.#idOf(day, segment, minute);
      const middle = middleOf({ key: this.#key, id, deviation: own }, a, b);
      const nearer = own * FARTHEST_FROM_MIDDLE + margin;
      if (Math.max(a, middle, b) + nearer <= ceiling && Math.min(a, middle, b) - nearer >= floor) continue;
      const bar = make(minute);
      high = Math.max(high, bar.high);
      low = Math.min(low, bar.low);
      [ceiling, floor] = [Math.log(high / factor), Math.log(low / factor)];
    }
    const vwap = Math.min(high, Math.max(low, Math.exp(value / volume) * factor));
    const start = segment.start + from * MINUTE_MS;
    return { start, open: first.open, high, low, close: last.close, volume, trades, vwap };
  }

  /** A minute as it traded, not kept. */
  freshMinute(place: MinutePlace): MinuteTape {
    const whole = this.#wholeMinute(place);
    const span = { from: whole.start, to: whole.start + MINUTE_MS };
    const moves = this.moves.touching(place.day, span);
    const halts = this.#halts.filter(({ from, to }) => from < span.to && to >= span.from);
    if (moves.length === 0 && halts.length === 0) return whole;
    return new HaltedMinute(whole, { moves, halts, primary: PRIMARY[this.instrument.exchange] });
  }

  /** A minute as the model has it, bands and halts aside. */
  #wholeMinute({ day, segment, minute }: MinutePlace): Minute {
    const path = this.#pathOf(day, segment);
    const clock = shapeClock(segment.minutes);
    const passed = (clock[minute + 1] ?? 1) - (clock[minute] ?? 0);
    const start = segment.start + minute * MINUTE_MS;
    const { trades, volume } = this.#flow(day, segment, minute);
    const shock = segment.core ? this.#shockOn(day) : null;
    const jumps = shock !== null && shock.at > start && shock.at < start + MINUTE_MS;
    return new Minute({
      key: this.#key,
      id: this.#idOf(day, segment, minute),
      start,
      from: path[minute] ?? 0,
      to: path[minute + 1] ?? 0,
      deviation: this.#deviation(segment) * Math.sqrt(passed),
      trades,
      volume,
      quotes: this.instrument.volume > 15_000_000 ? 240 : 120,
      spreadRatio: this.#spreadRatio(segment),
      factorAt:
        shock === null ? this.factorAt : (instant) => this.factorAt(instant) * shockFactor(shock, instant),
      shifted: jumps || this.#shiftedIn(start, start + MINUTE_MS),
    });
  }

  /** Trades and shares of a minute. Trade counts are 2, 4 or a multiple of 8. */
  #flow(day: MarketDay, segment: Segment, minute: number): { trades: number; volume: number } {
    return this.#flows(day, segment)(minute);
  }

  /** The same for all minutes of a segment: what they share is worked out once. */
  #flows(day: MarketDay, segment: Segment): (minute: number) => { trades: number; volume: number } {
    const clock = shapeClock(segment.minutes);
    const first = this.#idOf(day, segment, 0);
    const millions = this.instrument.volume / 1_000_000;
    const usual = Math.min(64, 10 * Math.sqrt(millions)) * (segment.core ? 1 : 0.2) * segment.minutes;
    const busy = 0.6 + 0.8 * uniform(this.#key, 32, day.ordinal, 0);
    const shares = this.instrument.volume * this.#company.sharesAt(day.day) * segment.volumeShare * busy;
    return (minute) => {
      const share = (clock[minute + 1] ?? 1) - (clock[minute] ?? 0);
      const wish = usual * share * (0.6 + 0.8 * uniform(this.#key, 31, first + minute, 0));
      const rounded = Math.min(200, Math.round(wish / 8) * 8);
      const trades = rounded > 0 ? rounded : wish > 3 ? 4 : 2;
      const noise = 0.4 + 1.2 * uniform(this.#key, 33, first + minute, 0);
      return { trades, volume: trades + Math.floor(shares * share * noise) };
    };
  }

  #pathOf(day: MarketDay, segment: Segment): Float64Array {
    const id = day.ordinal * 4 + segment.index;
    const kept = this.#paths.get(id);
    if (kept !== undefined) return kept;
    const [from, to] = this.#edges(day.ordinal, segment);
    const offset = this.#company.offset(day.day);
    const deviation = this.#deviation(segment);
    const made = bridge({
      key: this.#key,
      stream: id,
      from: from + offset,
      to: to + offset,
      clock: shapeClock(segment.minutes),
      deviation: deviation * weightsOf(this.instrument).own,
    });
    this.#factors.addTo(made, this.instrument, { id, minutes: segment.minutes, deviation });
    if (this.#paths.size >= KEPT_PATHS) {
      const [oldest] = this.#paths.keys();
      if (oldest !== undefined) this.#paths.delete(oldest);
    }
    this.#paths.set(id, made);
    return made;
  }

  #edges(ordinal: number, segment: Segment): [number, number] {
    const levels = this.#levels;
    if (segment.core) return [levels.open(ordinal), levels.close(ordinal)];
    if (segment.index === 0) return [levels.early(ordinal), levels.open(ordinal)];
    return [levels.close(ordinal), levels.late(ordinal)];
  }

  #deviation(segment: Segment): number {
    return this.instrument.volatility * (segment.core ? 0.75 : 0.2);
  }

  /** Wider for the thinly traded, and wider still outside the core session. */
  #spreadRatio(segment: Segment): number {
    const millions = this.instrument.volume / 1_000_000;
    return (0.0004 / Math.sqrt(millions)) * (segment.core ? 1 : 4);
  }

  #idOf(day: MarketDay, segment: Segment, minute: number): number {
    return (day.ordinal * 4 + segment.index) * 1536 + minute;
  }

  #shiftedIn(from: number, to: number): boolean {
    return this.#shifts.some((shift) => shift.at > from && shift.at < to);
  }

  /** Whether minutes of a stretch differ from the smooth path in more than one factor. */
  #disturbedIn(day: MarketDay, span: Span): boolean {
    const shock = this.#shockOn(day);
    return (
      this.#shiftedIn(span.from, span.to) ||
      (shock !== null && shock.at < span.to) ||
      this.#halts.some(({ from, to }) => from < span.to && to >= span.from) ||
      this.moves.touching(day, span).length > 0
    );
  }

  /** The day's shock; draws are cheap and not kept. */
  #shockOn(day: MarketDay): Shock | null {
    return shockOf(this.#shockKey, this.instrument, day);
  }

  /** Product of all control shifts in force at an instant. */
  readonly factorAt = (instant: number): number => {
    let factor = 1;
    for (const shift of this.#shifts) if (shift.at <= instant) factor *= shift.factor;
    return factor;
  };
}

/** Dollars a share; nothing for a split. */
function cashOf(event: CompanyEvent, closeBefore: number): number {
  if (event.kind === 'split') return 0;
  return event.cash ?? Math.max(0.01, Math.round(closeBefore * event.share * 100) / 100);
}
