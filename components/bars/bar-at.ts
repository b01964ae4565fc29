import type { Candle } from '../charts/candle';

/** The left edge of the bar that a moment falls into; null when it is before the first. */
export function barAt(candles: readonly Candle[], seconds: number): number | null {
  let low = 0;
  let high = candles.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const candle = candles[middle];
    if (candle !== undefined && candle.time <= seconds) low = middle + 1;
    else high = middle;
  }
  return candles[low - 1]?.time ?? null;
}
