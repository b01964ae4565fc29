import { MINUTE_MS } from '../clock/new-york';
import type { ReplayTape } from './replay-tape';
import type { MinutePlace, SymbolMarket } from './symbol-market';
import type { QuoteTick, TradeTick } from './ticks';
import type { Span } from './timeframe';

export type Kind = 'trade' | 'quote';
export interface Ticks {
  trade: TradeTick;
  quote: QuoteTick;
}

interface Reader<T> {
  readonly count: number;
  tick(index: number): T;
  /** Lowest index whose tick may lie at or after an instant. */
  first(from: number): number;
  /** Highest index whose tick may lie at or before an instant. */
  guess(until: number): number;
}

const readers: { [K in Kind]: (market: SymbolMarket, place: MinutePlace) => Reader<Ticks[K]> } = {
  trade(market, place) {
    const minute = market.minute(place);
    const count = minute.spec.trades;
    return { count, tick: (index) => minute.trade(index), ...placesIn(minute.spec.start, count) };
  },
  quote(market, place) {
    const minute = market.minute(place);
    const count = minute.spec.quotes;
    return { count, tick: (index) => minute.quote(index), ...placesIn(minute.spec.start, count) };
  },
};

export const latestOn: { [K in Kind]: (tape: ReplayTape, at: number) => Ticks[K] | undefined } = {
  trade: (tape, at) => tape.tradeAt(at),
  quote: (tape, at) => tape.quoteAt(at),
};
export const listOn: { [K in Kind]: (tape: ReplayTape, span: Span) => Iterable<Ticks[K]> } = {
  trade: (tape, span) => tape.trades(span),
  quote: (tape, span) => tape.quotes(span),
};

export function readerOf<K extends Kind>(
  kind: K,
  market: SymbolMarket,
  place: MinutePlace,
): Reader<Ticks[K]> {
  return readers[kind](market, place);
}

/** Ticks lie one to each equal part of the minute, up to one part off. */
const placesIn = (start: number, count: number): Pick<Reader<unknown>, 'first' | 'guess'> => ({
  first: (from) => Math.max(0, Math.floor(((from - start) / MINUTE_MS) * count) - 1),
  guess: (until) => Math.min(count - 1, Math.floor(((until - start) / MINUTE_MS) * count) + 1),
});
