/** One candle; `time` is its left edge in epoch seconds. */
export type Candle = {
  time: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
};

/** Something that happened at a price: an own fill. */
export type Marker = { id: string; time: number; side: 'buy' | 'sell'; price: number; text: string };
