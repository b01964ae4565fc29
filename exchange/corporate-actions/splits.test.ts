import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { ExchangeOptions } from '../index';
import { type Desk, openDesk } from '../testing/desk';
import { makeWorld, near, place, recordEvents, type World } from '../testing/world';

const desks: Desk[] = [];

async function desk(options: ExchangeOptions = {}): Promise<Desk> {
  const made = await openDesk({ clock: '2026-11-23T15:00:00Z', ...options });
  desks.push(made);
  return made;
}

afterEach(async () => {
  for (const one of desks.splice(0)) await one.exchange.close();
});

const EX_DATE = '2026-12-01';
const forward = { type: 'forward_split', symbol: 'AAPL', new_rate: 4, ex_date: EX_DATE };
const reverse = { type: 'reverse_split', symbol: 'F', old_rate: 8, ex_date: EX_DATE };
const EVENING = { date: '2026-11-30', minute: 20 * 60 + 30 };
const PRE_OPEN = 4 * 60;

/** A world in which a stock splits at a midnight; `toSplit` goes there, before the first new quote. */
function splitting(
  action: { symbol: string; new_rate: number; old_rate: number },
  options: Parameters<typeof makeWorld>[0] = {},
): World & { toSplit(more?: number): void } {
  const world = makeWorld({ partialFillRate: 0, startAt: Date.parse('2026-11-30T15:00:00Z'), ...options });
  const { symbol, ...rates } = action;
  world.venue.commit({
    type: 'action_announced',
    symbol,
    action: { type: 'split', declaration_date: '2026-11-30', ex_date: EX_DATE, ...rates },
  });
  const midnight = Date.parse('2026-12-01T05:00:00Z');
  return { ...world, toSplit: (more = 0) => world.wait(midnight + more - world.venue.clock.now()) };
}

/** Updates leave once they are on disk. */
const told = (): Promise<void> => sleep(5);

const FOUR = { symbol: 'AAPL', new_rate: 4, old_rate: 1 };
const EIGHTH = { symbol: 'F', new_rate: 1, old_rate: 8 };

describe('a split', () => {
  test('gives more shares for the same cost, and says so', async () => {
    const one = await desk();
    await one.control('/control/corporate-actions', forward);
    await one.hold('AAPL', '10.5', '200');
    await one.moveTo(EX_DATE, PRE_OPEN);
    expect(await one.position('AAPL')).toMatchObject({
      qty: '42',
      avg_entry_price: '50',
      cost_basis: '2100',
    });
    expect(await one.activities('SPLIT')).toMatchObject([
      { activity_sub_type: 'FSPLIT', symbol: 'AAPL', qty: '31.5', net_amount: '0', date: EX_DATE },
    ]);
  });

  test('in reverse keeps the fractions of a long and pays for those of a short', async () => {
    const one = await desk();
    await one.control('/control/corporate-actions', reverse);
    await one.control('/control/corporate-actions', { ...reverse, symbol: 'PFE' });
    await one.hold('F', '100', '12');
    await one.hold('PFE', '-100', '24');
    await one.moveTo(EVENING.date, EVENING.minute);
    const { current_price: price } = await one.position('PFE');
    await one.moveTo(EX_DATE, PRE_OPEN);
    expect(await one.position('F')).toMatchObject({ qty: '12.5', avg_entry_price: '96', cost_basis: '1200' });
    expect(await one.position('PFE')).toMatchObject({
      qty: '-12',
      avg_entry_price: '192',
      cost_basis: '-2304',
    });
    // Half a new share is four old ones.
    const cash = (-4 * Number(price)).toFixed(2);
    const activities = await one.activities('SPLIT');
    expect(activities.map(({ symbol, net_amount: net }) => [symbol, Number(net)])).toEqual([
      ['F', 0],
      ['PFE', Number(cash)],
    ]);
  });

  test.each(['market-hours', 'always-open'])('moves no equity, to the cent (%s)', async (clock) => {
    const alwaysOpen = clock === 'always-open';
    const world = makeWorld({ alwaysOpen, startAt: Date.parse('2026-11-30T15:00:00Z') });
    for (const { symbol, ...rates } of [FOUR, EIGHTH, { symbol: 'KO', new_rate: 3, old_rate: 2 }]) {
      const action = { type: 'split', declaration_date: '2026-11-30', ex_date: EX_DATE, ...rates } as const;
      world.venue.commit({ type: 'action_announced', symbol, action });
      const { id: account_id } = world.account;
      const qty = symbol === 'KO' ? '-8' : '7';
      world.venue.commit({ type: 'position_moved', account_id, symbol, qty, price: '100' });
    }
    const at = Date.parse(alwaysOpen ? '2026-12-01T05:00:00Z' : '2026-12-01T09:00:00Z');
    const { venue, account } = world;
    world.wait(at - 1 - venue.clock.now());
    const equity = (): number => {
      const now = venue.clock.now();
      const worth = [...account.positions.values()].map(
        ({ symbol, qty }) => (Number(qty) / 1e9) * (Number(venue.priceAt(symbol, now)) / 1e6),
      );
      return worth.reduce((sum, value) => sum + value, Number(account.cash) / 1e6);
    };
    const before = equity();
    world.wait(1);
    expect([...account.positions.values()].map(({ qty }) => Number(qty) / 1e9)).toEqual([28, 0.875, -12]);
    expect(equity()).toBeCloseTo(before, 3);
  });

  test('leaves no jump in portfolio history', async () => {
    const [plain, split] = [await desk(), await desk()];
    await split.control('/control/corporate-actions', forward);
    for (const one of [plain, split]) {
      await one.hold('AAPL', '10', '200');
      await one.moveTo('2026-12-03', 10 * 60);
    }
    const history = z.object({ equity: z.array(z.number()) });
    const path =
      '/v2/account/portfolio/history?timeframe=1H&start=2026-11-30&end=2026-12-03&intraday_reporting=extended_hours';
    const [usual, own] = [history.parse(await plain.get(path)), history.parse(await split.get(path))];
    expect(own.equity.length).toBeGreaterThan(40);
    // Prices in cents: a quarter of one is up to two cents off for 40 shares.
    for (const [i, equity] of own.equity.entries())
      expect(Math.abs(equity - (usual.equity[i] ?? 0))).toBeLessThan(1);
  });

  test('counts the prices before it in new shares, the close of the day before included', async () => {
    const one = await desk();
    await one.control('/control/corporate-actions', forward);
    await one.hold('AAPL', '10');
    await one.moveTo(EVENING.date, EVENING.minute);
    const evening = await one.position('AAPL');
    await one.moveTo(EX_DATE, PRE_OPEN);
    const morning = await one.position('AAPL');
    expect(Number(morning.lastday_price) * 4).toBeGreaterThan(Number(evening.current_price) * 0.98);
    expect(Number(morning.lastday_price) * 4).toBeLessThan(Number(evening.current_price) * 1.02);
    expect(Number(morning.market_value) / Number(evening.market_value)).toBeCloseTo(1, 2);
  });

  test('lets nothing trade at old prices: neither fill model fills before the first new quote', () => {
    for (const more of [{}, { honest: { depth: 1, latencyMs: 0, feePerShare: 0n } }]) {
      const world = splitting(FOUR, more);
      const { id: account_id } = world.account;
      world.venue.commit({ type: 'position_moved', account_id, symbol: 'AAPL', qty: '10', price: '100' });
      const order = place(world, {
        side: 'sell',
        type: 'limit',
        time_in_force: 'gtc',
        limit_price: near(world, 60),
      });
      world.settle();
      world.toSplit();
      const old = world.venue.market.quoteAt('AAPL', world.venue.clock.now());
      expect(world.venue.isHalted('AAPL')).toBe(true);
      expect(Number(old?.bid)).toBeGreaterThan(Number(order.limitPrice) * 2);
      world.settle(10);
      expect(order.filledQty).toBe(0n);
      expect(world.venue.isHalted('AAPL')).toBe(false);
      world.venue.commit({ type: 'order_canceled', order_id: order.id });
      const bought = place(world, { qty: '4' });
      world.settle(10);
      expect(bought.status).toBe('filled');
      expect(Number(world.account.fills[0]?.price)).toBeLessThan(Number(old?.bid) / 3);
    }
  });

  test('comes before whatever else is done on its day', async () => {
    const world = splitting(FOUR);
    const { venue, account } = world;
    const bought = { type: 'position_moved', account_id: account.id, symbol: 'AAPL', price: '100' } as const;
    venue.commit({ ...bought, qty: '10' });
    venue.clock.advance(Date.parse('2026-12-01T05:00:00Z') - venue.clock.now());
    venue.commit({ ...bought, qty: '1' });
    expect(account.positions.get('AAPL')?.qty).toBe(41_000_000_000n);
    const types = (await venue.journalText()).trim().split('\n').slice(-2);
    expect(types.map((line) => JSON.parse(line).type)).toEqual(['day_opened', 'position_moved']);
  });

  test('is felt by quantity and price at the same moment', async () => {
    const one = await desk();
    await one.control('/control/corporate-actions', forward);
    await one.hold('AAPL', '10');
    await one.moveTo(EX_DATE, PRE_OPEN - 0.3 / 60);
    const seen = new Map<string, number[]>();
    for (const end = performance.now() + 500; performance.now() < end; ) {
      const { qty, market_value: value } = await one.position('AAPL');
      seen.set(qty, [...(seen.get(qty) ?? []), Number(value)]);
    }
    expect([...seen.keys()]).toEqual(['10', '40']);
    const values = [...seen.values()].flat();
    expect(Math.max(...values) / Math.min(...values)).toBeLessThan(1.05);
  });

  test('of which several pass in one jump happens in order, each once', async () => {
    const one = await desk({ fills: 'honest' });
    await one.control('/control/corporate-actions', { ...forward, new_rate: 2, ex_date: '2026-12-01' });
    await one.control('/control/corporate-actions', {
      type: 'cash_dividend',
      symbol: 'AAPL',
      rate: '1',
      ex_date: '2026-12-02',
      payable_date: '2026-12-04',
    });
    await one.control('/control/corporate-actions', { ...forward, new_rate: 3, ex_date: '2026-12-03' });
    await one.hold('AAPL', '10');
    await one.moveTo('2026-12-08', 10 * 60);
    expect((await one.position('AAPL')).qty).toBe('60');
    const seen = await one.activities('SPLIT,DIV');
    expect(seen.map(({ activity_type: type, date, qty }) => [type, date, qty])).toEqual([
      ['SPLIT', '2026-12-01', '10'],
      ['SPLIT', '2026-12-03', '40'],
      ['DIV', '2026-12-04', '20'],
    ]);
  });
});

describe('orders in a stock that splits', () => {
  test('are restated by a forward split: more shares at lower prices, rounded away from the market', async () => {
    const world = splitting({ symbol: 'AAPL', new_rate: 3, old_rate: 1 });
    const events = recordEvents(world);
    const buy = place(world, { type: 'limit', limit_price: '100.01', time_in_force: 'gtc' });
    const short = place(world, {
      symbol: 'AAPL',
      side: 'buy',
      type: 'stop_limit',
      stop_price: '900',
      limit_price: '910',
      time_in_force: 'gtc',
      qty: '7',
    });
    const trailing = place(world, {
      side: 'buy',
      type: 'trailing_stop',
      trail_percent: '20',
      time_in_force: 'gtc',
    });
    world.settle();
    const stop = trailing.stopPrice ?? 0n;
    world.toSplit();
    expect([buy.qty, buy.limitPrice, buy.status]).toEqual([30_000_000_000n, 33_330_000n, 'new']);
    expect([short.qty, short.stopPrice, short.limitPrice]).toEqual([
      21_000_000_000n,
      300_000_000n,
      303_330_000n,
    ]);
    expect(Number(trailing.stopPrice) / Number(stop)).toBeCloseTo(1 / 3, 3);
    await told();
    expect(events.filter((event) => event === 'restated')).toHaveLength(3);
    expect(world.account.fills).toEqual([]);
  });

  test('wait in the book of honest fills at their new price', () => {
    const world = splitting(FOUR, { honest: { depth: 1, latencyMs: 0, feePerShare: 0n } });
    const { id: account_id } = world.account;
    world.venue.commit({ type: 'position_moved', account_id, symbol: 'AAPL', qty: '10', price: '100' });
    const limit_price = near(world, 8);
    const order = place(world, { side: 'sell', type: 'limit', time_in_force: 'gtc', limit_price });
    world.settle();
    // In one jump: no beat of the engine sees the market stand still.
    world.toSplit(600_000);
    world.settle(10);
    expect([order.status, order.qty]).toEqual(['new', 40_000_000_000n]);
    world.move('AAPL', 1.05);
    expect(order.status).toBe('filled');
    expect(world.account.fills.every(({ price }) => price >= (order.limitPrice ?? 0n))).toBe(true);
    expect(world.account.positions.has('AAPL')).toBe(false);
  });

  test('that are exits of a bracket go on covering all of it', () => {
    const world = splitting({ symbol: 'AAPL', new_rate: 2, old_rate: 1 });
    const order = place(world, {
      time_in_force: 'gtc',
      order_class: 'bracket',
      take_profit: { limit_price: near(world, 100) },
      stop_loss: { stop_price: near(world, -100) },
    });
    world.settle();
    expect(order.status).toBe('filled');
    world.toSplit();
    world.settle();
    expect(order.legs.map(({ qty, status }) => [qty, status])).toEqual([
      [20_000_000_000n, 'new'],
      [20_000_000_000n, 'held'],
    ]);
    world.move('AAPL', 0.4);
    world.settle(10);
    expect(world.account.positions.has('AAPL')).toBe(false);
    expect(order.legs.map(({ status }) => status)).toEqual(['canceled', 'filled']);
  });

  test('that filled in part want the rest as new shares', () => {
    const world = splitting({ symbol: 'AAPL', new_rate: 2, old_rate: 1 });
    const order = place(world, { type: 'limit', limit_price: '100', time_in_force: 'gtc' });
    world.settle();
    world.venue.commit({
      type: 'order_filled',
      order_id: order.id,
      execution_id: 'part',
      qty: '4',
      price: '100',
      complete: false,
      fee: '0',
      fee_qty: '0',
      printed: false,
    });
    world.toSplit();
    expect([order.qty, order.filledQty]).toEqual([16_000_000_000n, 4_000_000_000n]);
    expect(world.account.positions.get('AAPL')?.qty).toBe(8_000_000_000n);
  });

  test('are cancelled by a reverse split, with all that hangs on them', async () => {
    const world = splitting(EIGHTH);
    const events = recordEvents(world);
    const sell = place(world, {
      symbol: 'F',
      type: 'limit',
      limit_price: near(world, -5, 'F'),
      time_in_force: 'gtc',
    });
    const other = place(world, { type: 'limit', limit_price: '100', time_in_force: 'gtc' });
    const bracket = place(world, {
      symbol: 'F',
      type: 'limit',
      limit_price: near(world, -6, 'F'),
      time_in_force: 'gtc',
      order_class: 'bracket',
      take_profit: { limit_price: near(world, 10, 'F') },
      stop_loss: { stop_price: near(world, -8, 'F') },
    });
    world.settle();
    world.toSplit();
    expect([sell, bracket, ...bracket.legs].map(({ status }) => status)).toEqual(Array(4).fill('canceled'));
    expect(other.status).toBe('new');
    await told();
    expect(events.filter((event) => event === 'canceled')).toHaveLength(4);
    expect(events).not.toContain('restated');
  });
});
