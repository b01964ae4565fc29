import { sessionOf } from '../clock/calendar';
import { DAY_MS, instantOf, MINUTE_MS, newYorkDay } from '../clock/new-york';
import type { CompanyEvent, Split } from './company/company-calendar';
import type { Adjustment, PricedEvent } from './company/adjustment';
import { type PriceBands, tierOf } from './halts/luld';
import { CRYPTO, INSTRUMENTS } from './instruments';
import { FactorPaths } from './path/factor-paths';
import type { ReplayTape } from './replay-tape';
import { type Shift, SymbolMarket } from './symbol-market';
import { type Kind, latestOn, listOn, readerOf, type Ticks } from './tick-readers';
import type { Bar, QuoteTick, TradeTick } from './ticks';
import { adjusted, dayPieces, minutePieces, stamped } from './bar-pieces';
import { barEnd, barStart, grouped, type Span, type Timeframe } from './timeframe';
import { TradingDays } from './trading-days';

export type { Span };

/** Clients' executions that the tape remembers of a symbol. */
const MOST_PRINTS = 10_000;

interface NamedShift extends Shift {
  readonly symbol: string;
}

/** A moment at which a symbol stops or starts trading. */
export interface HaltChange {
  readonly at: number;
  readonly halted: boolean;
  /** By control, as for news, or because prices met their bands. */
  readonly why: 'news' | 'luld';
}

/** A split or dividend that control announced. */
interface NamedEvent {
  readonly symbol: string;
  readonly event: CompanyEvent;
}

/** What was done to the model from outside. */
export interface MarketState {
  readonly shifts: readonly NamedShift[];
  readonly announced: readonly NamedEvent[];
  readonly halts: Map<string, { from: number; to: number }[]>;
  readonly prints: Map<string, TradeTick[]>;
}

/** The whole simulated market: what was, and is, quoted and traded, from the seed alone. */
export class Market {
  readonly #symbols = new Map<string, SymbolMarket>();
  readonly #days: TradingDays;
  readonly #seed: number;
  readonly #shifts: NamedShift[] = [];
  readonly #announced: NamedEvent[] = [];
  readonly #prints = new Map<string, TradeTick[]>();
  readonly #halts = new Map<string, { from: number; to: number }[]>();
  readonly #factors: FactorPaths;
  readonly #tapes = new Map<string, ReplayTape>();
  readonly alwaysOpen: boolean;
  /** Crypto is traded on all days, whatever the clock. */
  readonly #allDays: TradingDays;

  constructor(seed: number, alwaysOpen: boolean) {
    this.#seed = seed;
    this.alwaysOpen = alwaysOpen;
    this.#days = TradingDays.of(alwaysOpen);
    this.#allDays = alwaysOpen ? this.#days : TradingDays.of(true);
    this.#factors = new FactorPaths(seed);
  }

  get seed(): number {
    return this.#seed;
  }

  /** Splits and dividends of a symbol with ex-days up to a civil day, oldest first. */
  events(symbol: string, until: number): readonly PricedEvent[] {
    return this.#tapes.has(symbol) ? [] : (this.#of(symbol)?.events(until) ?? []);
  }

  /** Splits of a symbol in all years. */
  splits(symbol: string): readonly Split[] {
    return this.#tapes.has(symbol) ? [] : (this.#of(symbol)?.splits() ?? []);
  }

  /** Adds a split or dividend of the future to a symbol's. */
  announce(symbol: string, event: CompanyEvent): void {
    this.#announced.push({ symbol, event });
    this.#of(symbol)?.announce(event);
  }

  /** How many events were announced: what was worked out from fewer is stale. */
  get announcements(): number {
    return this.#announced.length;
  }

  /** Whether a symbol is played from a recording, which has no events. */
  isReplayed(symbol: string): boolean {
    return this.#tapes.has(symbol);
  }

  /** When prices of an NYSE trading day begin: splits and dividends of the day take effect then. */
  openingOf(day: number): number {
    return this.#days.on(day)?.segments[0]?.start ?? instantOf(day, 0);
  }

  /** A price of one instant in the shares of a later one: is multiplied by this. */
  splitFactor(symbol: string, from: number, to: number): number {
    let factor = 1;
    for (const { exDay, oldRate, newRate } of this.splits(symbol)) {
      // Most are years away.
      if (exDay * DAY_MS > to || (exDay + 2) * DAY_MS < from) continue;
      const opening = this.openingOf(exDay);
      if (opening > from && opening <= to) factor *= oldRate / newRate;
    }
    return factor;
  }

  /** Dollars at the close of a civil day (or of the last market day before it), to the cent. */
  closeOf(symbol: string, day: number): number | undefined {
    const tape = this.#tapes.get(symbol);
    if (tape !== undefined) {
      const trade = tape.tradeAt((sessionOf(day)?.close ?? instantOf(day + 1, 0)) - 1);
      return trade === undefined ? undefined : trade.price / 1_000_000;
    }
    return this.#of(symbol)?.closeOf(day);
  }

  /** Plays a recording for a symbol, instead of the model. */
  replay(symbol: string, tape: ReplayTape): void {
    const rules = { tier: tierOf(symbol), alwaysOpen: this.alwaysOpen };
    this.#tapes.set(symbol, CRYPTO.has(symbol) ? tape : tape.under(rules));
  }

  /** Multiplies a symbol's prices from an instant on. A recording is not changed. */
  shift(symbol: string, { at, factor, sudden }: Shift): void {
    const shift = sudden === true ? { at, factor, sudden } : { at, factor };
    this.#shifts.push({ symbol, ...shift });
    if (!this.#tapes.has(symbol)) this.#of(symbol)?.shift(shift);
  }

  /** What control and clients did to the model, as a snapshot keeps it. */
  save(): MarketState {
    return { shifts: this.#shifts, announced: this.#announced, halts: this.#halts, prints: this.#prints };
  }

  /** Puts this in the place of all that was done. */
  load({ shifts, announced, halts, prints }: MarketState): void {
    for (const { symbol } of [...this.#shifts.splice(0), ...this.#announced.splice(0)])
      this.#symbols.delete(symbol);
    for (const done of [this.#halts, this.#prints]) done.clear();
    for (const { symbol, event } of announced) this.announce(symbol, event);
    for (const shift of shifts) this.shift(shift.symbol, shift);
    for (const [symbol, spans] of halts) this.#setHalts(symbol, spans);
    for (const [symbol, ticks] of prints) this.#prints.set(symbol, ticks);
  }

  /** Shows a client's execution on the tape, between the model's trades. Instants come in rising order. */
  print(symbol: string, of: { at: number; price: bigint; qty: bigint; number: number }): void {
    const size = Number(of.qty) / 1e9 / (CRYPTO.get(symbol)?.lot ?? 1);
    const tick = { at: of.at, price: Number(of.price), size, id: 1e12 + of.number, exchange: 'V' };
    this.#prints.set(symbol, [...(this.#prints.get(symbol) ?? []).slice(-MOST_PRINTS), tick]);
  }

  /** Stops a symbol's quotes and trades from an instant on. */
  halt(symbol: string, at: number): void {
    const halts = this.#halts.get(symbol) ?? [];
    if ((halts.at(-1)?.to ?? 0) !== Infinity) halts.push({ from: at, to: Infinity });
    this.#setHalts(symbol, halts);
  }

  resume(symbol: string, at: number): void {
    const halts = this.#halts.get(symbol) ?? [];
    const last = halts.at(-1);
    if (last !== undefined && last.to === Infinity) last.to = at;
    this.#setHalts(symbol, halts);
  }

  #setHalts(symbol: string, halts: { from: number; to: number }[]): void {
    this.#halts.set(symbol, halts);
    this.#of(symbol)?.halt(halts);
  }

  /** When a symbol was halted and when it was resumed, in a span. */
  *haltChanges(symbol: string, span: Span): Generator<HaltChange> {
    for (const [why, halts] of [
      ['news', this.#halts.get(symbol) ?? []],
      ['luld', this.#pauses(symbol, span)],
    ] as const) {
      for (const { from, to } of halts) {
        if (from >= span.from && from < span.to) yield { at: from, halted: true, why };
        if (to >= span.from && to < span.to) yield { at: to, halted: false, why };
      }
    }
  }

  /** Whether nothing trades in a symbol, by control or in a trading pause. */
  isHalted(symbol: string, at: number): boolean {
    if (this.#haltAt(symbol, at) !== undefined) return true;
    return this.#pauses(symbol, { from: at, to: at + 1 }).some(({ from, to }) => at >= from && at < to);
  }

  #pauses(symbol: string, span: Span): readonly Span[] {
    return (this.#tapes.get(symbol) ?? this.#of(symbol)?.moves)?.pauses(span) ?? [];
  }

  /** The price bands in force at an instant; null while there are none. */
  bandsAt(symbol: string, at: number): PriceBands | null {
    return (this.#tapes.get(symbol) ?? this.#of(symbol)?.moves)?.bandsAt(at) ?? null;
  }

  /** The bands that prices have jumped to and are held at; null when they move freely. */
  heldBandsAt(symbol: string, at: number): PriceBands | null {
    return this.#tapes.has(symbol) ? null : (this.#of(symbol)?.moves.heldAt(at)?.bands ?? null);
  }

  /** Where the model wants a price at an instant, bands and halts aside; micro-dollars. */
  pathAt(symbol: string, at: number): number | undefined {
    return this.#tapes.get(symbol)?.tradeAt(at)?.price ?? this.#of(symbol)?.priceAt(at);
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
    const tape = this.#tapes.get(symbol);
    if (tape !== undefined) {
      const last = tape.tradeAt(Math.floor(now / MINUTE_MS) * MINUTE_MS - 1e-6);
      if (last === undefined) return undefined;
      const from = Math.floor(last.at / MINUTE_MS) * MINUTE_MS;
      return [...this.bars(symbol, { unit: 'minute', count: 1 }, { from, to: from + 1 }, now)][0];
    }
    const market = this.#of(symbol);
    for (let place = market?.placeAt(now - MINUTE_MS); place !== undefined; place = market?.before(place)) {
      const bar = market?.minute(place).bar() ?? null;
      if (bar !== null) return bar;
    }
    return undefined;
  }

  /** The daily bar in progress (or last) at an instant, and the one before it. */
  dailyBars(symbol: string, now: number): { today: Bar | null; previous: Bar | null } {
    const market = this.#of(symbol);
    if (this.#tapes.has(symbol)) {
      const frame = { unit: 'day', count: 1 } as const;
      const bars = [...this.bars(symbol, frame, { from: now - 12 * DAY_MS, to: now }, now)];
      return { today: bars.at(-1) ?? null, previous: bars.at(-2) ?? null };
    }
    let day = market?.days.reached(now);
    if (market === undefined || day === undefined) return { today: null, previous: null };
    let today = stamped(market.dailyBar(day, now), day.day);
    if (today === null) {
      day = market.days.at(day.ordinal - 1) ?? day;
      today = stamped(market.dailyBar(day, now), day.day);
    }
    const before = market.days.at(day.ordinal - 1);
    return { today, previous: before ? stamped(market.dailyBar(before, now), before.day) : null };
  }

  /** Bars whose start lies in a span, oldest first, as far as they were complete at `now`. */
  bars(symbol: string, frame: Timeframe, span: Span, now: number): Generator<Bar> {
    return this.adjustedBars(symbol, frame, span, { now, split: false, dividend: false });
  }

  /** Makes the daily bars that a wide frame needs, one at a time: they are kept, so asking again is quick. */
  *dailyWork(symbol: string, frame: Timeframe, span: Span, now: number): Generator<Bar> {
    const market = this.#of(symbol);
    if (market === undefined || this.#tapes.has(symbol)) return;
    const whole = { from: barStart(frame, span.from), to: barEnd(frame, Math.max(span.from, span.to - 1)) };
    yield* dayPieces(market, { ...whole, now });
  }

  /** The same, corrected for the splits and dividends that had come by `now`. */
  *adjustedBars(
    symbol: string,
    frame: Timeframe,
    span: Span,
    how: Adjustment & { readonly now: number },
  ): Generator<Bar> {
    const market = this.#of(symbol);
    if (market === undefined) return;
    const tape = this.#tapes.get(symbol);
    const { now } = how;
    const whole = { from: barStart(frame, span.from), to: barEnd(frame, Math.max(span.from, span.to - 1)) };
    if (tape !== undefined) {
      yield* grouped(
        this.#tapePieces(tape, market, frame, { from: whole.from, to: Math.min(whole.to, now) }),
        frame,
        span,
      );
      return;
    }
    const raw =
      frame.unit === 'minute'
        ? minutePieces(market, frame, { from: whole.from, to: span.to, now })
        : dayPieces(market, { ...whole, now });
    yield* grouped(how.split || how.dividend ? adjusted(raw, market, how) : raw, frame, span);
  }

  /** Recorded prints; for days and longer those of the core sessions only. Whole minutes only. */
  *#tapePieces(tape: ReplayTape, market: SymbolMarket, frame: Timeframe, span: Span): Generator<Bar> {
    const to = Math.floor(span.to / MINUTE_MS) * MINUTE_MS;
    for (const piece of tape.pieces({ from: span.from, to })) {
      if (frame.unit === 'minute' || this.alwaysOpen || market.placeAt(piece.start)?.segment.core === true)
        yield piece;
    }
  }

  #latest<K extends Kind>(kind: K, symbol: string, at: number): Ticks[K] | undefined {
    const until = Math.min(at, this.#haltAt(symbol, at)?.from ?? at);
    const tape = this.#tapes.get(symbol);
    if (tape !== undefined) return latestOn[kind](tape, until);
    const market = this.#of(symbol);
    if (market === undefined) return undefined;
    let place = market.placeAt(until);
    while (place !== undefined) {
      const read = readerOf(kind, market, place);
      for (let index = read.guess(until); index >= 0; index -= 1) {
        const tick = read.tick(index);
        if (tick !== undefined && tick.at <= until) return tick;
      }
      place = market.before(place);
    }
    return undefined;
  }

  *#ticks<K extends Kind>(kind: K, symbol: string, span: Span): Generator<Ticks[K]> {
    const tape = this.#tapes.get(symbol);
    if (tape !== undefined) {
      for (const tick of listOn[kind](tape, span))
        if (this.#haltAt(symbol, tick.at) === undefined) yield tick;
      return;
    }
    const market = this.#of(symbol);
    if (market === undefined) return;
    for (const day of market.days.between(newYorkDay(span.from) - 1, newYorkDay(span.to))) {
      for (const segment of day.segments) {
        const first = Math.max(0, Math.floor((span.from - segment.start) / MINUTE_MS));
        for (let minute = first; minute < segment.minutes; minute += 1) {
          if (segment.start + minute * MINUTE_MS >= span.to) break;
          const read = readerOf(kind, market, { day, segment, minute });
          for (let index = read.first(span.from); index < read.count; index += 1) {
            const tick = read.tick(index);
            if (tick === undefined || tick.at >= span.to) break;
            if (tick.at >= span.from) yield tick;
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
    const instrument = INSTRUMENTS.get(symbol) ?? CRYPTO.get(symbol);
    if (instrument === undefined) return undefined;
    const days = instrument.sector === 'crypto' ? this.#allDays : this.#days;
    const made = new SymbolMarket(this.#seed, instrument, { days, factors: this.#factors });
    this.#symbols.set(symbol, made);
    return made;
  }
}
