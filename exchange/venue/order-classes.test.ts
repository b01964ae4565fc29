import { describe, expect, test } from 'vitest';
import { fillOrder } from '../matching/fill-order';
import { heldForOrders } from '../ledger/valuation';
import { nestedJson, type Order } from '../orders/order';
import { makeWorld, near, place, type World } from '../testing/world';
import { cancelOrder, replaceOrder } from './change-order';

const SHARE = 1_000_000_000n;
const calm = (): World => makeWorld({ partialFillRate: 0 });
const states = (...orders: (Order | undefined)[]): string[] => orders.map((order) => order?.status ?? 'none');

function bracket(
  world: World,
  more: Record<string, unknown> = {},
): { entry: Order; profit: Order; stop: Order } {
  const entry = place(world, {
    order_class: 'bracket',
    time_in_force: 'gtc',
    take_profit: { limit_price: near(world, 25) },
    stop_loss: { stop_price: near(world, -25) },
    ...more,
  });
  const [profit, stop] = entry.legs;
  if (profit === undefined || stop === undefined) throw new Error('a bracket without legs');
  return { entry, profit, stop };
}

function oco(world: World): { profit: Order; stop: Order } {
  place(world, {});
  world.settle();
  const profit = place(world, {
    side: 'sell',
    type: 'limit',
    order_class: 'oco',
    take_profit: { limit_price: near(world, 25) },
    stop_loss: { stop_price: near(world, -25), limit_price: near(world, -60) },
  });
  const [stop] = profit.legs;
  if (stop === undefined) throw new Error('an OCO without a leg');
  world.settle();
  return { profit, stop };
}

describe('a bracket', () => {
  test('holds its legs until the entry is completely filled, then works the profit and holds the stop', () => {
    const world = calm();
    const { entry, profit, stop } = bracket(world, { type: 'limit', limit_price: near(world, -5) });
    world.settle();
    expect(states(entry, profit, stop)).toEqual(['new', 'held', 'held']);
    fillOrder(world.venue, entry, { qty: 4n * SHARE, price: 250_000_000n, complete: false });
    world.settle(1);
    expect(states(entry, profit, stop)).toEqual(['partially_filled', 'held', 'held']);
    fillOrder(world.venue, entry, { qty: 6n * SHARE, price: 250_000_000n, complete: true });
    expect(states(entry, profit, stop)).toEqual(['filled', 'new', 'held']);
    expect(heldForOrders(world.account, 'AAPL')).toBe(10n * SHARE);
    expect(nestedJson(entry)['legs']).toMatchObject([
      {
        side: 'sell',
        type: 'limit',
        status: 'new',
        order_class: 'bracket',
        position_intent: 'sell_to_close',
      },
      { side: 'sell', type: 'stop', status: 'held', qty: '10' },
    ]);
  });

  test('cancels the stop when the profit is taken', () => {
    const world = calm();
    const { entry, profit, stop } = bracket(world);
    world.settle();
    expect(states(entry, profit, stop)).toEqual(['filled', 'new', 'held']);
    world.move('AAPL', 1.15);
    expect(states(profit, stop)).toEqual(['filled', 'canceled']);
    expect(world.account.positions.size).toBe(0);
  });

  test('cancels the profit when the stop is reached', () => {
    const world = calm();
    const { profit, stop } = bracket(world);
    world.settle();
    world.move('AAPL', 0.85);
    expect(states(profit, stop)).toEqual(['canceled', 'filled']);
    expect(world.account.positions.size).toBe(0);
  });

  test('cancels the profit when the stop is reached, not when it trades', () => {
    const world = calm();
    const { profit, stop } = bracket(world, {
      stop_loss: { stop_price: near(world, -25), limit_price: near(world, -26) },
    });
    world.settle();
    world.move('AAPL', 0.8);
    expect(states(profit, stop)).toEqual(['canceled', 'new']);
    expect(stop.filledQty).toBe(0n);
    expect(heldForOrders(world.account, 'AAPL')).toBe(10n * SHARE);
    world.move('AAPL', 1.2);
    expect(states(profit, stop)).toEqual(['canceled', 'filled']);
  });

  test('reaches the same end from any moment at which the venue may have stopped', () => {
    const world = calm();
    const { profit, stop } = bracket(world);
    world.settle();
    world.venue.commit({ type: 'order_triggered', order_id: stop.id });
    world.settle(1);
    expect(states(profit, stop)).toEqual(['canceled', 'new']);
    const second = bracket(world, {
      symbol: 'KO',
      take_profit: { limit_price: '900' },
      stop_loss: { stop_price: '9' },
    });
    world.settle();
    world.venue.commit({ type: 'order_canceled', order_id: second.profit.id });
    world.settle(1);
    expect(states(second.profit, second.stop)).toEqual(['canceled', 'canceled']);
  });

  test('leaves the stop what the profit has not sold yet', () => {
    const world = calm();
    const { profit, stop } = bracket(world);
    world.settle();
    fillOrder(world.venue, profit, { qty: 3n * SHARE, price: 300_000_000n, complete: false });
    expect(stop.qty).toBe(7n * SHARE);
    world.move('AAPL', 0.85);
    expect(states(profit, stop)).toEqual(['canceled', 'filled']);
    expect(world.account.positions.size).toBe(0);
  });

  test.each(['entry', 'profit', 'stop'] as const)('ends with its %s when that is canceled', (which) => {
    const world = calm();
    const group = bracket(world, { type: 'limit', limit_price: near(world, -5) });
    world.settle();
    cancelOrder(world.venue, group[which]);
    world.settle(2);
    expect(states(group.entry, group.profit, group.stop)).toEqual(['canceled', 'canceled', 'canceled']);
    expect(world.account.open.size).toBe(0);
  });

  test('loses its other exit when one exit is canceled', () => {
    const world = calm();
    const { entry, profit, stop } = bracket(world);
    world.settle();
    cancelOrder(world.venue, stop);
    world.settle(2);
    expect(states(entry, profit, stop)).toEqual(['filled', 'canceled', 'canceled']);
    expect(heldForOrders(world.account, 'AAPL')).toBe(0n);
  });

  test('rejects an exit whose shares were sold meanwhile', () => {
    const world = calm();
    const { entry, profit } = bracket(world, { type: 'limit', limit_price: near(world, -5) });
    world.settle();
    fillOrder(world.venue, entry, { qty: 5n * SHARE, price: 250_000_000n, complete: false });
    world.venue.commit({
      type: 'order_working',
      order_id: place(world, {
        side: 'sell',
        qty: '5',
        order_class: 'oco',
        type: 'limit',
        limit_price: near(world, 9),
        stop_loss: { stop_price: near(world, -9) },
      }).id,
    });
    fillOrder(world.venue, entry, { qty: 5n * SHARE, price: 250_000_000n, complete: true });
    expect(profit.status).toBe('rejected');
  });

  test('moves an exit by PATCH, waiting or working, and stays a group', () => {
    const world = calm();
    const { entry, profit, stop } = bracket(world);
    world.settle();
    const higher = replaceOrder(world.venue, world.account, profit, { limit_price: near(world, 30) });
    expect(states(profit, higher)).toEqual(['pending_replace', 'pending_new']);
    const lower = replaceOrder(world.venue, world.account, stop, { stop_price: near(world, -30) });
    world.settle(2);
    expect(states(profit, higher, stop, lower)).toEqual(['replaced', 'new', 'replaced', 'held']);
    expect(entry.legs).toEqual([higher, lower]);
    world.move('AAPL', 0.85);
    expect(states(higher, lower)).toEqual(['canceled', 'filled']);
    expect(() =>
      replaceOrder(world.venue, world.account, bracket(world).profit, { limit_price: near(world, -40) }),
    ).toThrow('take_profit.limit_price must be > stop_loss.stop_price');
  });

  test('keeps its legs when the entry is replaced', () => {
    const world = calm();
    const { entry, profit, stop } = bracket(world, { type: 'limit', limit_price: near(world, -5) });
    world.settle();
    const next = replaceOrder(world.venue, world.account, entry, { limit_price: near(world, 5) });
    world.settle();
    expect(states(entry, next, profit, stop)).toEqual(['replaced', 'filled', 'new', 'held']);
    expect([profit.parent, stop.parent]).toEqual([next, next]);
  });
});

describe('an OCO', () => {
  test('holds the shares once and trades on one side only', () => {
    const world = calm();
    const { profit, stop } = oco(world);
    expect(states(profit, stop)).toEqual(['new', 'held']);
    expect(heldForOrders(world.account, 'AAPL')).toBe(10n * SHARE);
    world.move('AAPL', 0.85);
    expect(states(profit, stop)).toEqual(['canceled', 'filled']);
  });

  test('ends together when either is canceled', () => {
    for (const which of ['profit', 'stop'] as const) {
      const world = calm();
      const pair = oco(world);
      cancelOrder(world.venue, pair[which]);
      world.settle(2);
      expect(states(pair.profit, pair.stop)).toEqual(['canceled', 'canceled']);
    }
  });
});

describe('an OTO', () => {
  test.each([
    ['take_profit', { take_profit: { limit_price: '900' } }, 'limit'],
    ['stop_loss', { stop_loss: { stop_price: '90' } }, 'stop'],
  ])('works its %s once the entry is filled', (_name, exit, type) => {
    const world = calm();
    const entry = place(world, { order_class: 'oto', ...exit });
    expect(states(entry, entry.legs[0])).toEqual(['pending_new', 'held']);
    world.settle();
    expect(states(entry, entry.legs[0])).toEqual(['filled', 'new']);
    expect(entry.legs[0]?.type).toBe(type);
  });
});
