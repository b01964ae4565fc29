import { expect, test } from 'vitest';
import { cancelOrder } from './change-order';
import { makeWorld, near, place } from '../testing/world';
import { openAccount } from './accounts';

/** A world whose AAPL has just jumped beyond its bands. */
function jumped(factor: number) {
  const world = makeWorld({ partialFillRate: 0 });
  world.venue.commit({ type: 'price_shifted', symbol: 'AAPL', factor, sudden: true });
  return world;
}

test('orders rest in a trading pause, can be canceled in it, and trade after the reopening', () => {
  const world = jumped(0.9);
  const before = world.venue.market.tradeAt('AAPL', world.venue.clock.now() - 1_000)?.price ?? 0;
  world.settle(20);
  expect(world.venue.isHalted('AAPL')).toBe(true);
  const [buys, waits] = [place(world, {}), place(world, {})];
  const other = place(world, { symbol: 'SPY' });
  world.settle(60);
  expect([buys.status, waits.status, other.status]).toEqual(['pending_new', 'pending_new', 'filled']);
  cancelOrder(world.venue, waits);
  world.settle(3);
  expect([buys.status, waits.status]).toEqual(['pending_new', 'canceled']);
  world.settle(240);
  expect(world.venue.isHalted('AAPL')).toBe(false);
  expect(buys.status).toBe('filled');
  expect(Number(buys.filledProduct / buys.filledQty) / before).toBeCloseTo(0.9, 2);
});

test('in the limit state before it nothing fills beyond the band', () => {
  const world = jumped(1.2);
  const limit = near(world, 0);
  const low = place(world, { type: 'limit', limit_price: limit, side: 'buy' });
  world.settle(2);
  const bands = world.venue.market.bandsAt('AAPL', world.venue.clock.now());
  const buys = place(world, {});
  world.settle(6);
  expect(buys.status).toBe('filled');
  expect(buys.filledProduct / buys.filledQty).toBe(BigInt(bands?.up ?? 0));
  expect(low.filledQty).toBe(0n);
});

test('nor does an order walk the book of honest fills beyond it, against a client either', () => {
  const world = makeWorld({ honest: { depth: 0.01, latencyMs: 0, feePerShare: 0n } });
  const limit = (Number(near(world, 0)) * 1.04).toFixed(2);
  const buys = place(world, { qty: '800', time_in_force: 'gtc', type: 'limit', limit_price: limit });
  world.settle(20);
  expect(buys.status).toBe('filled');
  const far = (Number(near(world, 0)) * 1.1).toFixed(2);
  const sells = { qty: '300', side: 'sell', type: 'limit', limit_price: far, time_in_force: 'gtc' };
  const high = place(world, sells);
  world.settle(2);
  world.venue.commit({ type: 'price_shifted', symbol: 'AAPL', factor: 1.2, sudden: true });
  world.settle(1);
  const { up } = world.venue.market.bandsAt('AAPL', world.venue.clock.now()) ?? { up: 0 };
  expect(Number(far) * 1e6).toBeGreaterThan(up);
  const before = world.account.fills.length;
  const other = openAccount(world.venue, { keyId: 'PK2', secret: 's', cash: 900_000_000_000n }).account;
  place(
    { ...world, account: other },
    { qty: '2000', type: 'limit', limit_price: '999', time_in_force: 'gtc' },
  );
  world.settle(10);
  expect(other.fills.length).toBeGreaterThan(0);
  expect(other.fills.every(({ price }) => price <= BigInt(up))).toBe(true);
  expect([high.filledQty, world.account.fills.length]).toEqual([0n, before]);
});
