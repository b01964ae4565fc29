import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatMoney } from '../decimal/decimal';
import { fillOrder } from '../matching/fill-order';
import { makeWorld, place, START } from '../testing/world';
import { equityCurve, worthThen } from './equity-curve';
import { cashBook, deposit, execution, Ledger, sharesBook, USD } from './ledger';
import { maintenanceOf, worthOf } from './valuation';

const SHARE = 1_000_000_000n;

describe('the ledger', () => {
  test('refuses a transaction that does not add up, and books nothing of it', () => {
    const ledger = new Ledger();
    const [gain] = deposit('a', 5n).slice(1);
    expect(() => ledger.post(gain === undefined ? [] : [gain])).toThrow('off by 5 USD');
    expect(ledger.balance(cashBook('a'), USD)).toBe(0n);
  });

  test('adds up to nothing in every unit after any executions', () => {
    const trade = fc.record({
      symbol: fc.constantFrom('A', 'B'),
      qty: fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }),
      value: fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }),
      fee: fc.bigInt({ min: 0n, max: 10n ** 6n }),
    });
    fc.assert(
      fc.property(fc.array(trade), (trades) => {
        const ledger = new Ledger();
        for (const one of trades) ledger.post(execution('a', one));
        expect([...ledger.trialBalance().values()].every((sum) => sum === 0n)).toBe(true);
        const spent = trades.reduce((sum, { value, fee }) => sum + value + fee, 0n);
        expect(ledger.balance(cashBook('a'), USD)).toBe(-spent);
      }),
      { numRuns: 500 },
    );
  });

  test('agrees with cash, positions and equity of an account that trades, pays and is paid', () => {
    const world = makeWorld({ partialFillRate: 0.5 });
    const { venue, account } = world;
    for (const [symbol, side] of [
      ['AAPL', 'buy'],
      ['SPY', 'buy'],
      ['KO', 'sell'],
    ] as const)
      place(world, { symbol, side });
    world.settle(10);
    venue.commit({ type: 'cash_moved', account_id: account.id, amount: '-2500.5' });
    venue.commit({ type: 'position_moved', account_id: account.id, symbol: 'MSFT', qty: '3', price: '400' });
    world.move('SPY', 1.03);
    const { ledger } = venue.books;
    expect(account.cash).toBe(ledger.balance(cashBook(account.id), USD));
    expect(account.positions.size).toBe(4);
    for (const { symbol, qty } of account.positions.values()) {
      expect(ledger.balance(sharesBook(account.id), symbol)).toBe(qty);
    }
    const now = venue.clock.now();
    const then = worthThen(account, venue.priceAt, now);
    expect(then.equity).toBe(worthOf(account, venue.priceAt, now).equity);
    expect(then.maintenance).toBe(worthOf(account, venue.priceAt, now).maintenanceMargin);
    expect(formatMoney(then.funded)).toBe('98699.5');
    expect(venue.books.ledger.trialBalance().get(USD) ?? 0n).toBe(0n);
  });

  test('takes a fee out of cash and lists it', () => {
    const world = makeWorld();
    const order = place(world, {});
    world.venue.commit({ type: 'order_working', order_id: order.id });
    fillOrder(world.venue, order, { qty: 10n * SHARE, price: 100_000_000n, complete: true, fee: 20_000n });
    expect(world.account.cash).toBe(world.account.initialCash - 1_000_020_000n);
    expect(world.account.transfers).toMatchObject([{ type: 'FEE', netAmount: -20_000n }]);
  });
});

describe('the equity curve', () => {
  test('is what each instant was worth when it was now', () => {
    const world = makeWorld();
    const seen: { at: number; equity: bigint }[] = [];
    for (const side of ['buy', 'buy', 'sell', 'sell', 'sell'] as const) {
      place(world, { side, symbol: 'TSLA' });
      world.settle(6);
      const at = world.venue.clock.now();
      seen.push({ at, equity: worthOf(world.account, world.venue.priceAt, at).equity });
    }
    const curve = equityCurve(
      world.account,
      world.venue.priceAt,
      seen.map(({ at }) => at),
    );
    expect(curve.map(({ at, equity }) => ({ at, equity }))).toEqual(seen);
  });
});

describe('margin', () => {
  test.each([
    ['long at $100', 10n, 100, 300n],
    ['long under $2.50', 10n, 2, 20n],
    ['short at $100', -10n, 100, 300n],
    ['short at $10: $5 a share', -10n, 10, 50n],
    ['short under $5', -10n, 4, 40n],
  ])('to maintain %s', (_title, shares, price, dollars) => {
    expect(maintenanceOf('AAPL', shares * SHARE, BigInt(price) * 1_000_000n)).toBe(dollars * 1_000_000n);
  });

  test.each([
    ['4', 100_000, 400_000n, 4n],
    ['2', 100_000, 200_000n, 2n],
    ['1', 100_000, 100_000n, 1n],
    ['4', 1_999, 1_999n, 1n],
  ] as const)('multiplies by %s with %i of equity', (most, cash, power, multiplier) => {
    const { venue, account } = makeWorld();
    venue.commit({ type: 'cash_moved', account_id: account.id, amount: String(cash - 100_000) });
    const configurations = { ...account.configurations, max_margin_multiplier: most };
    venue.commit({ type: 'configured', account_id: account.id, configurations });
    const worth = worthOf(account, venue.priceAt, START);
    expect([worth.buyingPower, worth.multiplier]).toEqual([power * 1_000_000n, multiplier]);
  });
});
