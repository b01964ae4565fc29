import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stateText } from '../testing/state-text';
import { makeWorld, near, place, START, type World } from '../testing/world';
import { valueOf } from '../decimal/decimal';
import { type Journal, memoryJournal, parseJournal } from '../journal/journal';
import { worthOf } from '../ledger/valuation';
import { Market } from '../market/market';
import { pulse } from '../matching/pulse';
import { orderJson } from '../orders/order';
import { Refusal } from '../orders/refusals';
import { isOpen } from '../orders/status';
import { Books } from './books';
import { cancelOrder, replaceOrder } from './change-order';

type Command = {
  kind: 'order' | 'complex' | 'cancel' | 'replace' | 'wait' | 'move';
  side: string;
  qty: number;
  offset: number;
  pick: number;
};
const command: fc.Arbitrary<Command> = fc.record({
  kind: fc.constantFrom('order', 'order', 'complex', 'order', 'cancel', 'replace', 'wait', 'move'),
  side: fc.constantFrom('buy', 'sell'),
  qty: fc.integer({ min: 1, max: 40 }),
  offset: fc.integer({ min: -300, max: 300 }),
  pick: fc.nat(50),
});

/** Runs a command as a client would; what the venue refuses is refused. */
function run(world: World, { kind, side, qty, offset, pick }: Command): void {
  const { venue, account } = world;
  const symbol = ['AAPL', 'SPY', 'SNAP'][pick % 3] ?? 'AAPL';
  const price = (Number(venue.touch(symbol).ask / 10_000n) + offset) / 100;
  const known = [...account.orders.values()][pick];
  try {
    if (kind === 'wait') world.wait(offset + 301);
    else if (kind === 'move')
      world.venue.commit({ type: 'price_shifted', symbol, factor: 1 + offset / 5_000 });
    else if (kind === 'complex') placeComplex(world, { symbol, side, qty, pick });
    else if (kind === 'order' && pick % 2 === 0) place(world, { symbol, side, qty });
    else if (kind === 'order') {
      place(world, { symbol, side, qty, type: 'limit', limit_price: price.toFixed(2), time_in_force: 'gtc' });
    } else if (known !== undefined && kind === 'cancel') cancelOrder(venue, known);
    else if (known !== undefined) replaceOrder(venue, account, known, { qty });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
  world.wait(40);
}

/** A bracket, an OCO, a trailing stop or a stop around the last price. */
function placeComplex(world: World, of: { symbol: string; side: string; qty: number; pick: number }): void {
  const { pick, ...order } = of;
  const beyond = of.side === 'buy' ? 1 : -1;
  const cents = (offset: number): string => near(world, offset, of.symbol);
  const exits = {
    take_profit: { limit_price: cents(2 * beyond) },
    stop_loss: { stop_price: cents(-2 * beyond) },
  };
  const kinds = [
    { order_class: 'bracket', ...exits },
    { order_class: 'oto', stop_loss: exits.stop_loss },
    {
      order_class: 'oco',
      type: 'limit',
      limit_price: cents(-2 * beyond),
      stop_loss: { stop_price: cents(2 * beyond) },
    },
    { type: 'trailing_stop', trail_percent: '0.5' },
    { type: 'stop', stop_price: cents(beyond) },
  ];
  place(world, { ...order, ...kinds[pick % kinds.length] });
}

const commands = fc.array(command, { minLength: 1, maxLength: 40 });

describe('any sequence of orders', () => {
  test('conserves cash and shares, never overfills and never trades through a limit', () => {
    fc.assert(
      fc.property(commands, (list) => {
        const world = makeWorld();
        for (const item of list) run(world, item);
        const { account, venue } = world;
        let cash = account.initialCash;
        const held = new Map<string, bigint>();
        for (const { order, qty, price } of account.fills) {
          const signed = order.side === 'buy' ? qty : -qty;
          cash -= valueOf(signed, price);
          held.set(order.symbol, (held.get(order.symbol) ?? 0n) + signed);
          expect(qty).toBeGreaterThan(0n);
          const limit = order.limitPrice ?? price;
          expect(order.side === 'buy' ? price <= limit : price >= limit).toBe(true);
        }
        expect(account.cash).toBe(cash);
        expect([...venue.books.ledger.trialBalance().values()].every((sum) => sum === 0n)).toBe(true);
        for (const [symbol, qty] of held) expect(account.positions.get(symbol)?.qty ?? 0n).toBe(qty);
        for (const order of account.orders.values()) {
          expect(order.filledQty).toBeLessThanOrEqual(order.qty ?? 0n);
          expect(account.open.has(order)).toBe(isOpen(order.status));
          expect(order.status === 'filled').toBe(order.filledQty === order.qty);
          const exits = order.orderClass === 'oco' ? [order, ...order.legs] : order.legs;
          const sold = exits.reduce((sum, leg) => sum + leg.filledQty, 0n);
          expect(sold).toBeLessThanOrEqual(order.orderClass === 'oco' ? (order.qty ?? 0n) : order.filledQty);
          expect(exits.filter((leg) => leg.status === 'filled').length).toBeLessThanOrEqual(1);
        }
        expect(worthOf(account, venue.priceAt, venue.clock.now()).equity).toBeGreaterThan(0n);
      }),
      { numRuns: 150 },
    );
  });

  test('leaves a journal that replays to the same state', async () => {
    await fc.assert(
      fc.asyncProperty(commands, async (list) => {
        const made = makeWorld();
        const { venue, account } = made;
        const world = { ...made, wait: () => pulse(made.venue) };
        for (const item of list) run(world, item);
        const books = new Books(new Market(5, true));
        for (const record of parseJournal(await venue.journalText()).records) books.apply(record);
        const replayed = books.accounts.get(account.id);
        expect(replayed).toEqual(account);
        expect([...books.open].map(orderJson)).toEqual([...venue.books.open].map(orderJson));
        expect(books.lastSeq).toBe(venue.books.lastSeq);
      }),
      { numRuns: 40 },
    );
  });

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
