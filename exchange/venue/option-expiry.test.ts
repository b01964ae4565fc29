import { describe, expect, test } from 'vitest';
import { newYorkDay } from '../clock/new-york';
import type { OptionContract } from '../derivatives/contracts/contract-book';
import { optionMarketOf } from '../derivatives/option-market';
import { equityCurve } from '../ledger/equity-curve';
import { cashBook, sharesBook, USD } from '../ledger/ledger';
import { worthOf } from '../ledger/valuation';
import { makeWorld, place, START, type World } from '../testing/world';
import { doNotExercise, exercise } from './exercise';

const calm = (): World => makeWorld({ partialFillRate: 0 });
const shares = (world: World): bigint => (world.account.positions.get('AAPL')?.qty ?? 0n) / 1_000_000_000n;

/** A contract that expires today, so many percent in the money. */
function dying(world: World, type: 'call' | 'put', percent: number): OptionContract {
  const today = newYorkDay(START);
  const spot = Number(world.venue.touch('AAPL').last) / 1e6;
  const wish = spot * (1 - ((type === 'call' ? 1 : -1) * percent) / 100);
  const list = [
    ...optionMarketOf(world.venue.market).contracts.list('AAPL', today, { from: today, to: today }),
  ].filter((one) => one.type === type);
  const [nearest] = list.sort((a, b) => Math.abs(a.strike - wish) - Math.abs(b.strike - wish));
  if (nearest === undefined) throw new Error('nothing expires today');
  return nearest;
}

function toExpiry(world: World, { expiresAt }: OptionContract): void {
  world.wait(expiresAt - world.venue.clock.now());
  world.wait(1_000);
}

const told = (world: World): unknown[] =>
  world.account.transfers.map(({ type, symbol, qty, netAmount }) => [type, symbol, qty, netAmount]);

describe('at expiry', () => {
  test('a long call in the money becomes shares at the strike', () => {
    const world = calm();
    const call = dying(world, 'call', 8);
    place(world, { symbol: call.symbol, qty: '2' });
    world.settle(3);
    const cash = world.account.cash;
    toExpiry(world, call);
    const paid = BigInt(Math.round(call.strike * 1e6)) * 200n;
    expect([shares(world), world.account.cash]).toEqual([200n, cash - paid]);
    expect(world.account.positions.get('AAPL')?.cost).toBe(paid * 1_000_000_000n);
    expect(told(world)).toEqual([
      ['OPEXC', call.symbol, -2_000_000_000n, 0n],
      ['OPTRD', 'AAPL', 200_000_000_000n, -paid],
    ]);
    const { ledger } = world.venue.books;
    expect(ledger.balance(cashBook(world.account.id), USD)).toBe(world.account.cash);
    expect(ledger.balance(sharesBook(world.account.id), call.symbol)).toBe(0n);
    for (const sum of ledger.trialBalance().values()) expect(sum).toBe(0n);
    const now = world.venue.clock.now();
    const [then] = equityCurve(world.account, world.venue.priceAt, [now]);
    expect(then?.equity).toBe(worthOf(world.account, world.venue.priceAt, now).equity);
  });

  test('a short put in the money is assigned, and frees its cash', () => {
    const world = calm();
    const put = dying(world, 'put', 8);
    place(world, { symbol: put.symbol, side: 'sell', qty: '1' });
    world.settle(3);
    toExpiry(world, put);
    expect(shares(world)).toBe(100n);
    expect(world.account.transfers.map(({ type }) => type)).toEqual(['OPASN', 'OPTRD']);
    const { cashBuyingPower } = worthOf(world.account, world.venue.priceAt, world.venue.clock.now());
    expect(cashBuyingPower).toBe(world.account.cash);
  });

  test('out of the money nothing is left', () => {
    const world = calm();
    const call = dying(world, 'call', -8);
    place(world, { symbol: call.symbol, qty: '1', type: 'limit', limit_price: '9' });
    world.settle(3);
    toExpiry(world, call);
    expect(world.account.positions.size).toBe(0);
    expect(told(world)).toEqual([['OPEXP', call.symbol, -1_000_000_000n, 0n]]);
  });

  test('a covered call takes the shares', () => {
    const world = calm();
    const call = dying(world, 'call', 8);
    place(world, { qty: '100' });
    world.settle(3);
    place(world, { symbol: call.symbol, side: 'sell', qty: '1' });
    world.settle(3);
    toExpiry(world, call);
    expect(world.account.positions.size).toBe(0);
  });

  test('one that was not to be exercised expires, though it is worth something', () => {
    const world = calm();
    const call = dying(world, 'call', 8);
    place(world, { symbol: call.symbol, qty: '1' });
    world.settle(3);
    doNotExercise(world.venue, world.account, call.symbol);
    toExpiry(world, call);
    expect(told(world)).toEqual([['OPEXP', call.symbol, -1_000_000_000n, 0n]]);
  });

  test('what cannot be paid for is sold in the last half hour', () => {
    const world = calm();
    const call = dying(world, 'call', 3);
    place(world, { symbol: call.symbol, qty: '60' });
    world.settle(3);
    world.wait(call.expiresAt - world.venue.clock.now() - 29 * 60_000);
    world.settle(5);
    expect([world.account.positions.size, world.account.fills.at(-1)?.order.side]).toEqual([0, 'sell']);
  });
});

describe('exercise before expiry', () => {
  test('brings the shares at once, of the contracts that no order holds', () => {
    const world = calm();
    const call = dying(world, 'call', 5);
    expect(() => exercise(world.venue, world.account, call.symbol)).toThrow('long position not found');
    place(world, { symbol: call.symbol, qty: '2' });
    world.settle(3);
    place(world, { symbol: call.symbol, side: 'sell', qty: '1', type: 'limit', limit_price: '999' });
    exercise(world.venue, world.account, call.id);
    expect(shares(world)).toBe(100n);
    expect(() => exercise(world.venue, world.account, call.symbol)).toThrow('no qty available to exercise');
  });

  test('of a put asks for the shares', () => {
    const world = calm();
    const put = dying(world, 'put', 5);
    place(world, { symbol: put.symbol, qty: '1' });
    world.settle(3);
    expect(() => exercise(world.venue, world.account, put.symbol)).toThrow(
      'insufficient underlying qty available for exercise (required: 100, available: 0)',
    );
    place(world, { qty: '100' });
    world.settle(3);
    exercise(world.venue, world.account, put.symbol);
    expect(world.account.positions.size).toBe(0);
  });

  test('is refused for a short one, for what is no option, and after the close', () => {
    const world = makeWorld({
      alwaysOpen: false,
      startAt: Date.parse('2026-11-19T20:50:00Z'),
      partialFillRate: 0,
    });
    const { venue, account } = world;
    const [call, put] = [dying(world, 'call', 5), dying(world, 'put', 5)];
    place(world, { symbol: put.symbol, side: 'sell', qty: '1' });
    place(world, { symbol: call.symbol, qty: '1' });
    world.settle(3);
    expect(() => exercise(venue, account, put.symbol)).toThrow('cannot exercise short position');
    expect(() => exercise(venue, account, 'AAPL')).toThrow('invalid symbol');
    expect(() => doNotExercise(venue, account, call.symbol)).toThrow('only accepted on the expiration day');
    expect(() => doNotExercise(venue, account, put.symbol)).toThrow('cannot submit DNE for short position');
    world.wait(20 * 60_000);
    expect(() => exercise(venue, account, call.symbol)).toThrow('after market close until midnight');
  });
});
