import { type Bar, TIMEFRAME_SECONDS, type Timeframe } from '@/domain/market/bar';
import type { Quote } from '@/domain/market/quote';
import type { Candle } from '../charts/candle';

/** A bar as the chart draws it. Floats are good enough for pixels; money is never computed from them. */
export function candleOf(bar: Bar): Candle {
  return {
    time: Math.floor(Date.parse(bar.time) / 1000),
    open: Number(bar.open),
    high: Number(bar.high),
    low: Number(bar.low),
    close: Number(bar.close),
    volume: bar.volume,
  };
}

/** Pages of bars in any order as one ascending list; of two bars with one time the later page's counts. */
export function mergeCandles(...pages: readonly (readonly Bar[])[]): Candle[] {
  const byTime = new Map<number, Candle>();
  for (const bar of pages.flat()) {
    const candle = candleOf(bar);
    byTime.set(candle.time, candle);
  }
  return [...byTime.values()].sort((a, b) => a.time - b.time);
}

const marketDay = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/New_York' });

/** The left edge of the bar that `seconds` falls into, given the newest known bar. */
function leftEdge(seconds: number, timeframe: Timeframe, newest: Candle): number {
  if (timeframe !== '1Day') {
    const width = TIMEFRAME_SECONDS[timeframe];
    return Math.floor(seconds / width) * width;
  }
  // A day's bar stands at a time of the venue's choosing, so a trade of the same market day joins it.
  // A new day has no bar until the server gives one.
  const isSameDay = marketDay.format(seconds * 1000) === marketDay.format(newest.time * 1000);
  return isSameDay ? newest.time : Number.NaN;
}

export type Trade = { price: number; size: number; seconds: number };

export function tradeOf(quote: Pick<Quote, 'last' | 'lastSize' | 'tradedAt'>): Trade | null {
  if (quote.last === null || quote.tradedAt === null) return null;
  return {
    price: Number(quote.last),
    size: quote.lastSize ?? 0,
    seconds: Math.floor(Date.parse(quote.tradedAt) / 1000),
  };
}

/** The newest candle after a trade: grown, or a new one; the same when the trade is older than it. */
export function withTrade(newest: Candle, trade: Trade, timeframe: Timeframe): Candle {
  const time = leftEdge(trade.seconds, timeframe, newest);
  if (time === newest.time) {
    return {
      ...newest,
      high: Math.max(newest.high, trade.price),
      low: Math.min(newest.low, trade.price),
      close: trade.price,
      volume: newest.volume + trade.size,
    };
  }
  if (!(time > newest.time)) return newest;
  const { price, size } = trade;
  return { time, open: price, high: price, low: price, close: price, volume: size };
}
