/** A trade print. Instants are epoch milliseconds with a fraction, prices micro-dollars, sizes shares. */
export interface TradeTick {
  readonly at: number;
  readonly price: number;
  readonly size: number;
  readonly id: number;
  readonly exchange: string;
  /** Who crossed the spread. */
  readonly taker?: 'buy' | 'sell';
  /** Whether it is the print of the auction that ends a trading pause. */
  readonly reopens?: true;
}

/** A best bid and offer. `bid < ask`, both on the tick. */
export interface QuoteTick {
  readonly at: number;
  readonly bid: number;
  readonly ask: number;
  readonly bidSize: number;
  readonly askSize: number;
  readonly bidExchange: string;
  readonly askExchange: string;
}

/** A bar of trades. `start` in epoch milliseconds, prices micro-dollars, volume shares. */
export interface Bar {
  readonly start: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly trades: number;
  readonly vwap: number;
}

/** Smallest price step at a level: a cent from $1 up, a hundredth of a cent below (Reg NMS rule 612). */
export const tickOf = (price: number): number => (price >= 1_000_000 ? 10_000 : 100);

/** Puts bars that follow each other together. `parts` is not empty. */
export function mergeBars(start: number, parts: readonly Bar[]): Bar | null {
  const first = parts[0];
  const last = parts.at(-1);
  if (first === undefined || last === undefined) return null;
  let [high, low, volume, trades, value] = [first.high, first.low, 0, 0, 0];
  for (const part of parts) {
    high = Math.max(high, part.high);
    low = Math.min(low, part.low);
    volume += part.volume;
    trades += part.trades;
    value += part.vwap * part.volume;
  }
  return { start, open: first.open, high, low, close: last.close, volume, trades, vwap: value / volume };
}
