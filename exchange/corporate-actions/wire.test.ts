import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Desk, openDesk } from '../testing/desk';
import { schemaProblems } from '../testing/schema-check';

const eventShape = z.looseObject({
  activity_type: z.string(),
  activity_subtype: z.string().optional(),
  executed_at: z.string(),
  details: z.looseObject({ symbol: z.string().optional() }),
});
const historyShape = z.object({
  timestamp: z.array(z.number()),
  cashflow: z.record(z.string(), z.array(z.number())),
});

let desk: Desk;

/** A month in which much happened: dividends long and short, splits of stocks and options, fees, money in. */
beforeAll(async () => {
  desk = await openDesk({ clock: '2026-11-23T15:00:00Z', fills: 'honest' });
  const forward = { type: 'forward_split', symbol: 'AAPL', new_rate: 2, ex_date: '2026-12-01' };
  const reverse = { type: 'reverse_split', symbol: 'F', old_rate: 8, ex_date: '2026-12-01' };
  const dividend = { type: 'cash_dividend', rate: '0.5', ex_date: '2026-11-25', payable_date: '2026-12-03' };
  const actions = [forward, reverse, { ...dividend, symbol: 'TSLA' }, { ...dividend, symbol: 'AMD' }];
  for (const action of actions) await desk.control('/control/corporate-actions', action);
  await desk.hold('AAPL', '10');
  await desk.hold('F', '-100');
  await desk.hold('TSLA', '20');
  await desk.hold('AMD', '-30');
  await desk.hold('AAPL261218C00270000', '1');
  await desk.hold('F261218C00013000', '1');
  await desk.moveTo('2026-11-30', 12 * 60);
  await desk.control('/control/cash', { key_id: desk.keyId, cash: '150000' });
  await desk.moveTo('2026-12-04', 12 * 60);
});
afterAll(() => desk.exchange.close());

async function events(): Promise<z.infer<typeof eventShape>[]> {
  const headers = { 'APCA-API-KEY-ID': desk.keyId, 'APCA-API-SECRET-KEY': 'desk-secret' };
  const url = `${desk.exchange.url}/v2beta1/events/activities?since=2026-11-01&until=2026-12-04T16:59:00Z`;
  const text = await (await fetch(url, { headers })).text();
  const lines = text.split('\n\n').filter((part) => part.startsWith('data: '));
  return lines.map((line) => eventShape.parse(JSON.parse(line.slice(6))));
}

describe('the stream of activities', () => {
  test.each([
    ['DIV', 'CDIV', 'CDIVActivityV2'],
    ['DIV', 'SPD', 'DIVSPDActivityV2'],
    ['SPLIT', 'FSPLIT', 'ForwardSplitActivityV2'],
    ['SPLIT', 'RSPLIT', 'ReverseSplitActivityV2'],
    ['OPCA', 'SPLIT.FSPLIT', 'OpcaFSPLITActivityV2'],
    ['OPCA', 'SPLIT.RSPLIT', 'OpcaRSPLITActivityV2'],
  ])("tells of %s %s as Alpaca's OpenAPI document says", async (type, subType, schema) => {
    const own = (await events()).filter(
      (one) => one.activity_type === type && one.activity_subtype === subType,
    );
    expect(own.length).toBeGreaterThan(0);
    for (const event of own) {
      expect(schemaProblems('ActivityEventV2CommonFields', event)).toEqual([]);
      expect(schemaProblems(schema, event.details)).toEqual([]);
    }
  });
});

describe('the list of activities', () => {
  test("is as Alpaca's OpenAPI document says, but for its dates without a time", async () => {
    const list = z.array(z.unknown()).parse(await desk.get('/v2/account/activities?direction=asc'));
    const problems = list.flatMap((one) => schemaProblems('NonTradeActivities', one));
    expect(problems.filter((problem) => !problem.startsWith('NonTradeActivities.date: '))).toEqual([]);
    const types = new Set((await desk.activities('DIV,SPLIT,OPCA,FEE')).map((one) => one.activity_type));
    expect(types).toEqual(new Set(['DIV', 'SPLIT', 'OPCA', 'FEE']));
  });

  test('groups the contracts that go with those that come', async () => {
    const listed = await desk.activities('OPCA');
    const groups = [...new Set(listed.map((one) => one.group_id))].map((id) =>
      listed.filter((one) => one.group_id === id).map(({ symbol, qty }) => `${symbol} ${qty}`),
    );
    expect(groups).toEqual([
      ['AAPL261218C00270000 -1', 'AAPL261218C00135000 2'],
      ['F261218C00013000 -1', 'F1261218C00013000 1'],
    ]);
  });
});

describe('an adjusted contract', () => {
  test('is listed with what it delivers, under its own root', async () => {
    const contract = {
      symbol: 'F1261218C00013000',
      root_symbol: 'F1',
      underlying_symbol: 'F',
      strike_price: '13',
      multiplier: '100',
      size: '12.5',
      deliverables: [{ type: 'equity', symbol: 'F', amount: '12.5' }],
    };
    const found = await desk.get('/v2/options/contracts/F1261218C00013000');
    expect(found).toMatchObject(contract);
    expect(await desk.get(`/v2/options/contracts/${z.object({ id: z.string() }).parse(found).id}`)).toEqual(
      found,
    );
    const path = '/v2/options/contracts?underlying_symbols=F&expiration_date=2026-12-18&type=call&limit=1000';
    const roots = z.object({ option_contracts: z.array(z.object({ root_symbol: z.string() })) });
    const listed = async (more: string): Promise<Set<string>> =>
      new Set(roots.parse(await desk.get(path + more)).option_contracts.map((one) => one.root_symbol));
    expect(await listed('')).toEqual(new Set(['F1', 'F']));
    expect(await listed('&root_symbol=F1')).toEqual(new Set(['F1']));
    const snapshot = z.object({
      snapshots: z.record(z.string(), z.looseObject({ latestQuote: z.unknown() })),
    });
    const { snapshots } = snapshot.parse(
      await desk.get('/v1beta1/options/snapshots?symbols=F1261218C00013000'),
    );
    expect(snapshots['F1261218C00013000']?.latestQuote).toBeDefined();
  });
});

describe('cash flows in portfolio history', () => {
  const ask = async (types: string | null): Promise<z.infer<typeof historyShape>> => {
    const wish = types === null ? '' : `&cashflow_types=${types}`;
    const path = `/v2/account/portfolio/history?timeframe=1D&start=2026-11-23&end=2026-12-05${wish}`;
    return historyShape.parse(await desk.get(path));
  };

  test.each([
    [null, []],
    ['NONE', []],
    ['DIV', ['DIV']],
    ['CSD,CSW,FEE', ['CSD', 'CSW', 'FEE']],
    ['ALL', ['CSD', 'DIV', 'FEE', 'SPLIT']],
  ])('of %s are those of %j', async (types, names) => {
    expect(Object.keys((await ask(types)).cashflow)).toEqual(names);
  });

  test('lie in the window in which the money moved, and add up to the activities', async () => {
    const { timestamp, cashflow } = await ask('ALL');
    const dates = timestamp.map((second) => new Date(second * 1000).toISOString().slice(0, 10));
    const on = (type: string): [string | undefined, number][] =>
      (cashflow[type] ?? []).flatMap((amount, i) => (amount === 0 ? [] : [[dates[i], amount]]));
    expect(on('DIV')).toEqual([['2026-12-03', -5]]);
    expect(on('CSD').map(([date]) => date)).toEqual(['2026-11-30']);
    expect(on('FEE').map(([date]) => date)).toEqual([
      '2026-11-24',
      '2026-11-25',
      '2026-11-27',
      '2026-11-30',
      '2026-12-01',
      '2026-12-02',
      '2026-12-03',
      '2026-12-04',
    ]);
    for (const type of ['CSD', 'DIV', 'FEE', 'SPLIT']) {
      const listed = (await desk.activities(type)).reduce((sum, one) => sum + Number(one.net_amount), 0);
      expect((cashflow[type] ?? []).reduce((sum, amount) => sum + amount, 0)).toBeCloseTo(listed, 6);
    }
  });

  test('leave out what was before the start', async () => {
    const path =
      '/v2/account/portfolio/history?timeframe=1D&start=2026-12-01&end=2026-12-05&cashflow_types=TRANS,DIV';
    const { cashflow } = historyShape.parse(await desk.get(path));
    expect(cashflow).toEqual({ TRANS: [0, 0, 0, 0], DIV: [0, 0, -5, 0] });
  });

  test('of an unknown type are refused', async () => {
    const { status } = await desk.send('GET', '/v2/account/portfolio/history?cashflow_types=LUCK');
    expect(status).toBe(422);
  });
});
