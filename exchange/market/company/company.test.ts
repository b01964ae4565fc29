import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DAY_MS, newYorkDay } from '../../clock/new-york';
import { isTradingDay } from '../../clock/calendar';
import { INSTRUMENTS, type Instrument } from '../instruments';
import { Market } from '../market';
import { isLimitState, luldBands } from '../halts/luld';
import { CompanyCalendar } from './company-calendar';
import { reportsBetween } from './earnings';

const NOW = Date.parse('2026-11-20T15:00:00Z');
const TODAY = newYorkDay(NOW);
const stocks = [...INSTRUMENTS.values()];
const daily = { unit: 'day', count: 1 } as const;
const span = (daysAgo: number) => ({ from: NOW - daysAgo * DAY_MS, to: NOW });

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (list: readonly number[]): number => list.reduce((sum, x) => sum + x, 0) / list.length;
  const [ma, mb] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (const [i, x] of a.entries()) {
    const [da, db] = [x - ma, (b[i] ?? 0) - mb];
    ab += da * db;
    aa += da * da;
    bb += db * db;
  }
  return ab / Math.sqrt(aa * bb);
}

/** A past split somewhere in the list, for which the seed is searched. */
function someSplit(): { seed: number; stock: Instrument; exDay: number; ratio: number } {
  for (let seed = 1; seed < 50; seed += 1) {
    for (const stock of stocks) {
      for (const event of new CompanyCalendar(seed, stock, () => 100).events) {
        if (event.kind === 'split' && event.exDay < TODAY - 40 && event.exDay > TODAY - 1200)
          return { seed, stock, exDay: event.exDay, ratio: event.newRate / event.oldRate };
      }
    }
  }
  throw new Error('no split anywhere');
}

describe('corporate actions', () => {
  test('fall on trading days, in order, the same for every reader of a seed', () => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom(...stocks), (seed, stock) => {
        const { events } = new CompanyCalendar(seed, stock, () => 100);
        expect(new CompanyCalendar(seed, stock, () => 100).events).toEqual(events);
        expect(events.every((event) => isTradingDay(event.exDay))).toBe(true);
        expect(events.every((event, i) => i === 0 || event.exDay >= (events[i - 1]?.exDay ?? 0))).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  test.each([true, false])(
    'a split divides raw prices and multiplies volume at its ex-day (always open: %s)',
    (open) => {
      const { seed, stock, exDay, ratio } = someSplit();
      const market = new Market(seed, open);
      const around = { from: (exDay - 9) * DAY_MS, to: (exDay + 9) * DAY_MS };
      const raw = [...market.bars(stock.symbol, daily, around, NOW)];
      const split = [
        ...market.adjustedBars(stock.symbol, daily, around, { now: NOW, split: true, dividend: false }),
      ];
      const before = raw.findLast((bar) => newYorkDay(bar.start) < exDay);
      const after = raw.find((bar) => newYorkDay(bar.start) >= exDay);
      expect(Math.log((before?.close ?? 0) / (after?.open ?? 1) / ratio)).toBeCloseTo(0, 0);
      for (const [i, bar] of split.entries()) {
        const factor = newYorkDay(bar.start) < exDay ? ratio : 1;
        // Later splits would multiply both sides alike: this window knows of one.
        const ownRatio = (raw[i]?.close ?? 0) / bar.close;
        const lastRatio = (raw.at(-1)?.close ?? 0) / (split.at(-1)?.close ?? 1);
        expect(ownRatio / lastRatio).toBeCloseTo(factor, 1);
        expect(bar.volume / (raw[i]?.volume ?? 1)).toBeCloseTo(ownRatio, 1);
      }
    },
  );

  test('a dividend lowers the price by its cash, and the adjusted series does not feel it', () => {
    const market = new Market(5, true);
    const dividend = market.events('PFE', TODAY - 1).findLast(({ cash }) => cash > 0);
    if (dividend === undefined) throw new Error('no dividend');
    const { exDay } = dividend.event;
    const raw = market.closeOf('PFE', exDay - 1) ?? 0;
    expect(dividend.cash).toBeCloseTo(raw * (0.068 / 4), 1);
    const window = { from: (exDay - 3) * DAY_MS, to: (exDay + 3) * DAY_MS };
    const adjusted = [
      ...market.adjustedBars('PFE', daily, window, { now: NOW, split: false, dividend: true }),
    ];
    const plain = [...market.bars('PFE', daily, window, NOW)];
    const before = plain.findIndex((bar) => newYorkDay(bar.start) === exDay - 1);
    const ratio = (adjusted[before]?.close ?? 0) / (plain[before]?.close ?? 1);
    const later = (adjusted[before + 1]?.close ?? 0) / (plain[before + 1]?.close ?? 1);
    expect(ratio / later).toBeCloseTo(1 - dividend.cash / raw, 5);
  });

  test('prices stay between a cent and $5,000 for ten years back, for every listing', () => {
    const market = new Market(11, false);
    for (const { symbol } of stocks) {
      for (let day = TODAY - 3_650; day < TODAY; day += 61) {
        expect(market.closeOf(symbol, day)).toBeGreaterThan(0.5);
        expect(market.closeOf(symbol, day)).toBeLessThan(6_000);
      }
    }
  });
});

describe('returns', () => {
  const market = new Market(2, false);
  const returnsOf = (symbol: string): number[] => {
    const closes = [
      ...market.adjustedBars(symbol, daily, span(700), { now: NOW, split: true, dividend: true }),
    ];
    return closes.slice(1).map((bar, i) => Math.log(bar.close / (closes[i]?.close ?? 1)));
  };

  test('go together: most with the own sector, less with another, and all with the market', () => {
    const [nvda, amd, ko, spy] = ['NVDA', 'AMD', 'KO', 'SPY'].map(returnsOf);
    const [sector, other, fund] = [amd, ko, spy].map((list) => correlation(nvda ?? [], list ?? []));
    expect(sector).toBeGreaterThan((other ?? 1) + 0.03);
    expect(other).toBeGreaterThan(0.1);
    expect(fund).toBeGreaterThan(0.3);
  });

  test('go together within the day too', () => {
    const half = { unit: 'minute', count: 30 } as const;
    const changes = (symbol: string): number[] =>
      [...market.bars(symbol, half, span(60), NOW)].map((bar) => Math.log(bar.close / bar.open));
    expect(correlation(changes('SPY'), changes('QQQ'))).toBeGreaterThan(0.8);
  });

  test('volume and movement are higher at the edges of a day than at noon', () => {
    let [edge, noon, edgeMove, noonMove] = [0, 0, 0, 0];
    for (const bar of market.bars('AAPL', { unit: 'minute', count: 30 }, span(60), NOW)) {
      const minute = Math.round((bar.start - newYorkDay(bar.start) * DAY_MS) / 60_000) % 1440;
      const fromOpen = minute - 14 * 60 - 30;
      const move = Math.abs(Math.log(bar.close / bar.open));
      if (fromOpen === 0) [edge, edgeMove] = [edge + bar.volume, edgeMove + move];
      if (fromOpen === 180) [noon, noonMove] = [noon + bar.volume, noonMove + move];
    }
    expect(edge).toBeGreaterThan(noon * 1.8);
    expect(edgeMove).toBeGreaterThan(noonMove * 1.1);
  });

  test('jump over the night of a quarterly report, about twice as far as on a usual night', () => {
    let [reported, usual, nights, usualNights] = [0, 0, 0, 0];
    for (const stock of stocks.filter((one) => one.sector === 'chips')) {
      const reports = reportsBetween(2, stock, { from: 2025, to: 2026 });
      const days = new Set(reports.map((report) => report.reactionDay));
      const bars = [
        ...market.adjustedBars(stock.symbol, daily, span(300), { now: NOW, split: true, dividend: true }),
      ];
      for (const [i, bar] of bars.entries()) {
        if (i === 0) continue;
        const gap = Math.abs(Math.log(bar.open / (bars[i - 1]?.close ?? 1))) / stock.volatility;
        if (days.has(newYorkDay(bar.start))) [reported, nights] = [reported + gap, nights + 1];
        else [usual, usualNights] = [usual + gap, usualNights + 1];
      }
    }
    expect(nights).toBeGreaterThan(20);
    expect(reported / nights).toBeGreaterThan((2 * usual) / usualNights);
  });
});

test.each([
  [100_000_000, '2026-11-20T17:00:00Z', 95_000_000, 105_000_000],
  [100_000_000, '2026-11-20T20:40:00Z', 90_000_000, 110_000_000],
  [2_000_000, '2026-11-20T17:00:00Z', 1_600_000, 2_400_000],
  [500_000, '2026-11-20T17:00:00Z', 350_000, 650_000],
])('price bands around %d micro-dollars at %s are %d and %d', (reference, at, down, up) => {
  const bands = luldBands(reference, Date.parse(at), { tier: 1, alwaysOpen: false });
  expect(bands).toEqual({ up, down });
  expect(isLimitState(up, bands)).toBe(true);
  expect(isLimitState(reference, bands)).toBe(false);
});
