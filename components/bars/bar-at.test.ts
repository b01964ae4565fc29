import { describe, expect, it } from 'vitest';
import { barAt } from './bar-at';

const candles = [60, 120, 300].map((time) => ({ time, open: 1, high: 1, low: 1, close: 1, volume: 0 }));

describe('barAt', () => {
  it('finds the bar whose left edge is at or before the moment', () => {
    expect(barAt(candles, 120)).toBe(120);
    expect(barAt(candles, 299)).toBe(120);
    expect(barAt(candles, 10_000)).toBe(300);
  });

  it('finds none before the first bar or without bars', () => {
    expect(barAt(candles, 59)).toBeNull();
    expect(barAt([], 59)).toBeNull();
  });
});
