import type { Bar } from '../ticks';
import type { CompanyEvent } from './company-calendar';

/** Which events past bars are corrected for (Alpaca docs: historical bars, `adjustment`). */
export interface Adjustment {
  readonly split: boolean;
  readonly dividend: boolean;
}

/** An event with what it did to the price: the cash of a dividend and the close before its ex-day. */
export interface PricedEvent {
  readonly event: CompanyEvent;
  /** Dollars a share; 0 for a split. */
  readonly cash: number;
  /** Dollars, the close of the trading day before the ex-day. */
  readonly closeBefore: number;
}

/** Factors for a bar of a day. Later events only; prices and volume are multiplied by them. */
export function factorsOf(
  day: number,
  events: readonly PricedEvent[],
  wanted: Adjustment,
): { price: number; volume: number } {
  let [price, volume] = [1, 1];
  for (const { event, cash, closeBefore } of events) {
    if (event.exDay <= day) continue;
    if (event.kind === 'split' && wanted.split) {
      price *= event.oldRate / event.newRate;
      volume *= event.newRate / event.oldRate;
    }
    if (event.kind === 'dividend' && wanted.dividend) price *= 1 - cash / closeBefore;
  }
  return { price, volume };
}

/** Adjusted prices are given to a hundredth of a cent. Micro-dollars. */
const round = (micros: number): number => Math.max(100, Math.round(micros / 100) * 100);

/** A bar with adjusted prices and volume; `vwap` stays inside the range. */
export function adjustBar(bar: Bar, { price, volume }: { price: number; volume: number }): Bar {
  if (price === 1 && volume === 1) return bar;
  const [low, high] = [round(bar.low * price), round(bar.high * price)];
  return {
    ...bar,
    open: round(bar.open * price),
    high,
    low,
    close: round(bar.close * price),
    volume: Math.round(bar.volume * volume),
    vwap: Math.min(high, Math.max(low, bar.vwap * price)),
  };
}
