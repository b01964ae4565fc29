import { MINUTE_MS } from '../../clock/new-york';
import { uniform } from '../hash';
import type { Minute } from '../minute';
import { type Bar, type QuoteTick, type TradeTick, tickOf } from '../ticks';
import type { Span } from '../timeframe';
import type { LimitMove } from './limit-move';

/** What is done to the ticks of a minute. */
export interface Interruptions {
  readonly moves: readonly LimitMove[];
  /** Halts by control; they end without an auction. */
  readonly halts: readonly Span[];
  /** The exchange that lists the stock, where it reopens. */
  readonly primary: string;
}

const covers = ({ from, to }: Span, at: number): boolean => at >= from && at < to;
/** Part of a usual minute's shares that a reopening auction trades, at least. */
const AUCTION_SHARE = 2;

/** A minute with limit states, pauses or halts in it: what is left of its quotes and trades, and the reopening print. */
export class HaltedMinute {
  readonly #trades: readonly TradeTick[];
  readonly #quotes: readonly QuoteTick[];
  readonly start: number;

  constructor(minute: Minute, interruptions: Interruptions) {
    const { moves, halts, primary } = interruptions;
    this.start = minute.start;
    const silent = (at: number): boolean =>
      halts.some((halt) => covers(halt, at)) ||
      moves.some(({ pause }) => pause !== null && covers(pause, at));
    const bandsAt = (at: number) => moves.find(({ from, until }) => at >= from && at < until)?.bands;
    const trades: TradeTick[] = [];
    for (let index = 0; index < minute.tradeCount; index += 1) {
      const trade = minute.trade(index);
      const { up, down } = bandsAt(trade.at) ?? { up: Infinity, down: 0 };
      if (!silent(trade.at)) trades.push({ ...trade, price: Math.min(up, Math.max(down, trade.price)) });
    }
    for (const { pause } of moves) {
      if (pause === null || !covers({ from: this.start, to: this.start + MINUTE_MS }, pause.to)) continue;
      if (!halts.some((halt) => covers(halt, pause.to))) {
        trades.push({ ...reopening(minute, pause.to), exchange: primary });
      }
    }
    this.#trades = trades.toSorted((a, b) => a.at - b.at);
    const quotes: QuoteTick[] = [];
    for (let index = 0; index < minute.quoteCount; index += 1) {
      const quote = minute.quote(index);
      if (!silent(quote.at)) quotes.push(withinBands(quote, bandsAt(quote.at)));
    }
    this.#quotes = quotes;
  }

  get tradeCount(): number {
    return this.#trades.length;
  }

  get quoteCount(): number {
    return this.#quotes.length;
  }

  trade(index: number): TradeTick | undefined {
    return this.#trades[index];
  }

  quote(index: number): QuoteTick | undefined {
    return this.#quotes[index];
  }

  /** The bar of what traded; null where nothing did. */
  bar(): Bar | null {
    const [first, last] = [this.#trades[0], this.#trades.at(-1)];
    if (first === undefined || last === undefined) return null;
    let [high, low, volume, value] = [0, Infinity, 0, 0];
    for (const { price, size } of this.#trades) {
      high = Math.max(high, price);
      low = Math.min(low, price);
      volume += size;
      value += price * size;
    }
    const trades = this.#trades.length;
    const { start } = this;
    return { start, open: first.price, high, low, close: last.price, volume, trades, vwap: value / volume };
  }
}

/** The auction that ends a pause: where the price has come to, at the primary market. */
function reopening(minute: Minute, at: number): Omit<TradeTick, 'exchange'> {
  const { key, id, trades, volume } = minute.spec;
  const price = minute.priceAt(at);
  const tick = tickOf(price);
  return {
    at,
    price: Math.max(tick, Math.round(price / tick) * tick),
    size: 100 + Math.floor(volume * (AUCTION_SHARE + uniform(key, 29, id, 0))),
    id: id * 256 + trades + 1,
    reopens: true,
  };
}

/** In a limit state the side that presses stands at the band. */
function withinBands(quote: QuoteTick, bands: { up: number; down: number } | undefined): QuoteTick {
  if (bands === undefined) return quote;
  const spread = quote.ask - quote.bid;
  if (quote.ask > bands.up) return { ...quote, ask: bands.up, bid: bands.up - spread };
  if (quote.bid < bands.down) return { ...quote, bid: bands.down, ask: bands.down + spread };
  return quote;
}
