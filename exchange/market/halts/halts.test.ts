import { describe, expect, test } from 'vitest';
import { newYorkDay } from '../../clock/new-york';
import { StockFeed } from '../../stream/feeds/stock-feed';
import { keyOf } from '../hash';
import { INSTRUMENTS, type Instrument } from '../instruments';
import { Market } from '../market';
import { mergeBars } from '../ticks';
import { TradingDays } from '../trading-days';
import { isLimitState, luldBands } from './luld';
import { type Shock, shockOf } from './shocks';

const MINUTE = 60_000;
const DAY = 86_400_000;
const NOW = Date.parse('2026-11-20T15:00:00Z');
const SEED = 7;
const minutes = { unit: 'minute', count: 1 } as const;
const dollars = (micros: number): number => micros / 1_000_000;

/** All shocks of the year before NOW. */
function shocks(alwaysOpen: boolean): [Instrument, Shock][] {
  const days = TradingDays.of(alwaysOpen);
  const found: [Instrument, Shock][] = [];
  for (const instrument of INSTRUMENTS.values()) {
    for (const day of days.between(newYorkDay(NOW) - 365, newYorkDay(NOW) - 1)) {
      const shock = shockOf(keyOf(SEED, `${instrument.symbol}/shock`), instrument, day);
      if (shock !== null) found.push([instrument, shock]);
    }
  }
  return found;
}

/** The pause after an instant. */
function pauseAfter(market: Market, symbol: string, at: number): { from: number; to: number } | undefined {
  const changes = [...market.haltChanges(symbol, { from: at, to: at + 20 * MINUTE })];
  const [begun, ended] = [changes.find(({ halted }) => halted), changes.find(({ halted }) => !halted)];
  return begun === undefined ? undefined : { from: begun.at, to: ended?.at ?? Infinity };
}

test('news shocks are a few a year over the whole list, and rather in volatile names', () => {
  const all = shocks(false);
  expect(all.length).toBeGreaterThan(3);
  expect(all.length).toBeLessThan(40);
  const mean = (list: Instrument[]): number =>
    list.reduce((sum, { volatility }) => sum + volatility, 0) / list.length;
  const [struck, whole] = [all.map(([instrument]) => instrument), [...INSTRUMENTS.values()]];
  expect(mean(struck)).toBeGreaterThan(mean(whole) * 1.1);
  expect(struck.every(({ sector }) => sector !== 'fund' && sector !== 'bond')).toBe(true);
});

describe.each([true, false])('a jump of the model beyond the bands (always open: %s)', (alwaysOpen) => {
  const market = new Market(SEED, alwaysOpen);
  const cases = shocks(alwaysOpen)
    .map(([{ symbol }, { at }]) => ({ symbol, at, pause: pauseAfter(market, symbol, at) }))
    .flatMap(({ pause, ...rest }) => (pause === undefined ? [] : [{ ...rest, pause }]));

  test('is held at the band for 15 seconds, pauses trading for five minutes and reopens with an auction', () => {
    expect(cases.length).toBeGreaterThan(3);
    for (const { symbol, at, pause } of cases) {
      expect(pause.from - at).toBeGreaterThanOrEqual(15_000);
      expect(pause.to - pause.from).toBe(5 * MINUTE);
      const bands = market.bandsAt(symbol, at);
      if (bands === null) throw new Error('no bands');
      const held = [...market.trades(symbol, { from: at, to: pause.from })];
      const lastQuote = market.quoteAt(symbol, pause.from);
      expect(
        [lastQuote?.ask, lastQuote?.bid].some((price) => price === bands.up || price === bands.down),
      ).toBe(true);
      expect(held.every(({ price }) => price >= bands.down && price <= bands.up)).toBe(true);
      expect([...market.trades(symbol, pause)]).toEqual([]);
      expect([...market.quotes(symbol, pause)]).toEqual([]);
      expect(market.bandsAt(symbol, pause.from + MINUTE)).toBeNull();
      expect([market.isHalted(symbol, pause.from), market.isHalted(symbol, pause.to)]).toEqual([true, false]);
      const [print] = market.trades(symbol, { from: pause.to, to: pause.to + MINUTE });
      expect(print).toMatchObject({ at: pause.to, reopens: true });
      expect(isLimitState(print?.price ?? 0, bands)).toBe(true);
    }
  });

  test('leaves no bar in the pause, and bars around it are exactly their trades', () => {
    for (const { symbol, at, pause } of cases) {
      const span = {
        from: Math.floor(at / MINUTE) * MINUTE - MINUTE,
        to: Math.ceil(pause.to / MINUTE) * MINUTE,
      };
      const bars = [...market.bars(symbol, minutes, span, NOW)];
      expect(bars.filter(({ start }) => start >= pause.from && start + MINUTE <= pause.to)).toEqual([]);
      for (const bar of bars) {
        const trades = [...market.trades(symbol, { from: bar.start, to: bar.start + MINUTE })];
        const prices = trades.map(({ price }) => price);
        expect(bar).toMatchObject({
          open: prices[0],
          close: prices.at(-1),
          high: Math.max(...prices),
          low: Math.min(...prices),
          trades: trades.length,
          volume: trades.reduce((sum, { size }) => sum + size, 0),
        });
        expect(trades.every((trade, i) => i === 0 || trade.at > (trades[i - 1]?.at ?? 0))).toBe(true);
      }
    }
  });

  test('is the same for every reader, in any order of asking, and the day is its minutes', () => {
    for (const { symbol, at, pause } of cases.slice(0, 4)) {
      const other = new Market(SEED, alwaysOpen);
      const span = { from: at - 8 * MINUTE, to: pause.to + 8 * MINUTE };
      expect(other.tradeAt(symbol, pause.to + 1)).toEqual(market.tradeAt(symbol, pause.to + 1));
      expect([...other.trades(symbol, span)]).toEqual([...market.trades(symbol, span)]);
      const midnight = newYorkDay(at);
      const days = [...other.bars(symbol, { unit: 'day', count: 1 }, { from: at - DAY, to: at }, NOW)];
      const day = days.find(({ start }) => newYorkDay(start) === midnight);
      const parts = [...market.bars(symbol, minutes, { from: at - DAY, to: at + DAY }, NOW)].filter(
        ({ start }) => newYorkDay(start) === midnight && (alwaysOpen || isCore(start)),
      );
      const { vwap: _a, start: _b, ...whole } = day ?? { vwap: 0, start: 0 };
      const { vwap: _c, start: _d, ...merged } = mergeBars(0, parts) ?? { vwap: 0, start: 0 };
      expect(whole).toEqual(merged);
    }
  });

  test('is over by the close: the price is where it would have been', () => {
    for (const { symbol, at } of cases.slice(0, 4)) {
      const close = market.closeOf(symbol, newYorkDay(at)) ?? 0;
      const days = [...market.bars(symbol, { unit: 'day', count: 1 }, { from: at - DAY, to: at }, NOW)];
      const bar = days.find(({ start }) => newYorkDay(start) === newYorkDay(at));
      expect(Math.abs(dollars(bar?.close ?? 0) / close - 1)).toBeLessThan(0.005);
    }
  });
});

const newYork = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'America/New_York',
  hour: '2-digit',
  minute: '2-digit',
});
const isCore = (at: number): boolean => {
  const time = newYork.format(at);
  return time >= '09:30' && time < '16:00';
};

describe('a sudden shift by control', () => {
  const noon = Date.parse('2026-11-18T12:00:00-05:00');
  const shifted = (factor: number, at = noon, alwaysOpen = false, symbol = 'AAPL'): Market => {
    const market = new Market(3, alwaysOpen);
    market.shift(symbol, { at, factor, sudden: true });
    return market;
  };

  test('pauses trading when it lies beyond the bands, up or down, and not when within', () => {
    expect(pauseAfter(shifted(1.08), 'AAPL', noon)).toEqual({ from: noon + 15_000, to: noon + 315_000 });
    expect(pauseAfter(shifted(0.9), 'AAPL', noon)).toEqual({ from: noon + 15_000, to: noon + 315_000 });
    expect(pauseAfter(shifted(1.03), 'AAPL', noon)).toBeUndefined();
    const orderly = new Market(3, false);
    orderly.shift('AAPL', { at: noon, factor: 1.5 });
    expect(pauseAfter(orderly, 'AAPL', noon)).toBeUndefined();
  });

  test('of 8 % is within the bands of tier 2, which are 10 % wide', () => {
    expect(pauseAfter(shifted(1.08, noon, false, 'TSM'), 'TSM', noon)).toBeUndefined();
    expect(pauseAfter(shifted(1.13, noon, false, 'TSM'), 'TSM', noon)).toBeDefined();
  });

  test('that is taken back within 15 seconds pauses nothing, and what was told before stays', () => {
    const market = shifted(1.08);
    const early = [...market.trades('AAPL', { from: noon - MINUTE, to: noon + 9_000 })];
    market.shift('AAPL', { at: noon + 10_000, factor: 1 / 1.08, sudden: true });
    expect(pauseAfter(market, 'AAPL', noon)).toBeUndefined();
    expect([...market.trades('AAPL', { from: noon - MINUTE, to: noon + 9_000 })]).toEqual(early);
  });

  test('within a pause moves the reopening, not the pause', () => {
    const market = shifted(1.08);
    market.shift('AAPL', { at: noon + MINUTE, factor: 1.2, sudden: true });
    const pause = pauseAfter(market, 'AAPL', noon);
    expect(pause).toEqual({ from: noon + 15_000, to: noon + 315_000 });
    const [print] = market.trades('AAPL', { from: noon + 315_000, to: noon + 6 * MINUTE });
    const before = market.tradeAt('AAPL', noon - 1)?.price ?? 1;
    expect((print?.price ?? 0) / before).toBeCloseTo(1.08 * 1.2, 2);
    const bands = market.bandsAt('AAPL', noon + 330_000);
    expect(((bands?.up ?? 0) + (bands?.down ?? 0)) / 2 / (print?.price ?? 1)).toBeCloseTo(1, 2);
  });

  test('in the last ten minutes stops trading to the close, at which it trades once more', () => {
    const late = Date.parse('2026-11-18T15:52:00-05:00');
    const close = Date.parse('2026-11-18T16:00:00-05:00');
    expect(pauseAfter(shifted(1.08, late), 'AAPL', late)).toBeUndefined();
    const market = shifted(1.15, late);
    expect(pauseAfter(market, 'AAPL', late)).toEqual({ from: late + 15_000, to: close - 1 });
    const trades = [...market.trades('AAPL', { from: late + 15_000, to: close })];
    expect(trades).toMatchObject([{ at: close - 1, reopens: true }]);
  });

  test('pauses in a market that was loaded from a snapshot too', () => {
    const market = new Market(3, false);
    market.load(structuredClone(shifted(1.08).save()));
    expect(pauseAfter(market, 'AAPL', noon)).toEqual({ from: noon + 15_000, to: noon + 315_000 });
  });

  test('outside the core session meets no bands', () => {
    for (const time of ['08:00', '18:00']) {
      const at = Date.parse(`2026-11-18T${time}:00-05:00`);
      expect(pauseAfter(shifted(1.5, at), 'AAPL', at)).toBeUndefined();
      expect(shifted(1.5, at).bandsAt('AAPL', at)).toBeNull();
    }
  });

  test('on an always-open clock pauses at any hour, over midnight too', () => {
    const midnight = Date.parse('2026-11-18T00:00:00-05:00') - MINUTE;
    const market = shifted(1.2, midnight, true);
    expect(pauseAfter(market, 'AAPL', midnight)).toEqual({ from: midnight + 15_000, to: midnight + 315_000 });
    expect([...market.trades('AAPL', { from: midnight + 15_000, to: midnight + 315_000 })]).toEqual([]);
  });

  test.each([
    ['AAPL', 'P', 'LUDP', 'T', 'C'],
    ['XOM', '2', 'M', '3', 'A'],
  ])(
    'of %s is told on the statuses channel in the codes of its tape',
    (symbol, paused, reason, resumed, z) => {
      const feed = new StockFeed(shifted(1.3, noon, false, symbol), 'paid');
      const told = [...feed.messages('statuses', symbol, { from: noon, to: noon + 10 * MINUTE })];
      expect(told).toMatchObject([
        { T: 's', S: symbol, sc: paused, rc: reason, z },
        { T: 's', S: symbol, sc: resumed, rc: '', z },
      ]);
    },
  );
});

test.each([
  [100_000_000, '2026-11-20T12:00:00-05:00', 90, 110],
  [100_000_000, '2026-11-20T15:40:00-05:00', 90, 110],
  [2_000_000, '2026-11-20T15:40:00-05:00', 1.2, 2.8],
])('tier 2 around %d micro-dollars at %s: %d to %d', (reference, at, down, up) => {
  const bands = luldBands(reference, Date.parse(at), { tier: 2, alwaysOpen: false });
  expect([dollars(bands.down), dollars(bands.up)]).toEqual([down, up]);
});

test('bands of tier 1 double in the last 25 minutes of a short day too', () => {
  const at = Date.parse('2026-11-27T12:40:00-05:00');
  expect(luldBands(100_000_000, at, { tier: 1, alwaysOpen: false }).up).toBe(110_000_000);
});
