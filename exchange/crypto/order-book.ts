import { keyOf, uniform } from '../market/hash';
import { CRYPTO, type Instrument } from '../market/instruments';
import type { Market } from '../market/market';
import type { QuoteTick } from '../market/ticks';

/** A price level: dollars and coins. */
export interface Level {
  readonly p: number;
  readonly s: number;
}

/** A book as it is shown: best levels first. */
export interface OrderBook {
  readonly at: number;
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

const LEVELS = 10;
const coins = (value: number): number => Math.round(value * 1e9) / 1e9;

/** Size of a crypto quote's side in coins: makers show more than takers take. */
export const quotedCoins = (size: number, lot: number): number => coins(size * lot * 1000);

/** Prices in micro-dollars and coins of one side of a pair's makers at a quote, best first: a function of the quote. */
export function makerLevels(
  { seed }: Pick<Market, 'seed'>,
  { symbol, lot }: Instrument,
  { quote, side }: { readonly quote: QuoteTick; readonly side: 'buy' | 'sell' },
): { price: number; coins: number }[] {
  const key = keyOf(seed, `${symbol}/book`);
  const moment = Math.floor(quote.at);
  const [best, size, direction] =
    side === 'buy' ? [quote.bid, quote.bidSize, -1] : [quote.ask, quote.askSize, 1];
  const levels = [{ price: best, coins: quotedCoins(size, lot) }];
  let price = best;
  for (let level = 1; level < LEVELS; level += 1) {
    const draw = (n: number): number => uniform(key, moment, level * 2 + (side === 'sell' ? 1 : 0), n);
    price += direction * (10_000 + Math.floor((draw(1) * best * 0.000_2) / 10_000) * 10_000);
    levels.push({ price, coins: quotedCoins(100 * (1 + Math.floor(draw(2) * 20 * level)), lot) });
  }
  return levels;
}

/** The makers' book of a pair at an instant; its best levels are those of the quote. */
export function orderBookAt(market: Market, symbol: string, at: number): OrderBook | undefined {
  const pair = CRYPTO.get(symbol);
  const quote = market.quoteAt(symbol, at);
  if (pair === undefined || quote === undefined) return undefined;
  const side = (name: 'buy' | 'sell'): Level[] =>
    makerLevels(market, pair, { quote, side: name }).map((level) => ({
      p: level.price / 1_000_000,
      s: level.coins,
    }));
  return { at: quote.at, bids: side('buy'), asks: side('sell') };
}
