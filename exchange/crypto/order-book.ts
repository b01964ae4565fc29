import { keyOf, uniform } from '../market/hash';
import { CRYPTO } from '../market/instruments';
import type { Market } from '../market/market';

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

/** The visible book of a pair at an instant; its best levels are those of the quote. */
export function orderBookAt(market: Market, symbol: string, at: number): OrderBook | undefined {
  const pair = CRYPTO.get(symbol);
  const quote = market.quoteAt(symbol, at);
  if (pair === undefined || quote === undefined) return undefined;
  const key = keyOf(market.seed, `${symbol}/book`);
  const moment = Math.floor(quote.at);
  const side = (best: number, size: number, direction: 1 | -1): Level[] => {
    const levels: Level[] = [{ p: best / 1_000_000, s: quotedCoins(size, pair.lot) }];
    let price = best;
    for (let level = 1; level < LEVELS; level += 1) {
      const draw = (n: number): number => uniform(key, moment, level * 2 + (direction > 0 ? 1 : 0), n);
      price += direction * (10_000 + Math.floor((draw(1) * best * 0.000_2) / 10_000) * 10_000);
      levels.push({
        p: price / 1_000_000,
        s: quotedCoins(100 * (1 + Math.floor(draw(2) * 20 * level)), pair.lot),
      });
    }
    return levels;
  };
  return {
    at: quote.at,
    bids: side(quote.bid, quote.bidSize, -1),
    asks: side(quote.ask, quote.askSize, 1),
  };
}
