import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { INSTRUMENTS } from './instruments';
import { LISTINGS } from './listings';
import { Market, type Span } from './market';
import type { QuoteTick, TradeTick } from './ticks';

const DAY = 86_400_000;
const day = Date.parse('2026-10-14T00:00:00-04:00');

describe('the list of stocks and funds', () => {
  test('has at least 500, each symbol once, with levels that a market can hold', () => {
    expect(LISTINGS.length).toBeGreaterThanOrEqual(500);
    expect(INSTRUMENTS.size).toBe(LISTINGS.length);
    for (const [symbol, name, , , price, dailyPercent, millions, dividendPercent] of LISTINGS) {
      expect(symbol).toMatch(/^[A-Z]{1,5}(\.[A-Z])?$/);
      expect(name.length).toBeGreaterThan(3);
      expect(price).toBeGreaterThan(1);
      expect(dailyPercent).toBeGreaterThan(0);
      expect(dailyPercent).toBeLessThan(8);
      expect(millions).toBeGreaterThan(0);
      expect(dividendPercent).toBeLessThan(10);
    }
  });

  test.each([
    [true, 'AAPL', [280.51, 280.55, 277.3, 279.65], 50_851_062],
    [true, 'XOM', [107.89, 108.76, 106.67, 108.66], 9_886_312],
    [false, 'AAPL', [271.23, 272.48, 268.89, 269.28], 56_311_193],
    [false, 'SPY', [681.3, 682.7, 675.21, 675.34], 87_971_404],
  ])(
    'may grow and moves nobody: always open %s, %s has the day that it had among 76',
    (open, symbol, ohlc, volume) => {
      const span = { from: day, to: day + 1 };
      const [bar] = new Market(1, open).bars(symbol, { unit: 'day', count: 1 }, span, day + 2 * DAY);
      expect([bar?.open, bar?.high, bar?.low, bar?.close]).toEqual(ohlc.map((price) => price * 1_000_000));
      expect(bar?.volume).toBe(volume);
    },
  );
});

test('what a beat reads of quotes and trades is what the whole minute holds, wherever the beats begin', () => {
  const market = new Market(4, false);
  const symbols = fc.constantFrom(...INSTRUMENTS.keys());
  const from = fc.integer({ min: Date.parse('2026-01-05T09:30:00-05:00'), max: day });
  fc.assert(
    fc.property(symbols, from, fc.integer({ min: 20, max: 9_000 }), (symbol, from, step) => {
      const whole = { from, to: from + 60_000 };
      const beats: Span[] = [];
      for (let at = from; at < whole.to; at += step)
        beats.push({ from: at, to: Math.min(whole.to, at + step) });
      for (const kind of ['trades', 'quotes'] as const) {
        const read: (QuoteTick | TradeTick)[] = [];
        for (const span of beats) read.push(...market[kind](symbol, span));
        const longer = [...market[kind](symbol, { from: from - 120_000, to: whole.to })];
        expect(read).toEqual(longer.filter(({ at }) => at >= from));
      }
    }),
    { numRuns: 60 },
  );
});
