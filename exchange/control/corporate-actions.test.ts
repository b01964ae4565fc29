import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { ExchangeOptions } from '../index';
import { type Desk, openDesk } from '../testing/desk';

const EX_DATE = '2026-12-01';
const forward = { type: 'forward_split', symbol: 'AAPL', new_rate: 4, ex_date: EX_DATE };
const reverse = { type: 'reverse_split', symbol: 'F', old_rate: 8, ex_date: EX_DATE };
const desks: Desk[] = [];

async function desk(options: ExchangeOptions = {}): Promise<Desk> {
  const made = await openDesk({ clock: '2026-11-23T15:00:00Z', ...options });
  desks.push(made);
  return made;
}

afterEach(async () => {
  for (const one of desks.splice(0)) await one.exchange.close();
});

describe('POST /control/corporate-actions', () => {
  test.each([
    ['an unknown symbol', { ...forward, symbol: 'NONE' }, 404],
    ['crypto', { ...forward, symbol: 'BTC/USD' }, 404],
    ['an unknown type', { ...forward, type: 'spin_off' }, 400],
    ['a key that is none', { ...forward, rate: '1' }, 400],
    ['no ex-date', { type: 'forward_split', symbol: 'AAPL', new_rate: 2 }, 400],
    ['an ex-date that is no date', { ...forward, ex_date: '2026-02-31' }, 422],
    ['an ex-date of today', { ...forward, ex_date: '2026-11-23' }, 422],
    ['an ex-date on a Saturday', { ...forward, ex_date: '2026-12-05' }, 422],
    ['an ex-date on a holiday', { ...forward, ex_date: '2026-11-26' }, 422],
    ['an ex-date years ahead', { ...forward, ex_date: '2029-12-05' }, 422],
    ['a forward split that is reverse', { ...forward, new_rate: 1, old_rate: 4 }, 422],
    ['a split into nothing', { ...forward, new_rate: 0 }, 400],
    ['a split by half shares', { ...forward, new_rate: 1.5 }, 400],
    ['a reverse split that is forward', { ...reverse, new_rate: 8, old_rate: 1 }, 422],
    ['a dividend of nothing', { type: 'cash_dividend', symbol: 'KO', rate: '0', ex_date: EX_DATE }, 422],
    ['a dividend of words', { type: 'cash_dividend', symbol: 'KO', rate: 'ten', ex_date: EX_DATE }, 422],
    ['a dividend of the price', { type: 'cash_dividend', symbol: 'KO', rate: 60, ex_date: EX_DATE }, 422],
    [
      'a payment before the ex-date',
      { type: 'cash_dividend', symbol: 'KO', rate: 1, ex_date: EX_DATE, payable_date: '2026-11-30' },
      422,
    ],
  ])('refuses %s', async (_title, body, status) => {
    const one = await desk();
    const answer = await one.control('/control/corporate-actions', body);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ code: expect.any(Number), message: expect.any(String) });
  });

  test('refuses a symbol that is played from a recording', async () => {
    const dir = await mkdtemp('/tmp/ex-recorded-');
    const replay = join(dir, 'trades.csv');
    const lines = ['symbol,timestamp,price,size', 'AAPL,2026-11-23T15:00:00Z,200,10'];
    await writeFile(replay, `${lines.join('\n')}\n`);
    const one = await desk({ replay });
    const { status } = await one.control('/control/corporate-actions', forward);
    expect([status, (await one.control('/control/corporate-actions', reverse)).status]).toEqual([422, 201]);
    await rm(dir, { recursive: true });
  });

  test('is the one way to adjusted contracts: nobody is given any', async () => {
    const one = await desk();
    await one.control('/control/corporate-actions', reverse);
    await one.hold('F261218C00013000', '2');
    await one.moveTo(EX_DATE, 10 * 60);
    const set = async (qty: string): Promise<number> => {
      const wish = { key_id: one.keyId, symbol: 'F1261218C00013000', qty };
      return (await one.control('/control/positions', wish)).status;
    };
    expect([await set('3'), await set('-1'), await set('1'), await set('0')]).toEqual([422, 422, 200, 200]);
  });

  test('refuses a second split on one day, and answers the first with its id', async () => {
    const one = await desk();
    const first = await one.control('/control/corporate-actions', forward);
    expect(first).toMatchObject({ status: 201, body: { type: 'forward_split', new_rate: 4, old_rate: 1 } });
    expect((await one.control('/control/corporate-actions', forward)).status).toBe(409);
  });

  test('is known at once, in both lists, and adjusts prices from its ex-date', async () => {
    const one = await desk();
    const { body } = await one.control('/control/corporate-actions', forward);
    const { id } = z.object({ id: z.string() }).parse(body);
    expect(await one.get(`/v1/corporate-actions?ids=${id}`)).toMatchObject({
      corporate_actions: { forward_splits: [{ id, symbol: 'AAPL', new_rate: 4, ex_date: EX_DATE }] },
    });
    expect(await one.get(`/v2/corporate_actions/announcements/${id}`)).toMatchObject({
      ca_type: 'split',
      ex_date: EX_DATE,
      declaration_date: '2026-11-23',
    });
    await one.moveTo('2026-12-02', 12 * 60);
    const closes = async (adjustment: string): Promise<number[]> => {
      const path = `/v2/stocks/AAPL/bars?timeframe=1Day&start=2026-11-30&end=2026-12-01&feed=iex&adjustment=${adjustment}`;
      const shape = z.object({ bars: z.array(z.object({ c: z.number(), v: z.number() })) });
      return shape.parse(await one.get(path)).bars.map(({ c }) => c);
    };
    const [raw, adjusted] = [await closes('raw'), await closes('split')];
    expect((raw[0] ?? 0) / (raw[1] ?? 1)).toBeGreaterThan(3.5);
    expect((adjusted[0] ?? 0) * 4).toBeCloseTo(raw[0] ?? 0, 6);
    expect(adjusted[1]).toBe(raw[1]);
  });
});
