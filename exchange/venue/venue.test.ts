import { describe, expect, test } from 'vitest';
import { stateText } from '../testing/state-text';
import { makeWorld, place, START, type World } from '../testing/world';
import { formatMoney, valueOf } from '../decimal/decimal';
import { type Journal, memoryJournal } from '../journal/journal';
import { worthOf } from '../ledger/valuation';
import { orderJson } from '../orders/order';
import { cancelOrder } from './change-order';

describe('a sequence of orders', () => {
  test('gives the same fills again from the same seed', () => {
    const once = (): string[] => {
      const world = makeWorld({ partialFillRate: 0.5 });
      for (let i = 0; i < 10; i += 1) {
        place(world, { client_order_id: `c${i}`, qty: String(5 + i) });
        for (let beat = 0; beat < 6; beat += 1) world.wait(500);
      }
      return world.account.fills.map(
        (fill) => `${fill.executionId} ${fill.order.id} ${fill.qty} ${fill.price}`,
      );
    };
    expect(once()).toEqual(once());
    expect(once().length).toBeGreaterThan(10);
  });
});

describe('market hours', () => {
  const closed = { alwaysOpen: false, startAt: Date.parse('2026-11-20T22:30:00Z'), partialFillRate: 0 };

  test('queue an order that comes after the close until the next open', () => {
    const world = makeWorld(closed);
    const order = place(world, {});
    expect(order.status).toBe('accepted');
    world.wait(60_000);
    expect(order.status).toBe('accepted');
    world.wait(Date.parse('2026-11-23T14:30:05Z') - closed.startAt - 60_000);
    world.wait(1_000);
    expect(order.status).toBe('filled');
  });

  test('let extended limit orders trade after the close', () => {
    const world = makeWorld(closed);
    const price = (Number(world.venue.touch('AAPL').ask / 10_000n) / 100 + 5).toFixed(2);
    const order = place(world, { type: 'limit', limit_price: price, extended_hours: true });
    world.wait(1_000);
    world.wait(1_000);
    expect(order.status).toBe('filled');
  });

  test('expire a day order at the close', () => {
    const world = makeWorld({ alwaysOpen: false });
    const order = place(world, { type: 'limit', limit_price: '1' });
    world.wait(1_000);
    expect(new Date(order.expiresAt).toISOString()).toBe('2026-11-20T21:00:00.000Z');
    world.wait(order.expiresAt - START);
    expect(order.status).toBe('expired');
  });
});

describe('an order', () => {
  test('by notional buys for that money, to a nano-share', () => {
    const world = makeWorld();
    const order = place(world, { qty: undefined, notional: '1000' });
    world.wait(40);
    world.wait(40);
    expect(orderJson(order)).toMatchObject({ status: 'filled', qty: null, notional: '1000' });
    const paid = world.account.initialCash - world.account.cash;
    expect(paid).toBeGreaterThan(999_999_000n);
    expect(paid).toBeLessThanOrEqual(1_000_000_000n);
    expect(orderJson(order)['filled_avg_price']).toMatch(/^\d+\.\d{1,2}$/);
  });

  test('with a stop waits for its price, then trades', () => {
    const world = makeWorld({ partialFillRate: 0 });
    place(world, {});
    world.wait(40);
    world.wait(40);
    const stop = (Number(world.venue.touch('AAPL').last / 10_000n) / 100 - 20).toFixed(2);
    const order = place(world, { side: 'sell', type: 'stop', stop_price: stop });
    world.wait(1_000);
    world.wait(1_000);
    expect(order.status).toBe('new');
    world.venue.commit({ type: 'price_shifted', symbol: 'AAPL', factor: 0.8 });
    for (let beat = 0; beat < 20; beat += 1) world.wait(1_000);
    expect(order.status).toBe('filled');
  });

  test('holds the shares it sells: a second sale is refused with what is held', () => {
    const world = makeWorld({ partialFillRate: 0 });
    place(world, {});
    world.wait(40);
    world.wait(40);
    const first = place(world, { side: 'sell', type: 'limit', limit_price: '9999', qty: '8' });
    expect(() => place(world, { side: 'sell', qty: '5' })).toThrow(
      expect.objectContaining({
        status: 403,
        message: 'insufficient qty available for order (requested: 5, available: 2)',
        extras: expect.objectContaining({
          held_for_orders: '8',
          existing_qty: '10',
          related_orders: [first.id],
        }),
      }),
    );
  });

  test('reserves buying power while it works and gives it back when canceled', () => {
    const world = makeWorld();
    const power = (): bigint => worthOf(world.account, world.venue.priceAt, START).buyingPower;
    expect(power()).toBe(400_000_000_000n);
    const order = place(world, { type: 'limit', limit_price: '100', qty: '1000' });
    expect(power()).toBe(300_000_000_000n);
    cancelOrder(world.venue, order);
    world.wait(40);
    expect(power()).toBe(400_000_000_000n);
  });
});

describe('a venue whose journal is full', () => {
  test('changes nothing: commands are refused with 503, and the engine rests', () => {
    const full = { value: false };
    const memory = memoryJournal();
    const journal: Journal = {
      ...memory,
      get isFull() {
        return full.value;
      },
    };
    const world = makeWorld({ journal });
    const order = place(world, {});
    full.value = true;
    const before = stateText(world.venue.books);
    world.settle(3);
    expect(() => place(world, {})).toThrow(expect.objectContaining({ status: 503, code: 50310000 }));
    expect(() => cancelOrder(world.venue, order)).toThrow('the journal cannot be written');
    expect(stateText(world.venue.books)).toBe(before);
    full.value = false;
    world.settle(4);
    expect(order.filledQty).toBeGreaterThan(0n);
  });
});

describe('an account with a position of more than 600 % of its equity', () => {
  const only = 'account is restricted to liquidation only';
  /** A world with that position in AAPL and an equity of a sixth of it, and so many dollars more. */
  function exposed(qty: string, dollars: number): World {
    const world = makeWorld({ partialFillRate: 0 });
    const { venue, account } = world;
    const value = valueOf(BigInt(qty) * 1_000_000_000n, venue.touch('AAPL').last);
    const size = value < 0n ? -value : value;
    const amount = size / 6n - value - account.cash + BigInt(dollars) * 1_000_000n;
    const account_id = account.id;
    venue.commit({ type: 'position_moved', account_id, symbol: 'AAPL', qty, price: '200' });
    venue.commit({ type: 'cash_moved', account_id, amount: formatMoney(amount) });
    return world;
  }

  test.each(['1000', '-1000'])('(%s shares) may only close', (qty) => {
    const world = exposed(qty, -1);
    const [closing, opening] = qty === '1000' ? ['sell', 'buy'] : ['buy', 'sell'];
    const refused = expect.objectContaining({ status: 403, code: 40310000, message: only });
    expect(() => place(world, { side: opening, qty: '1' })).toThrow(refused);
    expect(() => place(world, { symbol: 'KO', qty: '1' })).toThrow(refused);
    expect(() => place(world, { symbol: 'KO', side: 'sell', qty: '1' })).toThrow(refused);
    expect(() => place(world, { symbol: 'AAPL280121C00270000', qty: '1' })).toThrow(refused);
    const legs = [
      { symbol: 'AAPL280121C00270000', ratio_qty: '1', position_intent: 'buy_to_open' },
      { symbol: 'AAPL280121C00280000', ratio_qty: '1', position_intent: 'sell_to_open' },
    ];
    expect(() => place(world, { symbol: undefined, order_class: 'mleg', legs })).toThrow(refused);
    expect(place(world, { side: closing, qty: '400' }).status).toBe('pending_new');
    world.settle(3);
    // What is left is less than six times the equity.
    expect(place(world, { symbol: 'KO', qty: '1' }).status).toBe('pending_new');
  });

  test('is the limit: a dollar more of equity and buying power decides', () => {
    expect(() => place(exposed('1000', 1), { symbol: 'KO', qty: '1' })).toThrow('insufficient buying power');
  });
});
