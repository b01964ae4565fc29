import {
  BarSizeSetting,
  type Contract,
  EventName,
  OptionType,
  OrderAction,
  OrderType,
  SecType,
  WhatToShow,
} from '@stoqey/ib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startWorld, stock, TwsProgram } from './testing/tws-world';

let world: Awaited<ReturnType<typeof startWorld>>;
let program: TwsProgram;
beforeAll(async () => {
  world = await startWorld();
  program = await TwsProgram.open(world.port);
});
afterAll(async () => {
  await program.close();
  await world.exchange.close();
});

let reqId = 100;
/** IB's number of that tick. */
const LAST_PRICE = 4;

async function snapshot(contract: Contract): Promise<Map<number, number>> {
  reqId += 1;
  const id = reqId;
  const ticks = new Map<number, number>();
  let done = false;
  program.api.on(EventName.tickPrice, (of, type, value) => {
    if (of === id) ticks.set(type ?? -1, value ?? -1);
  });
  program.api.on(EventName.tickSize, (of, type, value) => {
    if (of === id) ticks.set(type ?? -1, value ?? -1);
  });
  program.api.once(EventName.tickSnapshotEnd, () => void (done = true));
  program.api.reqMktData(id, contract, '', true, false);
  await program.until(() => done, 'the end of the snapshot');
  return ticks;
}

describe('contracts', () => {
  test('a stock is found by its symbol, and again by its number', async () => {
    const [one, ...others] = await program.contractDetails(stock('AAPL'));
    expect(others).toEqual([]);
    expect(one).toMatchObject({
      contract: { symbol: 'AAPL', secType: 'STK', currency: 'USD' },
      minTick: 0.01,
    });
    const again = await program.contractDetails({ conId: one?.contract.conId, exchange: 'SMART' });
    expect(again.map(({ contract }) => contract.symbol)).toEqual(['AAPL']);
  });

  test('an unknown symbol has no definition: 200', async () => {
    expect(await program.contractDetails(stock('NOSUCH'))).toEqual([]);
    expect(program.errors.at(-1)).toMatchObject({ code: 200 });
  });

  test('an option is found by what it is, by its local symbol and by its number; its quote has both sides', async () => {
    const chain = await program.contractDetails({
      symbol: 'SPY',
      secType: SecType.OPT,
      exchange: 'SMART',
      currency: 'USD',
      right: OptionType.Call,
    });
    expect(chain.length).toBeGreaterThan(100);
    const { contract: first } = chain[0] ?? { contract: {} };
    const { conId, localSymbol, strike, lastTradeDateOrContractMonth, right } = first;
    const named = { symbol: 'SPY', secType: SecType.OPT, exchange: 'SMART', currency: 'USD' };
    const ways: Contract[] = [
      { ...named, strike, right, lastTradeDateOrContractMonth },
      { secType: SecType.OPT, exchange: 'SMART', localSymbol },
      { conId, exchange: 'SMART' },
    ];
    for (const way of ways)
      expect((await program.contractDetails(way)).map(({ contract }) => contract.conId)).toEqual([conId]);
    expect(localSymbol).toMatch(/^SPY {3}\d{6}C\d{8}$/);
    const ticks = await snapshot({ conId, exchange: 'SMART' });
    expect(ticks.get(2)).toBeGreaterThan(0);
  });
});

describe('prices', () => {
  test('a snapshot has bid, ask, last and their sizes, and ends', async () => {
    const ticks = await snapshot(stock('SPY'));
    expect(ticks.get(1)).toBeLessThan(ticks.get(2) ?? 0);
    for (const type of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]) expect(ticks.get(type)).toBeGreaterThan(0);
  });
});

describe('the account', () => {
  test('its summary has what was asked for', async () => {
    const seen = new Map<string, string>();
    let done = false;
    program.api.on(
      EventName.accountSummary,
      (_id, account, tag, value) => void seen.set(`${account}/${tag}`, value),
    );
    program.api.once(EventName.accountSummaryEnd, () => void (done = true));
    program.api.reqAccountSummary(7, 'All', 'NetLiquidation,TotalCashValue,BuyingPower,NoSuchTag');
    await program.until(() => done, 'the end of the summary');
    const [number] = program.accounts;
    expect(number).toMatch(/^DU\d{7}$/);
    expect(seen).toEqual(
      new Map([
        [`${number}/NetLiquidation`, '100000'],
        [`${number}/TotalCashValue`, '100000'],
        [`${number}/BuyingPower`, '400000'],
      ]),
    );
    program.api.cancelAccountSummary(7);
  });

  test('its positions are told, and told again when they change', async () => {
    const seen: [string | undefined, number, number | undefined][] = [];
    let done = false;
    program.api.on(
      EventName.position,
      (_account, contract, qty, cost) => void seen.push([contract.symbol, qty, cost]),
    );
    program.api.once(EventName.positionEnd, () => void (done = true));
    program.api.reqPositions();
    await program.until(() => done, 'the end of the positions');
    expect(seen).toEqual([]);
    const id = program.place(
      { action: OrderAction.BUY, orderType: OrderType.MKT, totalQuantity: 3 },
      stock('KO'),
    );
    const { averagePrice } = await program.status(id, 'Filled');
    await program.until(() => seen.length > 0, 'the position');
    expect(seen).toEqual([['KO', 3, averagePrice]]);
    program.api.cancelPositions();
  });
});

interface SeenBar {
  readonly date: string;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

async function bars(wish: {
  end?: string;
  duration: string;
  size: BarSizeSetting;
  dates?: number;
}): Promise<SeenBar[]> {
  reqId += 1;
  const id = reqId;
  const found: SeenBar[] = [];
  let done = false;
  const hear = (of: number, date: string, open: number, high: number, low: number, close: number): void => {
    if (of !== id) return;
    if (date.startsWith('finished')) done = true;
    else found.push({ date, open, high, low, close });
  };
  program.api.on(EventName.historicalData, hear);
  const { end = '', duration, size, dates = 1 } = wish;
  program.api.reqHistoricalData(id, stock('AAPL'), end, duration, size, WhatToShow.TRADES, 1, dates, false);
  await program.until(() => done || program.errors.some((error) => error.id === id), 'bars');
  program.api.off(EventName.historicalData, hear);
  return found;
}

describe('bars', () => {
  test('of minutes are stamped in New York’s time, follow each other and end at the end asked for', async () => {
    const found = await bars({
      end: '20261110-16:00:00',
      duration: '1800 S',
      size: BarSizeSetting.MINUTES_FIVE,
    });
    expect(found.map(({ date }) => date)).toEqual(
      ['30', '35', '40', '45', '50', '55'].map((minute) => `20261110 10:${minute}:00 US/Eastern`),
    );
    for (const { open, high, low, close } of found) {
      expect(Math.max(open, close, low)).toBeLessThanOrEqual(high);
      expect(Math.min(open, close, high)).toBeGreaterThanOrEqual(low);
    }
  });

  test('of minutes are stamped in seconds when that is asked for', async () => {
    const [first] = await bars({
      end: '20261110-16:00:00',
      duration: '600 S',
      size: BarSizeSetting.MINUTES_FIVE,
      dates: 2,
    });
    expect(first?.date).toBe(String(Date.parse('2026-11-10T15:50:00Z') / 1_000));
  });

  test('of days have dates', async () => {
    const found = await bars({ end: '20261111-04:59:00', duration: '1 W', size: BarSizeSetting.DAYS_ONE });
    expect(found.at(-1)?.date).toBe('20261110');
    expect(found.length).toBeGreaterThan(4);
  });

  test('of seconds are refused', async () => {
    expect(await bars({ duration: '60 S', size: BarSizeSetting.SECONDS_FIVE })).toEqual([]);
    expect(program.errors.at(-1)).toMatchObject({ id: reqId, code: 321 });
  });
});

test('a stream tells of new prices as they come, until it is cancelled', async () => {
  const seen: number[] = [];
  program.api.on(EventName.tickPrice, (id, type, value) => {
    const kind: number = type ?? -1;
    if (id === 5 && kind === LAST_PRICE) seen.push(value ?? -1);
  });
  program.api.reqMktData(5, stock('SPY'), '', false, false);
  await program.until(() => seen.length > 0, 'a price');
  program.api.reqMktData(5, stock('KO'), '', false, false);
  await program.error(322, 5);
  await world.control('price', { symbol: 'SPY', price: 500, orderly: true });
  await program.until(() => Math.abs((seen.at(-1) ?? 0) - 500) < 5, 'the new price');
  program.api.cancelMktData(5);
  program.api.cancelMktData(5);
  expect((await program.error(300, 5)).text).toContain('tickerId:5');
});
