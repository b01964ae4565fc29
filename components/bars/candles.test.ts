import { describe, expect, it } from 'vitest';
import type { Bar } from '@/domain/market/bar';
import { mergeCandles, tradeOf, withTrade } from './candles';

function bar(time: string, close: string): Bar {
  return { time, open: '10', high: '12', low: '9', close, volume: 100, vwap: null, trades: null };
}
const at = (time: string) => Date.parse(time) / 1000;

describe('mergeCandles', () => {
  it('orders pages by time and lets the newer page correct a bar', () => {
    const merged = mergeCandles(
      [bar('2026-11-20T15:01:00Z', '11'), bar('2026-11-20T15:02:00Z', '11.5')],
      [bar('2026-11-20T15:00:00Z', '10.5')],
      [bar('2026-11-20T15:02:00Z', '11.7')],
    );
    expect(merged.map((candle) => candle.close)).toEqual([10.5, 11, 11.7]);
  });
});

describe('withTrade', () => {
  const [newest] = mergeCandles([bar('2026-11-20T15:00:00Z', '11')]);
  if (newest === undefined) throw new Error('no candle');

  it('grows the bar the trade falls into', () => {
    const grown = withTrade(newest, { price: 13, size: 50, seconds: at('2026-11-20T15:00:59Z') }, '1Min');
    expect(grown).toEqual({ ...newest, high: 13, close: 13, volume: 150 });
  });

  it('opens a new bar at the left edge of its minute', () => {
    const next = withTrade(newest, { price: 8, size: 5, seconds: at('2026-11-20T15:03:20Z') }, '1Min');
    expect(next).toEqual({ time: at('2026-11-20T15:03:00Z'), open: 8, high: 8, low: 8, close: 8, volume: 5 });
  });

  it('leaves the bar alone when the trade is older', () => {
    expect(withTrade(newest, { price: 1, size: 1, seconds: at('2026-11-20T14:59:59Z') }, '1Min')).toBe(
      newest,
    );
  });

  it('counts a day by the market, whatever time the bar stands at', () => {
    const [day] = mergeCandles([bar('2026-11-20T05:00:00Z', '11')]);
    if (day === undefined) throw new Error('no candle');
    const late = { price: 14, size: 1, seconds: at('2026-11-21T00:30:00Z') };
    expect(withTrade(day, late, '1Day')).toMatchObject({ time: day.time, close: 14 });
    expect(withTrade(day, { ...late, seconds: at('2026-11-21T15:00:00Z') }, '1Day')).toBe(day);
  });
});

describe('tradeOf', () => {
  it('is nothing without a last trade', () => {
    expect(tradeOf({ last: null, lastSize: null, tradedAt: '2026-11-20T15:00:00Z' })).toBeNull();
    expect(tradeOf({ last: '1', lastSize: null, tradedAt: null })).toBeNull();
  });
});
