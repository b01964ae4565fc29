import type { Span } from './timeframe';
import { type Bar, type QuoteTick, type TradeTick, tickOf } from './ticks';

interface Timed {
  readonly at: number;
}

/** Index of the first item at or after an instant. */
function firstFrom(items: readonly Timed[], at: number): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((items[middle]?.at ?? Infinity) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Recorded quotes and trades of a symbol, instead of the model's. Before the first there is nothing. */
export class ReplayTape {
  readonly #trades: readonly TradeTick[];
  readonly #quotes: readonly QuoteTick[];

  constructor(trades: readonly TradeTick[], quotes: readonly QuoteTick[]) {
    this.#trades = trades.toSorted((a, b) => a.at - b.at);
    this.#quotes = quotes.toSorted((a, b) => a.at - b.at);
  }

  /** The first instant on the tape. */
  get start(): number {
    return Math.min(this.#trades[0]?.at ?? Infinity, this.#quotes[0]?.at ?? Infinity);
  }

  tradeAt(at: number): TradeTick | undefined {
    return this.#trades[firstFrom(this.#trades, at + 1e-7) - 1];
  }

  quoteAt(at: number): QuoteTick | undefined {
    return this.#quotes[firstFrom(this.#quotes, at + 1e-7) - 1];
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
