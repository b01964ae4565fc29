import { describe, expect, test } from 'vitest';
import { USD } from '../ledger/ledger';
import { positionJson, worthOf } from '../ledger/valuation';
import { makeWorld, near, place, type World } from '../testing/world';
import { replaceOrder } from './change-order';

/** A Saturday: stocks are closed. */
const saturday = (): World =>
  makeWorld({ alwaysOpen: false, startAt: Date.parse('2026-11-21T15:00:00Z'), partialFillRate: 0 });
const coin = { symbol: 'BTC/USD', time_in_force: 'gtc' };

describe('a crypto order', () => {
  test('trades on a weekend, in billionths, and a quarter percent stays behind', () => {
    const world = saturday();
    const order = place(world, { ...coin, qty: '0.123456789' });
    world.settle(3);
    const position = world.account.positions.get('BTC/USD');
    expect([order.status, position?.qty]).toEqual(['filled', 123_148_147n]);
    const [fee] = world.account.transfers;
    expect(fee).toMatchObject({ type: 'CFEE', symbol: 'BTCUSD', qty: -308_642n, netAmount: 0n });
    const out = place(world, { ...coin, symbol: 'BTCUSD', side: 'sell', qty: '0.123148147' });
    world.settle(3);
    expect([out.symbol, out.status, world.account.positions.size]).toEqual(['BTC/USD', 'filled', 0]);
    const sold = world.account.fills[1];
    const value = ((sold?.qty ?? 0n) * (sold?.price ?? 0n)) / 1_000_000_000n;
    const paid = -(world.account.transfers[1]?.netAmount ?? 0n);
    expect(Number(paid) / Number(value)).toBeCloseTo(0.0025, 8);
    for (const sum of world.venue.books.ledger.trialBalance().values()) expect(sum).toBe(0n);
    expect(world.venue.books.ledger.balance('fees', USD)).toBe(paid);
  });

  test('may be replaced by another fraction of a coin', () => {
    const world = saturday();
    const order = place(world, { ...coin, qty: '0.01', type: 'limit', limit_price: '50000' });
    world.settle(2);
    const next = replaceOrder(world.venue, world.account, order, { qty: '0.02', limit_price: '51000' });
    world.settle(2);
    expect([order.status, next.status, next.qty]).toEqual(['replaced', 'new', 20_000_000n]);
  });

  test('by money buys what the money buys; its position is written without a slash and has no leverage', () => {
    const world = saturday();
    place(world, { ...coin, qty: undefined, notional: '5000', time_in_force: 'ioc' });
    world.settle(3);
    const position = world.account.positions.get('BTC/USD');
    if (position === undefined) throw new Error('nothing bought');
    const current = world.venue.touch('BTC/USD').last;
    expect(positionJson(world.account, position, { current, lastDay: current, dayStart: 0 })).toMatchObject({
      symbol: 'BTCUSD',
      asset_class: 'crypto',
      exchange: 'CRYPTO',
      asset_marginable: false,
    });
    const worth = worthOf(world.account, world.venue.priceAt, world.venue.clock.now());
    expect(worth.buyingPower).toBe(4n * world.account.cash);
    expect(Number(worth.long) / 5e9).toBeCloseTo(0.9975, 2);
  });

  test('with a limit rests for days, with a stop limit waits for its stop; ioc goes at once', () => {
    const world = saturday();
    const low = Math.round(Number(near(world, 0, 'BTC/USD')) * 0.9).toFixed(2);
    const resting = place(world, { ...coin, qty: '0.1', type: 'limit', limit_price: low });
    const gone = place(world, { ...coin, qty: '0.1', type: 'limit', limit_price: low, time_in_force: 'ioc' });
    const stop = Math.round(Number(near(world, 0, 'BTC/USD')) * 1.02).toFixed(2);
    const limit = Math.round(Number(near(world, 0, 'BTC/USD')) * 1.2).toFixed(2);
    const stopped = place(world, {
      ...coin,
      qty: '0.1',
      type: 'stop_limit',
      stop_price: stop,
      limit_price: limit,
    });
    world.settle(4);
    expect([resting.status, gone.status, stopped.status]).toEqual(['new', 'canceled', 'new']);
    world.move('BTC/USD', 1.05);
    expect([resting.status, stopped.status]).toEqual(['new', 'filled']);
  });

  test.each([
    [{ type: 'stop', stop_price: '1' }, 'invalid order type for crypto order'],
    [{ time_in_force: 'day' }, 'invalid crypto time_in_force'],
    [{ qty: '0.00001' }, 'cost basis must be >= minimal amount of order 10'],
    [{ qty: '1000' }, /insufficient balance for USD \(requested: \d/],
    [{ side: 'sell' }, 'insufficient balance for BTC (requested: 0.1, available: 0)'],
    [
      { order_class: 'oto', take_profit: { limit_price: '999999' } },
      'crypto orders not allowed for advanced order_class: oto',
    ],
  ])('is refused: %o', (more, message) => {
    expect(() => place(saturday(), { ...coin, qty: '0.1', ...more })).toThrow(message);
  });
});
