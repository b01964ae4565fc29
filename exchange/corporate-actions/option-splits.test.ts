import { describe, expect, test } from 'vitest';
import { newYorkDay } from '../clock/new-york';
import type { OptionContract } from '../derivatives/contracts/contract-book';
import { optionMarketOf } from '../derivatives/option-market';
import { equityCurve } from '../ledger/equity-curve';
import { heldForOrders, worthOf } from '../ledger/valuation';
import { Refusal } from '../orders/refusals';
import { makeWorld, place, type World } from '../testing/world';
import { exercise } from '../venue/exercise';

const MIDNIGHT = Date.parse('2026-12-01T05:00:00Z');
const SHARE = 1_000_000_000n;

function splitting(symbol: string, new_rate: number, old_rate: number, alwaysOpen = true): World {
  const world = makeWorld({
    alwaysOpen,
    partialFillRate: 0,
    startAt: Date.parse('2026-11-30T15:00:00Z'),
    holding: { dividends: false, carry: false, earlyAssignment: false },
  });
  world.venue.commit({
    type: 'action_announced',
    symbol,
    action: { type: 'split', declaration_date: '2026-11-30', ex_date: '2026-12-01', new_rate, old_rate },
  });
  return world;
}

const toSplit = (world: World, more = 0): void => world.wait(MIDNIGHT + more - world.venue.clock.now());

/** The contract nearest to the money that expires on Friday 2026-12-18. */
function contractOf(world: World, root: string, type: 'call' | 'put'): OptionContract {
  const { market, clock } = world.venue;
  const expiry = newYorkDay(Date.parse('2026-12-18T17:00:00Z'));
  const today = newYorkDay(clock.now());
  const spot = optionMarketOf(market).spotAt(root, clock.now());
  const [nearest] = [...optionMarketOf(market).contracts.list(root, today, { from: expiry, to: expiry })]
    .filter((contract) => contract.type === type)
    .sort((a, b) => Math.abs(a.strike - spot) - Math.abs(b.strike - spot));
  if (nearest === undefined) throw new Error(`no options on ${root}`);
  return nearest;
}

function hold(world: World, symbol: string, qty: string, price = '1'): void {
  world.venue.commit({ type: 'position_moved', account_id: world.account.id, symbol, qty, price });
}

const held = (world: World): [string, number][] =>
  [...world.account.positions.values()].map(({ symbol, qty }) => [symbol, Number(qty) / 1e9]);

const worth = (world: World): ReturnType<typeof worthOf> =>
  worthOf(world.account, world.venue.priceAt, world.venue.clock.now());

describe('options at a split into whole shares', () => {
  test('are more contracts at lower strikes, of the same cost and worth', () => {
    const world = splitting('AAPL', 4, 1);
    const { strike, symbol } = contractOf(world, 'AAPL', 'call');
    hold(world, symbol, '2', '7');
    toSplit(world, -1);
    const before = Number(worth(world).equity);
    toSplit(world);
    const [next = ['', 0]] = held(world);
    expect(next).toEqual([`AAPL261218C${String((strike / 4) * 1000).padStart(8, '0')}`, 8]);
    expect(world.account.positions.get(next[0])?.cost).toBe(2n * SHARE * 7_000_000n);
    // Eight contracts are quoted a quarter as high: within a tick of the old ones.
    const now = Number(worth(world).equity);
    expect(Math.abs(now - before)).toBeLessThan(8 * 100 * 50_000);
    const { contracts } = optionMarketOf(world.venue.market);
    expect(contracts.find(next[0], newYorkDay(MIDNIGHT))?.symbol).toBe(next[0]);
    const [then] = equityCurve(world.account, world.venue.priceAt, [MIDNIGHT]);
    expect(then?.equity).toBe(worth(world).equity);
    const sold = place(world, { symbol: next[0], qty: '8', side: 'sell' });
    world.settle();
    expect(sold.status).toBe('filled');
  });

  test('keep their calls covered by the shares, which are held back as before', () => {
    const world = splitting('AAPL', 3, 1);
    const call = contractOf(world, 'AAPL', 'call');
    hold(world, 'AAPL', '250');
    hold(world, call.symbol, '-2');
    expect(heldForOrders(world.account, 'AAPL')).toBe(200n * SHARE);
    const margin = worth(world).initialMargin;
    toSplit(world);
    expect(heldForOrders(world.account, 'AAPL')).toBe(600n * SHARE);
    expect(world.account.positions.get('AAPL')?.qty).toBe(750n * SHARE);
    expect(Number(worth(world).initialMargin) / Number(margin)).toBeCloseTo(1, 1);
  });

  test('cannot be confused where one new strike is an old one', () => {
    const world = splitting('AAPL', 2, 1);
    const { symbol, strike } = contractOf(world, 'AAPL', 'put');
    const half = symbol.slice(0, 11) + String(strike * 500).padStart(8, '0');
    hold(world, symbol, '1', '4');
    hold(world, half, '3', '2');
    toSplit(world);
    const quarter = symbol.slice(0, 11) + String(strike * 250).padStart(8, '0');
    expect(new Map(held(world))).toEqual(
      new Map([
        [half, 2],
        [quarter, 6],
      ]),
    );
    const cost = (name: string): bigint | undefined => world.account.positions.get(name)?.cost;
    expect([cost(half), cost(quarter)]).toEqual([4_000_000n * SHARE, 6_000_000n * SHARE]);
  });

  test('have their orders cancelled', () => {
    const world = splitting('AAPL', 2, 1);
    const { symbol } = contractOf(world, 'AAPL', 'call');
    const order = place(world, { symbol, qty: '1', type: 'limit', limit_price: '0.05' });
    world.settle();
    expect(order.status).toBe('new');
    world.wait(Date.parse('2026-11-30T23:00:00Z') - world.venue.clock.now());
    const next = place(world, { symbol, qty: '1', type: 'limit', limit_price: '0.05' });
    world.settle();
    toSplit(world);
    expect(next.status).toBe('canceled');
  });
});

describe('options at any other split', () => {
  test.each([
    ['reverse', 'F', 1, 8, 12.5],
    ['three for two', 'KO', 3, 2, 150],
  ] as const)('(%s) deliver other numbers of shares at the old strike', (_title, root, to, from, shares) => {
    const world = splitting(root, to, from);
    const { symbol } = contractOf(world, root, 'call');
    hold(world, symbol, '3', '2');
    toSplit(world, -1);
    const before = Number(worth(world).equity);
    toSplit(world);
    const name = symbol.replace(root, `${root}1`);
    expect(held(world)).toEqual([[name, 3]]);
    expect(Math.abs(Number(worth(world).equity) - before)).toBeLessThan(3 * 100 * 20_000);
    const market = optionMarketOf(world.venue.market);
    const today = newYorkDay(MIDNIGHT);
    const found = market.contracts.find(name, today);
    expect(found === undefined ? null : market.contracts.sharesOf(found, today)).toBe(shares);
    expect(market.contracts.find(symbol.replace(root, `${root}2`), today)).toBeUndefined();
    const listed = [...market.contracts.list(root, today, { from: today, to: today + 30 })];
    expect(listed.filter(({ suffix }) => suffix === 1).map((one) => one.symbol)).toContain(name);
    expect(listed.every((one, i) => i === 0 || (listed[i - 1]?.symbol ?? '') < one.symbol)).toBe(true);
  });

  test('cost 100 times the strike to exercise, for the shares they deliver', () => {
    const world = splitting('F', 1, 8);
    const { symbol, strike } = contractOf(world, 'F', 'call');
    hold(world, symbol, '4', '1');
    toSplit(world);
    world.settle();
    const cash = world.account.cash;
    exercise(world.venue, world.account, symbol.replace('F', 'F1'));
    expect(held(world)).toEqual([['F', 50]]);
    expect(Number(cash - world.account.cash) / 1e6).toBeCloseTo(400 * strike, 6);
  });

  test('expire for what they deliver', () => {
    const world = splitting('F', 1, 8);
    const { strike } = contractOf(world, 'F', 'put');
    const symbol = `F261218P${String((strike + 2) * 1000).padStart(8, '0')}`;
    hold(world, 'F', '200');
    hold(world, symbol, '-1', '2');
    toSplit(world);
    world.wait(Date.parse('2026-12-18T21:00:00Z') - world.venue.clock.now());
    expect(held(world)).toEqual([['F', 37.5]]);
    const [assigned, delivered] = world.account.transfers.slice(-2);
    expect([assigned?.type, delivered?.type]).toEqual(['OPASN', 'OPTRD']);
    expect(Number(delivered?.netAmount) / 1e6).toBeCloseTo(-100 * (strike + 2), 6);
    expect(delivered?.qty).toBe(12_500_000_000n);
  });

  test('can be closed, and not opened', () => {
    const world = splitting('F', 1, 8);
    const { symbol } = contractOf(world, 'F', 'call');
    hold(world, symbol, '2', '1');
    toSplit(world);
    world.settle();
    const name = symbol.replace('F', 'F1');
    const closing = place(world, { symbol: name, qty: '1', side: 'sell' });
    world.settle();
    expect(closing.status).toBe('filled');
    expect(() => place(world, { symbol: name, qty: '1' })).toThrow(Refusal);
  });

  test('cover and are covered by what they deliver', () => {
    const world = splitting('F', 1, 8);
    const call = contractOf(world, 'F', 'call');
    hold(world, 'F', '250');
    hold(world, call.symbol, '-2');
    toSplit(world);
    // 31.25 shares are left, 25 of them are to be delivered.
    expect(heldForOrders(world.account, 'F')).toBe(25n * SHARE);
    const [then] = equityCurve(world.account, world.venue.priceAt, [world.venue.clock.now()]);
    expect(then?.maintenance).toBe(worth(world).maintenanceMargin);
  });
});

describe('an option that expires before a split', () => {
  test('delivers old shares, which then split, when both pass in one jump', () => {
    const world = splitting('AAPL', 4, 1, false);
    const { market } = world.venue;
    world.venue.commit({
      type: 'action_announced',
      symbol: 'AAPL',
      action: {
        type: 'split',
        declaration_date: '2026-11-30',
        ex_date: '2026-12-21',
        new_rate: 3,
        old_rate: 1,
      },
    });
    toSplit(world, 5 * 3_600_000);
    const { symbol, strike } = contractOf(world, 'AAPL', 'call');
    const deep = symbol.slice(0, 11) + String((strike - 10) * 1000).padStart(8, '0');
    hold(world, deep, '1', '10');
    world.wait(Date.parse('2026-12-22T15:00:00Z') - world.venue.clock.now());
    expect(held(world)).toEqual([['AAPL', 300]]);
    expect(world.account.transfers.slice(-3).map(({ type, qty }) => [type, Number(qty) / 1e9])).toEqual([
      ['OPEXC', -1],
      ['OPTRD', 100],
      ['SPLIT', 200],
    ]);
    // The past is told as it was: shares from the expiry on, three for each from the split on.
    const at = (time: string): number => Date.parse(time);
    const moves = world.account.moves.filter(({ symbol: of }) => of === 'AAPL');
    expect(moves.map((move) => move.at)).toEqual([at('2026-12-18T21:00:00Z'), at('2026-12-21T09:00:00Z')]);
    expect(market.splitFactor('AAPL', at('2026-12-18T21:00:00Z'), at('2026-12-21T09:00:00Z'))).toBe(1 / 3);
  });
});

describe('an option that expires', () => {
  test('does so at its time, also when something else happened before the exchange got to it', () => {
    const world = splitting('AAPL', 4, 1, false);
    const { symbol } = contractOf(world, 'AAPL', 'call');
    hold(world, symbol, '1', '10');
    const expiry = Date.parse('2026-12-18T21:00:00Z');
    world.wait(expiry - 1 - world.venue.clock.now());
    world.venue.clock.advance(11);
    hold(world, 'KO', '1');
    world.wait(10);
    const { moves } = world.account;
    expect(moves.filter(({ at }) => at === expiry).length).toBeGreaterThan(0);
    expect(moves.at(-1)?.symbol).toBe('KO');
    expect(moves.map(({ at }) => at)).toEqual(moves.map(({ at }) => at).sort((a, b) => a - b));
  });
});

describe('between a split and the first option quote after it', () => {
  test('a contract is worth what it was in the evening before', () => {
    const world = splitting('AAPL', 4, 1, false);
    const { symbol } = contractOf(world, 'AAPL', 'call');
    hold(world, symbol, '1', '7');
    world.wait(Date.parse('2026-12-01T08:59:59Z') - world.venue.clock.now());
    const before = worth(world).equity;
    world.wait(60_000);
    expect(held(world)[0]?.[1]).toBe(4);
    expect(Math.abs(Number(worth(world).equity - before))).toBeLessThan(4 * 100 * 50_000);
  });
});
