import { expect, test } from 'vitest';
import { cancelOrder } from './change-order';
import { makeWorld, near, place } from '../testing/world';

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
