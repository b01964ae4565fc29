import { describe, expect, test } from 'vitest';
import { newYorkDay } from '../clock/new-york';
import type { OptionContract } from '../derivatives/contracts/contract-book';
import { optionMarketOf } from '../derivatives/option-market';
import { equityCurve } from '../ledger/equity-curve';
import { sharesBook, USD } from '../ledger/ledger';
import { heldForOrders, worthOf } from '../ledger/valuation';
import { orderJson } from '../orders/order';
import { makeWorld, place, START, type World } from '../testing/world';

const calm = (): World => makeWorld({ partialFillRate: 0 });

/** The contract nearest the money, some expiries ahead. */
function contractOf(world: World, type: 'call' | 'put', after = 20): OptionContract {
  const { market, clock } = world.venue;
  const today = newYorkDay(clock.now());
  const spot = Number(world.venue.touch('AAPL').last) / 1e6;
  const found = [
    ...optionMarketOf(market).contracts.list('AAPL', today, { from: today + after, to: today + 60 }),
  ];
  const [nearest] = found
    .filter((one) => one.type === type)
    .sort((a, b) => a.expiry - b.expiry || Math.abs(a.strike - spot) - Math.abs(b.strike - spot));
  if (nearest === undefined) throw new Error('no contract');
  return nearest;
}

const level = ({ venue, account }: World, max_options_trading_level: number): void => {
  const configurations = { ...account.configurations, max_options_trading_level };
  venue.commit({ type: 'configured', account_id: account.id, configurations });
};

describe('an option order', () => {
  test('buys contracts of 100 shares at the offer, and their worth follows the quote', () => {
    const world = calm();
    const { symbol } = contractOf(world, 'call');
    const order = place(world, { symbol, qty: '3' });
    expect(orderJson(order)).toMatchObject({
      symbol,
      asset_class: 'us_option',
      position_intent: 'buy_to_open',
      status: 'pending_new',
    });
    world.settle(3);
    expect(order.status).toBe('filled');
    const [fill] = world.account.fills;
    const price = fill?.price ?? 0n;
    expect(price).toBeGreaterThan(0n);
    expect(world.account.cash).toBe(world.account.initialCash - 300n * price);
    const now = world.venue.clock.now();
    const { last } = world.venue.touch(symbol);
    const worth = worthOf(world.account, world.venue.priceAt, now);
    expect(worth.long).toBe(300n * last);
    // Neither margin nor leverage on options.
    expect(worth.cashBuyingPower).toBe(world.account.cash);
    expect(worth.buyingPower).toBe(4n * world.account.cash);
    const [then] = equityCurve(world.account, world.venue.priceAt, [now]);
    expect(then).toMatchObject({ equity: worth.equity, maintenance: worth.maintenanceMargin });
    world.move('AAPL', 1.05);
    expect(world.venue.touch(symbol).last).toBeGreaterThan(last);
  });

  test('with a limit waits for its price, and comes back out of the position', () => {
    const world = calm();
    const { symbol } = contractOf(world, 'put');
    const low = place(world, { symbol, qty: '2', type: 'limit', limit_price: '0.05' });
    world.settle(3);
    expect(low.status).toBe('new');
    place(world, { symbol, qty: '2', type: 'limit', limit_price: '90' });
    world.settle(3);
    const out = place(world, { symbol, side: 'sell', qty: '2', type: 'limit', limit_price: '0.06' });
    expect(out.positionIntent).toBe('sell_to_close');
    world.settle(3);
    expect([out.status, world.account.positions.size]).toEqual(['filled', 0]);
    expect(world.venue.books.ledger.balance(sharesBook(world.account.id), symbol)).toBe(0n);
    expect(world.venue.books.ledger.trialBalance().get(USD) ?? 0n).toBe(0n);
  });

  test('sells a call against 100 shares, which are then held', () => {
    const world = calm();
    const { symbol } = contractOf(world, 'call');
    const sale = { symbol, side: 'sell', qty: '1' };
    expect(() => place(world, sale)).toThrow('account not eligible to trade uncovered option contracts');
    place(world, { qty: '150' });
    world.settle(3);
    level(world, 1);
    expect(() => place(world, { ...sale, qty: '2' })).toThrow(
      'insufficient underlying qty available for covered call (required: 200, available: 150)',
    );
    place(world, sale);
    expect(heldForOrders(world.account, 'AAPL')).toBe(100_000_000_000n);
    world.settle(3);
    expect(world.account.positions.get(symbol)?.qty).toBe(-1_000_000_000n);
    expect(() => place(world, { side: 'sell', qty: '51' })).toThrow('available: 50');
    const back = place(world, { symbol, qty: '1' });
    expect(back.positionIntent).toBe('buy_to_close');
    world.settle(3);
    place(world, { side: 'sell', qty: '150' });
  });

  test('sells a put against cash, which is then held', () => {
    const world = calm();
    level(world, 1);
    const { symbol, strike } = contractOf(world, 'put');
    const secured = BigInt(Math.round(strike * 100)) * 1_000_000n;
    const order = place(world, { symbol, side: 'sell', qty: '1' });
    const worth = (): bigint =>
      worthOf(world.account, world.venue.priceAt, world.venue.clock.now()).cashBuyingPower;
    expect(worth()).toBe(world.account.initialCash - secured);
    world.settle(3);
    expect(order.status).toBe('filled');
    const premium = 100n * (world.account.fills[0]?.price ?? 0n);
    expect(worth()).toBe(world.account.initialCash + premium - secured);
    expect(() => place(world, { symbol, side: 'sell', qty: '9' })).toThrow(
      /insufficient options buying power \(required: \d/,
    );
  });
});

describe('an option order is refused', () => {
  const world = calm();
  const { symbol } = contractOf(world, 'call');
  test.each([
    [{ time_in_force: 'gtc' }, 'order_time_in_force provided not supported for options trading'],
    [{ qty: '1.5' }, 'qty must be integer for options trading'],
    [{ qty: undefined, notional: '50' }, 'notional orders are not supported for options trading'],
    [{ type: 'stop', stop_price: '9' }, 'invalid order type for options trading'],
    [
      { type: 'limit', limit_price: '9', extended_hours: true },
      'extended hours is not supported for options trading',
    ],
    [
      { order_class: 'oto', take_profit: { limit_price: '99' } },
      'complex orders not supported for options trading',
    ],
    [{ symbol: 'AAPL261120C99999000' }, 'contract "AAPL261120C99999000" not found'],
    [{ symbol: 'AAPL250117C00200000' }, 'contract "AAPL250117C00200000"'],
    [{ qty: '100000' }, 'insufficient options buying power'],
    [
      { position_intent: 'sell_to_close' },
      'position intent mismatch, inferred: buy_to_open, specified: sell_to_close',
    ],
  ])('%o', (more, message) => {
    expect(() => place(world, { symbol, qty: '1', ...more })).toThrow(message);
  });

  test('by level', () => {
    const own = calm();
    level(own, 1);
    expect(() => place(own, { symbol, qty: '1' })).toThrow(
      'account not eligible to trade long option contracts',
    );
    level(own, 0);
    expect(() => place(own, { symbol, qty: '1' })).toThrow('account not authorized to trade options');
  });

  test('at the market after hours, and to open in the last half hour of its life', () => {
    const night = makeWorld({ alwaysOpen: false, startAt: Date.parse('2026-11-20T22:00:00Z') });
    expect(() => place(night, { symbol, qty: '1' })).toThrow(
      'options market orders are only allowed during market hours',
    );
    const limit = place(night, { symbol, qty: '1', type: 'limit', limit_price: '1' });
    expect(limit.status).toBe('accepted');
    const late = makeWorld({ alwaysOpen: false, startAt: Date.parse('2026-11-20T20:31:00Z') });
    const dying = contractOf(late, 'call', 0);
    expect(() => place(late, { symbol: dying.symbol, qty: '1' })).toThrow(
      'expires soon, unable to open new positions',
    );
    expect(START).toBeLessThan(dying.expiresAt);
  });
});
