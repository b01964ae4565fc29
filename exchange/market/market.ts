import { instantOf, MINUTE_MS, newYorkDay } from '../clock/new-york';
import { INSTRUMENTS, type Instrument } from './instruments';
import { type MinutePlace, SymbolMarket } from './symbol-market';
import { type Bar, mergeBars, type QuoteTick, type TradeTick } from './ticks';
import { barStart, type Timeframe } from './timeframe';
import { TradingDays } from './trading-days';

type Kind = 'trade' | 'quote';
interface Ticks {
  trade: TradeTick;
  quote: QuoteTick;
}

/** Clients' executions that the tape remembers of a symbol. */
const MOST_PRINTS = 10_000;

/** Half-open stretch of time in epoch milliseconds. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

interface NamedShift {
  readonly symbol: string;
  readonly at: number;
  readonly factor: number;
}

/** What was done to the model from outside. */
export interface MarketState {
  readonly shifts: readonly NamedShift[];
  readonly halts: Map<string, { from: number; to: number }[]>;
  readonly prints: Map<string, TradeTick[]>;
}

/** The whole simulated market: what was, and is, quoted and traded, from the seed alone. */
export class Market {
  readonly #symbols = new Map<string, SymbolMarket>();
  readonly #days: TradingDays;
  readonly #seed: number;
  readonly #shifts: NamedShift[] = [];
  readonly #prints = new Map<string, TradeTick[]>();
  readonly #halts = new Map<string, { from: number; to: number }[]>();

  constructor(seed: number, alwaysOpen: boolean) {
    this.#seed = seed;
    this.#days = new TradingDays(alwaysOpen);
  }

  /** Multiplies a symbol's prices from an instant on. */
  shift(symbol: string, at: number, factor: number): void {
    this.#shifts.push({ symbol, at, factor });
    this.#of(symbol)?.shift({ at, factor });
  }

  /** What control and clients did to the model, as a snapshot keeps it. */
  save(): MarketState {
    return { shifts: this.#shifts, halts: this.#halts, prints: this.#prints };
  }

  load({ shifts, halts, prints }: MarketState): void {
    for (const { symbol, at, factor } of shifts) this.shift(symbol, at, factor);
    for (const [symbol, spans] of halts) this.#halts.set(symbol, spans);
    for (const [symbol, ticks] of prints) this.#prints.set(symbol, ticks);
  }

  /** Shows a client's execution on the tape, between the model's trades. Instants come in rising order. */
  print(symbol: string, of: { at: number; price: bigint; qty: bigint; number: number }): void {
    const size = Number(of.qty) / 1e9;
    const tick = { at: of.at, price: Number(of.price), size, id: 1e12 + of.number, exchange: 'V' };
    this.#prints.set(symbol, [...(this.#prints.get(symbol) ?? []).slice(-MOST_PRINTS), tick]);
  }

  /** Stops a symbol's quotes and trades from an instant on. */
  halt(symbol: string, at: number): void {
    const halts = this.#halts.get(symbol) ?? [];
    if ((halts.at(-1)?.to ?? 0) !== Infinity) halts.push({ from: at, to: Infinity });
    this.#halts.set(symbol, halts);
  }

  resume(symbol: string, at: number): void {
    const last = this.#halts.get(symbol)?.at(-1);
    if (last !== undefined && last.to === Infinity) last.to = at;
  }

  isHalted(symbol: string, at: number): boolean {
    return this.#haltAt(symbol, at) !== undefined;
  }

  /** The best bid and offer in force at an instant. */
  quoteAt(symbol: string, at: number): QuoteTick | undefined {
    return this.#latest('quote', symbol, at);
  }

  /** The last print at or before an instant. */
  tradeAt(symbol: string, at: number): TradeTick | undefined {
    return this.#latest('trade', symbol, at);
  }

  *trades(symbol: string, span: Span): Generator<TradeTick> {
    const prints = (this.#prints.get(symbol) ?? []).filter(({ at }) => at >= span.from && at < span.to);
    let next = 0;
    for (const tick of this.#ticks('trade', symbol, span)) {
      for (let print = prints[next]; print !== undefined && print.at <= tick.at; print = prints[next]) {
        yield print;
        next += 1;
      }
      yield tick;
    }
    yield* prints.slice(next);
  }

  /** The model's own trades, without those of clients. */
  modelTrades(symbol: string, span: Span): Generator<TradeTick> {
    return this.#ticks('trade', symbol, span);
  }

  quotes(symbol: string, span: Span): Generator<QuoteTick> {
    return this.#ticks('quote', symbol, span);
  }

  /** The last whole minute's bar before an instant. */
  minuteBar(symbol: string, now: number): Bar | undefined {
    const market = this.#of(symbol);
    const place = market?.placeAt(now - MINUTE_MS);
    return market === undefined || place === undefined ? undefined : market.minute(place).bar();
  }

  /** The daily bar in progress (or last) at an instant, and the one before it. */
  dailyBars(symbol: string, now: number): { today: Bar | null; previous: Bar | null } {
    const market = this.#of(symbol);
    let day = this.#days.reached(now);
    if (market === undefined || day === undefined) return { today: null, previous: null };
    let today = this.#stamped(market.dailyBar(day, now), day.day);
    if (today === null) {
      day = this.#days.at(day.ordinal - 1) ?? day;
      today = this.#stamped(market.dailyBar(day, now), day.day);
    }
    const before = this.#days.at(day.ordinal - 1);
    return { today, previous: before ? this.#stamped(market.dailyBar(before, now), before.day) : null };
  }

  /** Bars whose start lies in a span, oldest first, as far as they were complete at `now`. */
  *bars(symbol: string, frame: Timeframe, span: Span, now: number): Generator<Bar> {
    const market = this.#of(symbol);
    if (market === undefined) return;
    const pieces =
      frame.unit === 'minute'
        ? this.#minutePieces(market, frame, { from: barStart(frame, span.from), to: span.to }, now)
        : this.#dayPieces(market, { from: barStart(frame, span.from), to: span.to }, now);
    let group: Bar[] = [];
    let start = 0;
    for (const piece of pieces) {
      const own = barStart(frame, piece.start);
      if (own !== start && group.length > 0) {
        const bar = mergeBars(start, group);
        if (bar !== null && start >= span.from) yield bar;
        group = [];
      }
      start = own;
      if (start >= span.to) return;
      group.push(piece);
    }
    const bar = mergeBars(start, group);
    if (bar !== null && start >= span.from) yield bar;
  }

  *#minutePieces(market: SymbolMarket, frame: Timeframe, span: Span, now: number): Generator<Bar> {
    const width = Math.min(frame.count, 60);
    for (const day of this.#days.between(newYorkDay(span.from), newYorkDay(Math.min(span.to, now)))) {
      for (const segment of day.segments) {
        const whole = Math.min(segment.minutes, Math.floor((now - segment.start) / MINUTE_MS));
        let from = Math.max(0, Math.floor((span.from - segment.start) / MINUTE_MS));
        while (from < whole && segment.start + from * MINUTE_MS < span.to + frame.count * MINUTE_MS) {
          const at = segment.start + from * MINUTE_MS;
          const end = barStart(frame, at) + frame.count * MINUTE_MS;
          const room = Math.max(1, Math.floor((end - at) / MINUTE_MS));
          const to = Math.min(whole, from + Math.min(width, room));
          const bar = market.bar(day, segment, from, to);
          if (bar !== null) yield bar;
          from = to;
        }
      }
    }
  }

  *#dayPieces(market: SymbolMarket, span: Span, now: number): Generator<Bar> {
    for (const day of this.#days.between(newYorkDay(span.from), newYorkDay(Math.min(span.to, now)))) {
      const bar = this.#stamped(market.dailyBar(day, now), day.day);
      if (bar !== null) yield bar;
    }
  }

  #stamped(bar: Bar | null, day: number): Bar | null {
    return bar === null ? null : { ...bar, start: instantOf(day, 0) };
  }

  #latest<K extends Kind>(kind: K, symbol: string, at: number): Ticks[K] | undefined {
    const market = this.#of(symbol);
    const until = Math.min(at, this.#haltAt(symbol, at)?.from ?? at);
    if (market === undefined) return undefined;
    let place = market.placeAt(until);
    while (place !== undefined) {
      const read = readerOf(kind, market, place);
      for (let index = read.guess(until); index >= 0; index -= 1) {
        const tick = read.tick(index);
        if (tick.at <= until) return tick;
      }
      place = market.before(place);
    }
    return undefined;
  }

  *#ticks<K extends Kind>(kind: K, symbol: string, span: Span): Generator<Ticks[K]> {
    const market = this.#of(symbol);
    if (market === undefined) return;
    for (const day of this.#days.between(newYorkDay(span.from) - 1, newYorkDay(span.to))) {
      for (const segment of day.segments) {
        const first = Math.max(0, Math.floor((span.from - segment.start) / MINUTE_MS));
        for (let minute = first; minute < segment.minutes; minute += 1) {
          if (segment.start + minute * MINUTE_MS >= span.to) break;
          const read = readerOf(kind, market, { day, segment, minute });
          for (let index = 0; index < read.count; index += 1) {
            const tick = read.tick(index);
            if (tick.at >= span.to) break;
            if (tick.at >= span.from && this.#haltAt(symbol, tick.at) === undefined) yield tick;
          }
        }
      }
    }
  }

  #haltAt(symbol: string, at: number): { from: number; to: number } | undefined {
    return this.#halts.get(symbol)?.find((halt) => halt.from <= at && at < halt.to);
  }

  #of(symbol: string): SymbolMarket | undefined {
    const known = this.#symbols.get(symbol);
    if (known !== undefined) return known;
    const instrument: Instrument | undefined = INSTRUMENTS.get(symbol);
    if (instrument === undefined) return undefined;
    const made = new SymbolMarket(this.#seed, instrument, this.#days);
    this.#symbols.set(symbol, made);
    return made;
  }
}

interface Reader<T> {
  readonly count: number;
  tick(index: number): T;
  /** Highest index whose tick may lie at or before an instant. */
  guess(until: number): number;
}

const readers: { [K in Kind]: (market: SymbolMarket, place: MinutePlace) => Reader<Ticks[K]> } = {
  trade(market, place) {
    const minute = market.minute(place);
    const count = minute.spec.trades;
    return { count, tick: (index) => minute.trade(index), guess: guessIn(minute.spec.start, count) };
  },
  quote(market, place) {
    const minute = market.minute(place);
    const count = minute.spec.quotes;
    return { count, tick: (index) => minute.quote(index), guess: guessIn(minute.spec.start, count) };
  },
};

function readerOf<K extends Kind>(kind: K, market: SymbolMarket, place: MinutePlace): Reader<Ticks[K]> {
  return readers[kind](market, place);
}

/** Ticks lie one to each equal part of the minute, up to one part off. */
const guessIn =
  (start: number, count: number) =>
  (until: number): number =>
    Math.min(count - 1, Math.floor(((until - start) / MINUTE_MS) * count) + 1);
