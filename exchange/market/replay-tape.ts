import { MINUTE_MS } from '../clock/new-york';
import type { BandRules, PriceBands } from './halts/luld';
import { pausesOn, RecordedBands } from './halts/tape-pauses';
import type { Span } from './timeframe';
import { type Bar, type QuoteTick, type TradeTick, tickOf } from './ticks';

const REFERENCE_MS = 5 * MINUTE_MS;
/** Added to the id of the last trade in a pause for that of its reopening. */
const AUCTION_IDS = 1e11;

interface Timed {
  readonly at: number;
}

/** Index of the first item at or after an instant. */
const firstFrom = (items: readonly Timed[], at: number): number => firstWhere(items, (item) => item.at >= at);

/** The last item at or before an instant. */
const lastUntil = <T extends Timed>(items: readonly T[], at: number): T | undefined =>
  items[firstWhere(items, (item) => item.at > at) - 1];

/** Index of the first item of which a thing is true that is true of all after it. */
function firstWhere(items: readonly Timed[], isSo: (item: Timed) => boolean): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = items[middle];
    if (item !== undefined && !isSo(item)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What was recorded within a pause trades in the auction that ends it, at the last of its prices. */
function reopening(trades: readonly TradeTick[], { from, to }: Span): TradeTick | undefined {
  const held = trades.slice(firstFrom(trades, from), firstFrom(trades, to));
  const last = held.at(-1) ?? trades[firstFrom(trades, from) - 1];
  if (last === undefined) return undefined;
  const size = held.reduce((sum, trade) => sum + trade.size, 0) || last.size;
  return { ...last, at: to, size, id: last.id + AUCTION_IDS, reopens: true };
}

/** Recorded quotes and trades of a symbol, instead of the model's. Before the first there is nothing. */
export class ReplayTape {
  readonly #trades: readonly TradeTick[];
  readonly #quotes: readonly QuoteTick[];
  readonly #pauses: readonly Span[];
  readonly #rules: BandRules | null;

  /** @param rules those of its price bands, which pause it; null: it plays through. */
  constructor(trades: readonly TradeTick[], quotes: readonly QuoteTick[], rules: BandRules | null = null) {
    const sorted = trades.toSorted((a, b) => a.at - b.at);
    this.#rules = rules;
    this.#pauses = rules === null ? [] : pausesOn(sorted, rules);
    const shown = ({ at }: Timed): boolean => !this.#pauses.some(({ from, to }) => at >= from && at < to);
    const prints = this.#pauses.flatMap((pause) => reopening(sorted, pause) ?? []);
    this.#trades = [...prints, ...sorted.filter(shown)].sort((a, b) => a.at - b.at);
    this.#quotes = [...prints.map(quoteAround), ...quotes.filter(shown)].sort((a, b) => a.at - b.at);
  }

  /** The same recording under price bands: what they stop is left out. */
  under(rules: BandRules): ReplayTape {
    return new ReplayTape(this.#trades, this.#quotes, rules);
  }

  /** Price bands at an instant; null where there are none. */
  bandsAt(at: number): PriceBands | null {
    const pause = this.#pauses.findLast(({ from }) => from <= at);
    if (this.#rules === null || (pause !== undefined && at < pause.to)) return null;
    const bands = new RecordedBands(this.#rules);
    const from = Math.max(at - REFERENCE_MS, pause?.to ?? -Infinity);
    for (const trade of this.trades({ from, to: at })) bands.add(trade);
    return bands.at(at);
  }

  /** The first instant on the tape. */
  get start(): number {
    return Math.min(this.#trades[0]?.at ?? Infinity, this.#quotes[0]?.at ?? Infinity);
  }

  tradeAt(at: number): TradeTick | undefined {
    return lastUntil(this.#trades, at);
  }

  quoteAt(at: number): QuoteTick | undefined {
    return lastUntil(this.#quotes, at);
  }

  *trades({ from, to }: Span): Generator<TradeTick> {
    for (let i = firstFrom(this.#trades, from); (this.#trades[i]?.at ?? Infinity) < to; i += 1) {
      const trade = this.#trades[i];
      if (trade !== undefined) yield trade;
    }
  }

  *quotes({ from, to }: Span): Generator<QuoteTick> {
    for (let i = firstFrom(this.#quotes, from); (this.#quotes[i]?.at ?? Infinity) < to; i += 1) {
      const quote = this.#quotes[i];
      if (quote !== undefined) yield quote;
    }
  }

  /** Trading pauses that begin, hold or end in a span. */
  pauses({ from, to }: Span): readonly Span[] {
    return this.#pauses.filter((pause) => pause.from < to && pause.to >= from);
  }

  /** Each trade as a bar of its own, to be put together. */
  *pieces(span: Span): Generator<Bar> {
    for (const { at, price, size } of this.trades(span)) {
      const [open, high, low, close] = [price, price, price, price];
      yield { start: at, open, high, low, close, volume: size, trades: 1, vwap: price };
    }
  }
}

/** A quote of one tick either side of a print, where the recording has none. */
export function quoteAround({ at, price, exchange }: TradeTick): QuoteTick {
  const tick = tickOf(price);
  const bid = Math.max(tick, Math.round(price / tick) * tick - tick);
  const [bidSize, askSize, bidExchange, askExchange] = [100, 100, exchange, exchange];
  return { at, bid, ask: bid + 2 * tick, bidSize, askSize, bidExchange, askExchange };
}

/** A print of 100 shares at the bid, where the recording has quotes only. */
export const printAt = ({ at, bid, bidExchange }: QuoteTick, id: number): TradeTick => ({
  at,
  price: bid,
  size: 100,
  id,
  exchange: bidExchange,
  taker: 'sell',
});
