import { ONE_SHARE } from '../decimal/decimal';
import type { Side } from '../journal/records';
import { type Level, makerLevels, type OrderBook } from '../crypto/order-book';
import { keyOf, uniform } from '../market/hash';
import type { Instrument } from '../market/instruments';
import type { Market } from '../market/market';
import { type QuoteTick, tickOf, type TradeTick } from '../market/ticks';
import { type Match, PriceTimeBook } from './price-time-book';

/** Longer silences are skipped: what rests meets the market as it is afterwards. */
const MOST_CATCH_UP_MS = 60_000;
const LEVELS = 10;
/** Orders of the market maker and of the noise; all others are clients'. */
const MAKER = 'maker/';
const NOISE = 'noise/';

export const isHouse = (id: string): boolean => id.startsWith(MAKER) || id.startsWith(NOISE);

/**
 * One symbol's book between the clients: a market maker who follows the model's quotes with ten levels
 * on each side, and the model's trades as orders of others that take what they meet.
 */
export class SymbolBook {
  readonly book = new PriceTimeBook();
  readonly #market: Market;
  readonly #instrument: Instrument;
  readonly #key: number;
  /** Shares on a level, as a multiple of what the model quotes. */
  readonly #depth: number;
  #told: number;
  #number = 0;

  constructor(of: { market: Market; instrument: Instrument; seed: number; depth: number; now: number }) {
    const { symbol } = of.instrument;
    this.#market = of.market;
    this.#instrument = of.instrument;
    this.#key = keyOf(of.seed, `${symbol}/book`);
    this.#depth = of.depth;
    this.#told = of.now;
    const quote = of.market.quoteAt(symbol, of.now);
    if (quote !== undefined) this.#quote(quote);
  }

  /** Up to when the others have acted. */
  get told(): number {
    return this.#told;
  }

  /** Lets the others act up to an instant, in the order of the model's quotes and trades. */
  advance(now: number): Match[] {
    const span = { from: Math.max(this.#told, now - MOST_CATCH_UP_MS), to: now };
    if (span.to <= span.from) return [];
    const skipped = span.from > this.#told;
    this.#told = now;
    const matches: Match[] = [];
    const { symbol } = this.#instrument;
    const trades = [...this.#market.modelTrades(symbol, span)];
    const first = skipped ? this.#market.quoteAt(symbol, span.from) : undefined;
    if (first !== undefined) matches.push(...this.#quote(first));
    let next = 0;
    for (const quote of this.#market.quotes(symbol, span)) {
      for (; next < trades.length; next += 1) {
        const trade = trades[next];
        if (trade === undefined || trade.at > quote.at) break;
        matches.push(...this.#trade(trade));
      }
      matches.push(...this.#quote(quote));
    }
    for (const trade of trades.slice(next)) matches.push(...this.#trade(trade));
    return matches;
  }

  /** The maker moves to a quote: stays where it stands, tops up, and leaves where it is no longer. */
  #quote(quote: QuoteTick): Match[] {
    return [...this.#side('buy', quote), ...this.#side('sell', quote)];
  }

  /** What the maker shows on a side, by price. */
  #wanted(side: Side, quote: QuoteTick): Map<bigint, bigint> {
    const wanted = new Map<bigint, bigint>();
    if (this.#instrument.sector === 'crypto') {
      for (const { price, coins } of makerLevels(this.#market, this.#instrument, { quote, side })) {
        const qty = BigInt(Math.max(1, Math.round(coins * this.#depth * 1e9)));
        if (price > 0) wanted.set(BigInt(price), qty);
      }
      return wanted;
    }
    const [best, size] = side === 'buy' ? [quote.bid, quote.bidSize] : [quote.ask, quote.askSize];
    const step = BigInt(tickOf(best)) * (side === 'buy' ? -1n : 1n);
    const bands = this.#market.heldBandsAt(this.#instrument.symbol, quote.at);
    for (let level = 0; level < LEVELS; level += 1) {
      const price = BigInt(best) + step * BigInt(level);
      if (price <= 0n || (bands !== null && (price > bands.up || price < bands.down))) break;
      const noise = 0.5 + uniform(this.#key, Math.floor(quote.at), level, side === 'buy' ? 1 : 2);
      const shares = Math.max(1, Math.round(size * this.#depth * (1 + level / 2) * noise));
      wanted.set(price, BigInt(shares) * ONE_SHARE);
    }
    return wanted;
  }

  #side(side: Side, quote: QuoteTick): Match[] {
    const wanted = this.#wanted(side, quote);
    for (const price of this.book.prices(side)) {
      if (wanted.has(price)) continue;
      for (const { id } of this.book.queueAt(side, price)) if (id.startsWith(MAKER)) this.book.cancel(id);
    }
    return [...wanted].flatMap(([price, qty]) => {
      const own = this.book.queueAt(side, price).filter(({ id }) => id.startsWith(MAKER));
      const missing = qty - own.reduce((sum, entry) => sum + entry.qty, 0n);
      return missing > 0n ? this.book.add({ id: this.#name(MAKER), side, qty: missing, limit: price }) : [];
    });
  }

  /** Somebody else's order: it takes up to its size, at its price or better, and is gone. */
  #trade(trade: TradeTick): Match[] {
    const price = BigInt(trade.price);
    const ask = this.book.best('sell');
    const side = ask !== null && price >= ask ? 'buy' : 'sell';
    const qty = BigInt(Math.round(trade.size * this.#instrument.lot * 1e9));
    return this.book.add({ id: this.#name(NOISE), side, qty, limit: price }, false);
  }

  /** All that rests in it, makers' and clients', as it is shown: dollars, and shares or coins, best first. */
  shown(): OrderBook {
    const side = (name: Side): Level[] =>
      this.book.prices(name).map((price) => {
        const qty = this.book.queueAt(name, price).reduce((sum, entry) => sum + entry.qty, 0n);
        return { p: Number(price) / 1_000_000, s: Number(qty) / 1e9 };
      });
    return { at: this.#told, bids: side('buy'), asks: side('sell') };
  }

  #name(kind: string): string {
    this.#number += 1;
    return `${kind}${this.#number}`;
  }
}
