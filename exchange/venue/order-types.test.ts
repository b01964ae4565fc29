import { describe, expect, test } from 'vitest';
import { fillOrder } from '../matching/fill-order';
import { worthOf } from '../ledger/valuation';
import { orderJson } from '../orders/order';
import { isOpen } from '../orders/status';
import { makeWorld, near, place, recordEvents, type World } from '../testing/world';
import { cancelOrder, replaceOrder } from './change-order';

const at = (text: string): number => Date.parse(text);
const calm = (): World => makeWorld({ partialFillRate: 0 });
const closedAt = (text: string): World =>
  makeWorld({ alwaysOpen: false, startAt: at(text), partialFillRate: 0 });

describe('a buy stop', () => {
  test('becomes a stop limit 2.5 % above, or 4 % below $50', () => {
    const world = calm();
    expect(place(world, { type: 'stop', stop_price: '400' })).toMatchObject({
      type: 'stop_limit',
      limitPrice: 410_000_000n,
    });
    world.move('SNAP', 1.001);
    const stop = near(world, 1, 'SNAP');
    const order = place(world, { symbol: 'SNAP', type: 'stop', stop_price: stop });
    expect(order.limitPrice).toBe(BigInt(Math.round(Number(stop) * 104)) * 10_000n);
  });

  test('does not chase a price that jumps over its limit', () => {
    const world = calm();
    const order = place(world, { type: 'stop', stop_price: near(world, 2) });
    world.settle();
    world.move('AAPL', 1.2);
    expect(order).toMatchObject({ status: 'new', triggered: true });
  });
});

describe('a trailing stop', () => {
  test('follows the high, never back, and sells when the price has fallen by its trail', () => {
    const world = calm();
    place(world, {});
    world.settle();
    const order = place(world, {
      side: 'sell',
      type: 'trailing_stop',
      trail_percent: '5',
      time_in_force: 'gtc',
    });
    const first = order.hwm ?? 0n;
    expect(order.stopPrice).toBe((first * 95n + 50n) / 100n);
    world.move('AAPL', 1.1);
    const high = order.hwm ?? 0n;
    expect(Number(high)).toBeGreaterThan(Number(first) * 1.08);
    world.move('AAPL', 0.97);
    expect(order).toMatchObject({ status: 'new', hwm: high });
    world.move('AAPL', 0.95);
    expect(order.status).toBe('filled');
  });

  test('of a buyer follows the low', () => {
    const world = calm();
    const order = place(world, { type: 'trailing_stop', trail_price: '10' });
    const first = order.hwm ?? 0n;
    expect(order.stopPrice).toBe(first + 10_000_000n);
    world.move('AAPL', 0.9);
    expect(Number(order.hwm)).toBeLessThan(Number(first) * 0.92);
    world.move('AAPL', 1.1);
    expect(order.status).toBe('filled');
  });

  test('takes a new trail by PATCH and keeps the high it saw', () => {
    const world = calm();
    place(world, {});
    world.settle();
    const order = place(world, { side: 'sell', type: 'trailing_stop', trail_price: '20' });
    world.move('AAPL', 1.02);
    const next = replaceOrder(world.venue, world.account, order, { trail: '15' });
    world.settle(2);
    expect(orderJson(next)).toMatchObject({ trail_price: '15', status: 'new', replaces: order.id });
    expect(next.hwm).toBe(order.hwm);
    expect(next.stopPrice).toBe((order.hwm ?? 0n) - 15_000_000n);
  });
});

describe('an auction order', () => {
  test.each(['2026-11-20T14:28:00Z', '2026-11-20T20:00:00Z', '2026-11-20T23:59:00Z'])(
    'opg is refused at %s',
    (time) => {
      expect(() => place(closedAt(time), { time_in_force: 'opg' })).toThrow(
        'opg orders must be submitted after 7:00pm and before 9:28am',
      );
    },
  );

  test.each(['2026-11-20T20:50:00Z', '2026-11-20T23:59:00Z'])('cls is refused at %s', (time) => {
    expect(() => place(closedAt(time), { time_in_force: 'cls' })).toThrow(
      'cls orders must be submitted after 7:00pm and before 3:50pm',
    );
  });

  test('opg trades at the first print of the session', () => {
    const world = closedAt('2026-11-20T13:00:00Z');
    const order = place(world, { time_in_force: 'opg' });
    expect(order.status).toBe('accepted');
    world.wait(at('2026-11-20T14:29:59Z') - at('2026-11-20T13:00:00Z'));
    expect(order.status).toBe('accepted');
    world.settle(8);
    const open = world.venue.market
      .trades('AAPL', { from: at('2026-11-20T14:30:00Z'), to: at('2026-11-20T14:31:00Z') })
      .next().value;
    expect(order.status).toBe('filled');
    expect(world.account.fills[0]?.price).toBe(BigInt(open?.price ?? 0));
  });

  test('cls trades at the close, or is canceled when its limit was not met', () => {
    const world = makeWorld({ alwaysOpen: false, partialFillRate: 0 });
    const met = place(world, { time_in_force: 'cls' });
    const missed = place(world, { time_in_force: 'cls', type: 'limit', limit_price: '10' });
    world.settle();
    expect(met.status).toBe('new');
    world.wait(at('2026-11-20T21:00:00Z') - at('2026-11-20T15:00:00Z'));
    expect([met.status, missed.status]).toEqual(['filled', 'canceled']);
    expect(world.account.fills[0]?.price).toBe(world.venue.priceAt('AAPL', at('2026-11-20T20:59:59.999Z')));
  });
});

describe('a gtc order', () => {
  test('is canceled at 16:15 of its ninetieth day', () => {
    const world = makeWorld({ alwaysOpen: false });
    const order = place(world, { type: 'limit', limit_price: '10', time_in_force: 'gtc' });
    expect(new Date(order.expiresAt).toISOString()).toBe('2027-02-18T21:00:00.000Z');
    world.wait(order.expiresAt + 14 * 60_000 - at('2026-11-20T15:00:00Z'));
    expect(isOpen(order.status)).toBe(true);
    world.wait(60_000);
    expect(order.status).toBe('canceled');
  });
});

describe('a replacement', () => {
  test('waits its turn: the old order is pending_replace, then replaced, and a chain holds', async () => {
    const world = calm();
    const first = place(world, { type: 'limit', limit_price: '100' });
    world.settle(1);
    const events = recordEvents(world);
    const second = replaceOrder(world.venue, world.account, first, { limit_price: '101' });
    expect([first.status, second.status]).toEqual(['pending_replace', 'pending_new']);
    expect(() => replaceOrder(world.venue, world.account, second, { limit_price: '102' })).toThrow(
      'order chain not fully replaced',
    );
    expect(() => replaceOrder(world.venue, world.account, first, { limit_price: '102' })).toThrow(
      'cannot replace order in pending_replace status',
    );
    world.settle(1);
    await world.venue.durable();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(events.slice(-4)).toEqual(['pending_new', 'pending_replace', 'replaced', 'new']);
    expect(() => replaceOrder(world.venue, world.account, first, { limit_price: '102' })).toThrow(
      'order already replaced',
    );
    const third = replaceOrder(world.venue, world.account, second, { qty: '12' });
    world.settle(1);
    expect(orderJson(third)).toMatchObject({
      qty: '12',
      limit_price: '101',
      replaces: second.id,
      status: 'new',
    });
    expect(orderJson(second)).toMatchObject({
      replaced_by: third.id,
      replaces: first.id,
      status: 'replaced',
    });
  });

  test('fails when the old order fills first, and gives its buying power back', () => {
    const world = calm();
    const old = place(world, { type: 'limit', limit_price: '100', qty: '100' });
    world.settle(1);
    const next = replaceOrder(world.venue, world.account, old, { qty: '150' });
    const reserved = (): bigint =>
      worthOf(world.account, world.venue.priceAt, world.venue.clock.now()).reserved;
    expect(reserved()).toBe(15_000_000_000n);
    fillOrder(world.venue, old, { qty: 100_000_000_000n, price: 100_000_000n, complete: true });
    world.settle(2);
    expect([old.status, next.status]).toEqual(['filled', 'rejected']);
    expect(reserved()).toBe(0n);
  });

  test('keeps the original quantity, and a partial fill of meanwhile stays with the old order', () => {
    const world = calm();
    const old = place(world, { type: 'limit', limit_price: '100' });
    world.settle(1);
    const next = replaceOrder(world.venue, world.account, old, { limit_price: '101' });
    fillOrder(world.venue, old, { qty: 2_000_000_000n, price: 100_000_000n, complete: false });
    expect(old.status).toBe('pending_replace');
    world.settle(2);
    expect(orderJson(old)).toMatchObject({ status: 'replaced', filled_qty: '2' });
    expect(orderJson(next)).toMatchObject({ status: 'new', qty: '10', filled_qty: '0' });
  });
});

describe('a cancellation', () => {
  test('of an order that fills meanwhile leaves it filled', () => {
    const world = calm();
    const order = place(world, { type: 'limit', limit_price: '100' });
    world.settle(1);
    cancelOrder(world.venue, order);
    expect(() => cancelOrder(world.venue, order)).toThrow('order pending cancel');
    fillOrder(world.venue, order, { qty: 4_000_000_000n, price: 100_000_000n, complete: false });
    expect(order.status).toBe('pending_cancel');
    fillOrder(world.venue, order, { qty: 6_000_000_000n, price: 100_000_000n, complete: true });
    expect(order.status).toBe('filled');
    expect(() => cancelOrder(world.venue, order)).toThrow('order is already in "filled" state');
  });
});
