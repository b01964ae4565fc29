import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Order } from '../orders/order';
import { fillsDigest } from '../testing/scenario';
import { makeWorld, near, place, type World } from '../testing/world';

const makeHonest = (knobs: { depth?: number; latencyMs?: number; feePerShare?: bigint } = {}): World =>
  makeWorld({ honest: { depth: 1, latencyMs: 0, feePerShare: 0n, ...knobs } });
const paid = (order: Order): number => Number(order.filledProduct) / Number(order.filledQty) / 1e6;

describe('honest fills', () => {
  test('let a large order walk the book: it pays more than a small one, and moves the price', () => {
    const [world, reference] = [makeHonest({ depth: 0.02 }), makeHonest({ depth: 0.02 })];
    const large = place(world, { symbol: 'COST', qty: '400' });
    const small = place(reference, { symbol: 'COST', qty: '1' });
    world.settle(40);
    reference.settle(40);
    expect([large.status, small.status]).toEqual(['filled', 'filled']);
    expect(large.executions).toBeGreaterThan(5);
    expect(new Set([...world.account.fills].map(({ price }) => price)).size).toBeGreaterThan(2);
    expect(paid(large)).toBeGreaterThan(paid(small));
    expect(world.venue.touch('COST').bid).toBeGreaterThan(reference.venue.touch('COST').bid);
  });

  test('queue an order at the touch behind those that were there first', () => {
    const world = makeHonest({ depth: 50 });
    const order = place(world, {
      symbol: 'SPY',
      type: 'limit',
      limit_price: (Number(world.venue.touch('SPY').bid) / 1e6 - 0.02).toFixed(2),
      qty: '5',
    });
    world.settle(2);
    expect(order).toMatchObject({ status: 'new', filledQty: 0n });
    world.move('SPY', 0.99);
    expect(order.status).toBe('filled');
    expect(paid(order)).toBe(Number(order.limitPrice) / 1e6);
  });

  test('fill in part what the book holds and cancel the rest of an ioc; a fok waits for no part', () => {
    const world = makeHonest({ depth: 0.01 });
    const limit = near(world, 0.05, 'KO');
    const terms = { symbol: 'KO', type: 'limit', limit_price: limit, qty: '2000' };
    const [ioc, fok] = [
      place(world, { ...terms, time_in_force: 'ioc' }),
      place(world, { ...terms, time_in_force: 'fok' }),
    ];
    world.settle(3);
    expect([ioc.status, fok.status]).toEqual(['canceled', 'canceled']);
    expect(ioc.filledQty).toBeGreaterThan(0n);
    expect(fok.filledQty).toBe(0n);
  });

  test('keep an order from the book for its latency, and take fees', () => {
    const world = makeHonest({ latencyMs: 5_000, feePerShare: 10_000n });
    const order = place(world, {});
    world.settle(4);
    expect(order.status).toBe('new');
    world.settle(4);
    expect(order.status).toBe('filled');
    expect(world.account.transfers.reduce((sum, { netAmount }) => sum + netAmount, 0n)).toBe(-100_000n);
  });

  test('print what clients trade on the tape', () => {
    const world = makeHonest();
    const from = world.venue.clock.now();
    place(world, { symbol: 'COST', qty: '3' });
    world.settle(2);
    const [fill] = world.account.fills;
    const tape = [...world.venue.market.trades('COST', { from, to: from + 60_000 })];
    const own = tape.filter(({ id }) => id > 1e12);
    expect(own.map(({ price, at }) => [BigInt(price), at])).toEqual([[fill?.price, fill?.at]]);
    expect(tape.map(({ at }) => at)).toEqual(tape.map(({ at }) => at).sort((a, b) => a - b));
  });

  test('buy for an amount of money, never more', () => {
    const world = makeHonest();
    const order = place(world, { qty: undefined, notional: '25000' });
    world.settle(10);
    expect(order.status).toBe('filled');
    const cost = world.account.initialCash - world.account.cash;
    expect(cost).toBeGreaterThan(24_990_000_000n);
    expect(cost).toBeLessThanOrEqual(25_000_000_000n);
  });
});

describe('the same seed and commands', () => {
  test.each(['alpaca-paper', 'honest'] as const)('give the same fills in another process: %s', (fills) => {
    const scenario = JSON.stringify(join(import.meta.dirname, '../testing/scenario.ts'));
    const print = `({ fillsDigest }) => console.log(JSON.stringify(fillsDigest(11, '${fills}')))`;
    const args = ['--import', 'tsx', '-e', `import(${scenario}).then(${print})`];
    const elsewhere: unknown = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
    const here = fillsDigest(11, fills);
    expect(elsewhere).toEqual(here);
    expect(here.fills).toBeGreaterThan(30);
    expect(fillsDigest(12, fills).digest).not.toBe(here.digest);
  });
});
