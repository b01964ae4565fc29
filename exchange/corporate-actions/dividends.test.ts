import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { ExchangeOptions } from '../index';
import { type Desk, openDesk } from '../testing/desk';

const START = '2026-11-23T15:00:00Z';
const OPEN = 9 * 60 + 30;
const desks: Desk[] = [];

async function desk(options: ExchangeOptions = {}): Promise<Desk> {
  const made = await openDesk({ clock: START, fills: 'honest', carry: false, ...options });
  desks.push(made);
  return made;
}

afterEach(async () => {
  for (const one of desks.splice(0)) await one.exchange.close();
});

const dividend = {
  type: 'cash_dividend',
  symbol: 'TSLA',
  rate: '1.25',
  ex_date: '2026-11-25',
  payable_date: '2026-12-03',
};

const bar = z.object({ t: z.string(), o: z.number(), c: z.number() });
const barsShape = z.object({ bars: z.array(bar) });

describe('a cash dividend', () => {
  test('is paid on the payable date to who held at the close before the ex-date', async () => {
    const one = await desk();
    await one.control('/control/corporate-actions', dividend);
    await one.hold('TSLA', '100.5');
    await one.moveTo('2026-11-24', 19 * 60);
    await one.moveTo('2026-11-25', OPEN + 60);
    // Sold and bought on the ex-date: neither changes who is entitled to what.
    await one.hold('TSLA', '3');
    await one.moveTo('2026-12-02', OPEN);
    expect(await one.activities('DIV')).toEqual([]);
    const before = await one.get('/v2/account');
    await one.moveTo('2026-12-03', OPEN);
    const [paid, ...more] = await one.activities('DIV');
    expect(paid).toMatchObject({
      activity_sub_type: 'CDIV',
      symbol: 'TSLA',
      date: '2026-12-03',
      qty: '100.5',
      per_share_amount: '1.25',
      net_amount: '125.625',
    });
    expect(paid?.cusip).toMatch(/^[0-9A-Z]{9}$/);
    expect(more).toEqual([]);
    const cash = (account: unknown): number => Number(z.object({ cash: z.string() }).parse(account).cash);
    expect(cash(await one.get('/v2/account')) - cash(before)).toBeCloseTo(125.625, 6);
  });

  test('is owed by who is short', async () => {
    const one = await desk();
    await one.control('/control/corporate-actions', dividend);
    await one.hold('TSLA', '-40');
    await one.moveTo('2026-12-04', OPEN);
    expect(await one.activities('DIV')).toMatchObject([
      { activity_sub_type: 'SPD', qty: '-40', net_amount: '-50', date: '2026-12-03' },
    ]);
  });

  test('is not paid to who buys on the ex-date', async () => {
    const one = await desk();
    await one.control('/control/corporate-actions', dividend);
    await one.moveTo('2026-11-25', OPEN);
    await one.hold('TSLA', '100');
    await one.moveTo('2026-12-04', OPEN);
    expect(await one.activities('DIV')).toEqual([]);
  });

  test.each([
    ['as on Alpaca', {}, 0],
    ['unless the exchange is told to', { dividends: true }, 1],
  ] as const)('is not paid with paper fills, %s', async (_title, more, payments) => {
    const one = await desk({ fills: 'alpaca-paper', ...more });
    await one.control('/control/corporate-actions', dividend);
    await one.hold('TSLA', '100');
    await one.moveTo('2026-12-04', OPEN);
    expect(await one.activities('DIV')).toHaveLength(payments);
  });

  test("of the model's own calendar is paid as it was announced", async () => {
    const one = await desk({ clock: '2026-11-02T15:00:00Z' });
    await one.hold('F', '1000');
    await one.moveTo('2027-03-01', OPEN);
    const listed = z
      .object({
        corporate_actions: z.object({
          cash_dividends: z.array(
            z.object({ rate: z.number(), ex_date: z.string(), payable_date: z.string() }),
          ),
        }),
      })
      .parse(
        await one.get('/v1/corporate-actions?symbols=F&types=cash_dividend&start=2026-11-03&end=2027-03-01'),
      );
    const due = listed.corporate_actions.cash_dividends.filter((action) => action.ex_date > '2026-11-02');
    const paid = await one.activities('DIV');
    expect(paid.length).toBeGreaterThan(0);
    expect(paid.map(({ date, per_share_amount: rate }) => [date, Number(rate)])).toEqual(
      due.map((action) => [action.payable_date, action.rate]),
    );
  });

  test('lowers prices by its rate from the ex-date on, and adjustment joins them again', async () => {
    const [plain, paying] = [await desk(), await desk()];
    await paying.control('/control/corporate-actions', { ...dividend, rate: '40' });
    const bars = async (one: Desk, adjustment: string): Promise<z.infer<typeof bar>[]> => {
      const path = `/v2/stocks/TSLA/bars?timeframe=1Day&start=2026-11-20&feed=iex&adjustment=${adjustment}`;
      return barsShape.parse(await one.get(path)).bars;
    };
    for (const one of [plain, paying]) await one.moveTo('2026-11-27', OPEN);
    const [usual, raw, joined] = [
      await bars(plain, 'raw'),
      await bars(paying, 'raw'),
      await bars(paying, 'dividend'),
    ];
    const closes = (list: z.infer<typeof bar>[]): Map<string, number> =>
      new Map(list.map(({ t, c }) => [t.slice(0, 10), c]));
    const of = (list: z.infer<typeof bar>[], day: string): number => closes(list).get(day) ?? NaN;
    expect(of(raw, '2026-11-24')).toBe(of(usual, '2026-11-24'));
    const part = 1 - 40 / of(usual, '2026-11-24');
    expect(of(raw, '2026-11-25') / of(usual, '2026-11-25')).toBeCloseTo(part, 4);
    expect(of(joined, '2026-11-24') / of(usual, '2026-11-24')).toBeCloseTo(part, 4);
    expect(of(joined, '2026-11-25')).toBe(of(raw, '2026-11-25'));
  });
});

describe('holding', () => {
  test('short costs a fee each night, three over a weekend, in round lots', async () => {
    const one = await desk({ carry: true });
    await one.hold('MSTR', '-150');
    await one.hold('SPY', '5');
    await one.moveTo('2026-11-24', OPEN);
    await one.moveTo('2026-11-27', 12 * 60);
    const { current_price: price } = await one.position('MSTR');
    await one.moveTo('2026-11-27', 16 * 60 + 59);
    await one.moveTo('2026-11-30', OPEN);
    const fees = (await one.activities('FEE')).filter(({ symbol }) => symbol !== undefined);
    expect(fees.map(({ date, symbol }) => `${date ?? ''} ${symbol ?? ''}`)).toEqual([
      '2026-11-24 MSTR',
      '2026-11-25 MSTR',
      '2026-11-27 MSTR',
      '2026-11-30 MSTR',
    ]);
    const night = (200 * Number(price) * 0.0264) / 360;
    expect(Number(fees[3]?.net_amount) / (-night * 3)).toBeCloseTo(1, 1);
    // Thanksgiving is a night as well.
    expect(Number(fees[2]?.net_amount) / Number(fees[1]?.net_amount)).toBeCloseTo(2, 1);
  });

  test('on borrowed money costs interest', async () => {
    const one = await desk({ carry: true });
    await one.control('/control/cash', { key_id: one.keyId, cash: '-36000' });
    await one.moveTo('2026-11-24', OPEN);
    expect(await one.activities('INT')).toMatchObject([{ activity_sub_type: 'MGN', net_amount: '-6.25' }]);
  });

  test('is free with paper fills, as on Alpaca', async () => {
    const one = await openDesk({ clock: START });
    desks.push(one);
    await one.hold('MSTR', '-150');
    await one.control('/control/cash', { key_id: one.keyId, cash: '-36000' });
    await one.moveTo('2026-11-30', OPEN);
    expect(await one.activities('FEE,INT')).toEqual([]);
  });
});
