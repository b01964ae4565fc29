import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { INSTRUMENTS } from './instruments';
import { Market } from './market';
import { mergeBars, tickOf } from './ticks';
import { parseTimeframe } from './timeframe';

const MINUTE = 60_000;
const NOW = Date.parse('2026-11-20T15:00:00Z');
const symbol = fc.constantFrom(...INSTRUMENTS.keys());
const instant = fc.integer({
  min: Date.parse('2016-06-01T00:00:00Z'),
  max: Date.parse('2029-01-01T00:00:00Z'),
});
const minuteFrame = { unit: 'minute', count: 1 } as const;

describe.each([true, false])('the market (always open: %s)', (alwaysOpen) => {
  const market = new Market(7, alwaysOpen);

  test('quotes sane prices at any time: positive, on the tick, bid below ask', () => {
    fc.assert(
      fc.property(symbol, instant, (name, at) => {
        const quote = market.quoteAt(name, at);
        if (quote === undefined) throw new Error('no quote');
        expect(quote.at).toBeLessThanOrEqual(at);
        expect(quote.bid).toBeGreaterThan(0);
        expect(quote.bid).toBeLessThan(quote.ask);
        expect(quote.bid % tickOf(quote.bid)).toBe(0);
        expect(quote.ask % tickOf(quote.bid)).toBe(0);
        expect((quote.ask - quote.bid) / quote.bid).toBeLessThan(0.02);
      }),
      { numRuns: 300 },
    );
  });

  test('gives the same answer to another reader with the same seed, in any order of asking', () => {
    const other = new Market(7, alwaysOpen);
    fc.assert(
      fc.property(symbol, instant, (name, at) => {
        expect(other.quoteAt(name, at)).toEqual(market.quoteAt(name, at));
        expect(other.tradeAt(name, at)).toEqual(new Market(7, alwaysOpen).tradeAt(name, at));
      }),
      { numRuns: 25 },
    );
  });

  test('makes every minute bar exactly of its trades', () => {
    fc.assert(
      fc.property(symbol, instant, (name, at) => {
        const bar = market.minuteBar(name, at);
        if (bar === undefined) throw new Error('no bar');
        const trades = [...market.trades(name, { from: bar.start, to: bar.start + MINUTE })];
        const prices = trades.map((trade) => trade.price);
        expect(bar).toMatchObject({
          open: prices[0],
          close: prices.at(-1),
          high: Math.max(...prices),
          low: Math.min(...prices),
          trades: trades.length,
          volume: trades.reduce((sum, trade) => sum + trade.size, 0),
        });
        expect(trades.every((trade, i) => i === 0 || trade.at > (trades[i - 1]?.at ?? 0))).toBe(true);
        expect(bar.vwap).toBeGreaterThanOrEqual(bar.low);
        expect(bar.vwap).toBeLessThanOrEqual(bar.high);
      }),
      { numRuns: 150 },
    );
  });

  test('makes hours and days exactly of their minutes', () => {
    fc.assert(
      fc.property(symbol, fc.integer({ min: 1, max: 900 }), (name, daysAgo) => {
        const from = NOW - daysAgo * 1440 * MINUTE;
        const span = { from: from - (from % (60 * MINUTE)), to: from - (from % (60 * MINUTE)) + 60 * MINUTE };
        const hour = [...market.bars(name, { unit: 'minute', count: 60 }, span, NOW)];
        const minutes = [...market.bars(name, minuteFrame, span, NOW)];
        const { vwap: _a, ...merged } = mergeBars(span.from, minutes) ?? { vwap: 0 };
        const { vwap: _b, ...whole } = hour[0] ?? { vwap: 0 };
        expect(whole).toEqual(merged);
      }),
      { numRuns: 40 },
    );
  });

  test('joins without a step from one trading day to the next, splits and dividends aside', () => {
    const how = { now: NOW, split: true, dividend: true };
    for (const name of ['SPY', 'AAPL', 'SNAP']) {
      const span = { from: NOW - 90 * 1440 * MINUTE, to: NOW };
      const days = [...market.adjustedBars(name, { unit: 'day', count: 1 }, span, how)];
      for (const [i, day] of days.entries()) {
        const before = days[i - 1];
        if (before === undefined) continue;
        const gap = Math.abs(Math.log(day.open / before.close));
        expect(gap).toBeLessThan((INSTRUMENTS.get(name)?.volatility ?? 0) * (alwaysOpen ? 0.3 : 9));
      }
    }
  });
});

describe('a symbol', () => {
  test('runs on from a price that control sets, and keeps its past', () => {
    const market = new Market(3, true);
    const before = market.quoteAt('AAPL', NOW - 1);
    market.shift('AAPL', { at: NOW, factor: 2 });
    const after = market.quoteAt('AAPL', NOW + 1_000);
    expect(market.quoteAt('AAPL', NOW - 1)).toEqual(before);
    expect((after?.bid ?? 0) / (before?.bid ?? 1)).toBeCloseTo(2, 1);
  });

  test('stands still while it is halted', () => {
    const market = new Market(3, true);
    market.halt('AAPL', NOW);
    const frozen = market.quoteAt('AAPL', NOW);
    expect(market.quoteAt('AAPL', NOW + 10 * MINUTE)).toEqual(frozen);
    expect([...market.trades('AAPL', { from: NOW, to: NOW + MINUTE })]).toEqual([]);
    market.resume('AAPL', NOW + 10 * MINUTE);
    expect(market.quoteAt('AAPL', NOW + 11 * MINUTE)?.at).toBeGreaterThan(NOW + 10 * MINUTE);
  });
});

test.each([
  ['1Min', { unit: 'minute', count: 1 }],
  ['15T', { unit: 'minute', count: 15 }],
  ['1min', { unit: 'minute', count: 1 }],
  ['4Hour', { unit: 'minute', count: 240 }],
  ['1D', { unit: 'day', count: 1 }],
  ['3M', { unit: 'month', count: 3 }],
  ['60Min', null],
  ['2Day', null],
  ['5Month', null],
])('timeframe %s reads as %j', (text, expected) => {
  expect(parseTimeframe(text)).toEqual(expected);
});
