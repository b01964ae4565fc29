import { MINUTE_MS } from '../clock/new-york';
import { HaltedMinute } from './halts/halted-minute';
import type { ReplayTape } from './replay-tape';
import type { MinutePlace, SymbolMarket } from './symbol-market';
import type { QuoteTick, TradeTick } from './ticks';
import type { Span } from './timeframe';

/** What a tick can be, by name. */
export interface Ticks {
  trade: TradeTick;
  quote: QuoteTick;
}
export type Kind = keyof Ticks;

/** The ticks of one kind in a minute. */
interface Reader<T> {
  readonly count: number;
  tick(index: number): T | undefined;
  /** Lowest index whose tick may lie at or after an instant. */
  first(from: number): number;
  /** Highest index whose tick may lie at or before an instant. */
  guess(until: number): number;
}

const readers: { [K in Kind]: (market: SymbolMarket, place: MinutePlace) => Reader<Ticks[K]> } = {
  trade(market, place) {
    const minute = market.minute(place);
    const count = minute.tradeCount;
    return { count, tick: (index) => minute.trade(index), ...placesIn(minute, count) };
  },
  quote(market, place) {
    const minute = market.minute(place);
    const count = minute.quoteCount;
    return { count, tick: (index) => minute.quote(index), ...placesIn(minute, count) };
  },
};

export function readerOf<K extends Kind>(
  kind: K,
  market: SymbolMarket,
  place: MinutePlace,
): Reader<Ticks[K]> {
  return readers[kind](market, place);
}

/** Ticks lie one to each equal part of the minute, up to one part off; with halts in it, anywhere. */
function placesIn(
  minute: { readonly start: number },
  count: number,
): Pick<Reader<unknown>, 'first' | 'guess'> {
  if (minute instanceof HaltedMinute) return { first: () => 0, guess: () => count - 1 };
  const place = (at: number): number => Math.floor(((at - minute.start) / MINUTE_MS) * count);
  return {
    first: (from) => Math.max(0, place(from) - 1),
    guess: (until) => Math.min(count - 1, place(until) + 1),
  };
}

export const latestOn: { [K in Kind]: (tape: ReplayTape, at: number) => Ticks[K] | undefined } = {
  trade: (tape, at) => tape.tradeAt(at),
  quote: (tape, at) => tape.quoteAt(at),
};
export const listOn: { [K in Kind]: (tape: ReplayTape, span: Span) => Iterable<Ticks[K]> } = {
  trade: (tape, span) => tape.trades(span),
  quote: (tape, span) => tape.quotes(span),
};
