/** One candle; `time` is its left edge in epoch seconds. */
export type Candle = {
  time: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
};

/** What the reader bought or sold within one bar. */
export type Marker = { time: number; side: 'buy' | 'sell'; text: string };
