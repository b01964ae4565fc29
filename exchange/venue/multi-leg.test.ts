import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { newYorkDay } from '../clock/new-york';
import { fault } from '../control/fault';
import type { OptionContract } from '../derivatives/contracts/contract-book';
import { optionMarketOf } from '../derivatives/option-market';
import { parseJournal } from '../journal/journal';
import { heldForOrders, worthOf } from '../ledger/valuation';
import { Market } from '../market/market';
import { nestedJson, type Order } from '../orders/order';
import { readOrderRequest } from '../orders/order-request';
import { isOpen } from '../orders/status';
import { stateText } from '../testing/state-text';
import { makeWorld, place, type World } from '../testing/world';
import { Books } from './books';
import { cancelOrder, replaceOrder } from './change-order';
import { submitOrder } from './submit-order';

const calm = (): World => makeWorld({ partialFillRate: 0 });

/** Contracts of one expiry around the money, by rising strike. */
function ladder(world: World, type: 'call' | 'put'): OptionContract[] {
  const { market, clock } = world.venue;
  const today = newYorkDay(clock.now());
  const spot = Number(world.venue.touch('AAPL').last) / 1e6;
  const list = [
    ...optionMarketOf(market).contracts.list('AAPL', today, { from: today + 15, to: today + 21 }),
  ].filter((one) => one.type === type && Math.abs(one.strike / spot - 1) < 0.08);
  return list.sort((a, b) => a.strike - b.strike);
}

interface Leg {
  symbol?: string;
  ratio_qty?: string;
  position_intent?: string;
}
const leg = (contract: OptionContract | undefined, position_intent: string, ratio_qty = '1'): Leg => ({
  symbol: contract?.symbol ?? '',
  ratio_qty,
  position_intent,
});
const send = (world: World, legs: Leg[], more: Record<string, unknown> = {}): Order =>
  submitOrder(
    world.venue,
    world.account,
    readOrderRequest({ order_class: 'mleg', type: 'market', time_in_force: 'day', qty: '2', legs, ...more }),
  );
const power = ({ venue, account }: World): bigint =>
  worthOf(account, venue.priceAt, venue.clock.now()).cashBuyingPower;

describe('a multi-leg order', () => {
  test('fills all legs at once, is told in one message, and a spread holds back its width', async () => {
    const world = calm();
    const updates: Readonly<Record<string, unknown>>[] = [];
    world.venue.listen(({ update }) => void updates.push(update));
    const [low, high] = ladder(world, 'put').slice(-2);
    const legs = [leg(high, 'sell_to_open'), leg(low, 'buy_to_open')];
    const order = send(world, legs, { type: 'limit', limit_price: '-0.01' });
    const width = BigInt(Math.round(((high?.strike ?? 0) - (low?.strike ?? 0)) * 1e6)) * 200n;
    expect(power(world)).toBe(world.account.initialCash - width + 10_000n * 200n);
    expect(nestedJson(order)).toMatchObject({
      symbol: '',
      side: '',
      asset_class: '',
      position_intent: '',
      order_class: 'mleg',
      limit_price: '-0.01',
      legs: [
        { symbol: high?.symbol, type: '', ratio_qty: '1', side: 'sell', qty: '2' },
        { symbol: low?.symbol, order_type: '', position_intent: 'buy_to_open', asset_class: 'us_option' },
      ],
    });
    world.settle(3);
    expect([order.status, ...order.legs.map(({ status }) => status)]).toEqual(['filled', 'filled', 'filled']);
    const [sold, bought] = world.account.fills;
    const credit = ((sold?.price ?? 0n) - (bought?.price ?? 0n)) * 200n;
    expect(world.account.cash).toBe(world.account.initialCash + credit);
    expect(power(world)).toBe(world.account.cash - width);
    expect(nestedJson(order)['filled_avg_price']).toMatch(/^-/);
    await world.venue.durable();
    await new Promise((resolve) => setImmediate(resolve));
    expect(updates.map(({ event }) => event)).toEqual(['pending_new', 'new', 'fill']);
    expect(updates[2]).toMatchObject({
      qty: '2',
      position_qtys: { [high?.symbol ?? '']: '-2', [low?.symbol ?? '']: '2' },
      legs: [{ symbol: high?.symbol, qty: '2', order_id: order.legs[0]?.id }, { symbol: low?.symbol }],
    });
    for (const sum of world.venue.books.ledger.trialBalance().values()) expect(sum).toBe(0n);
    const back = send(world, [leg(high, 'buy_to_close'), leg(low, 'sell_to_close')]);
    world.settle(3);
    expect([back.status, world.account.positions.size, power(world)]).toEqual([
      'filled',
      0,
      world.account.cash,
    ]);
  });

  test('waits whole for its net price and is canceled whole', () => {
    const world = calm();
    const [low, high] = ladder(world, 'call');
    const order = send(world, [leg(low, 'buy_to_open'), leg(high, 'sell_to_open')], {
      type: 'limit',
      limit_price: '0.01',
    });
    world.settle(3);
    expect([order.status, world.account.fills.length]).toEqual(['new', 0]);
    const [first] = order.legs;
    if (first === undefined) throw new Error('no legs');
    expect(() => cancelOrder(world.venue, first)).toThrow('cannot be canceled on their own');
    expect(() => replaceOrder(world.venue, world.account, first, { qty: '1' })).toThrow(
      'cannot be replaced on their own',
    );
    cancelOrder(world.venue, order);
    world.settle(2);
    expect([order, ...order.legs].map(({ status }) => status)).toEqual(['canceled', 'canceled', 'canceled']);
    expect([...world.venue.books.open].filter(({ status }) => isOpen(status))).toEqual([]);
    expect(power(world)).toBe(world.account.initialCash);
  });

  test('leaves no short one uncovered when its cover is sold alone', () => {
    const world = calm();
    const [low, high] = ladder(world, 'call').slice(0, 2);
    send(world, [leg(low, 'sell_to_open'), leg(high, 'buy_to_open')]);
    world.settle(3);
    expect(world.account.positions.size).toBe(2);
    const alone = { symbol: high?.symbol, side: 'sell', qty: '1' };
    const uncovered = 'account not eligible to trade uncovered option contracts';
    expect(() => place(world, alone)).toThrow(uncovered);
    place(world, { qty: '200' });
    world.settle(3);
    place(world, alone);
  });

  test('an iron condor of four legs holds back one wing', () => {
    const world = calm();
    const [calls, puts] = [ladder(world, 'call').slice(-2), ladder(world, 'put').slice(0, 2)];
    const order = send(world, [
      leg(puts[0], 'buy_to_open'),
      leg(puts[1], 'sell_to_open'),
      leg(calls[0], 'sell_to_open'),
      leg(calls[1], 'buy_to_open'),
    ]);
    world.settle(3);
    expect(order.status).toBe('filled');
    const widths = [puts, calls].map((wing) => (wing[1]?.strike ?? 0) - (wing[0]?.strike ?? 0));
    const wing = BigInt(Math.round(Math.max(...widths) * 1e6)) * 200n;
    expect(power(world)).toBe(world.account.cash - wing);
  });
});

describe('replacing a multi-leg order', () => {
  /** A call spread bought for a cent: it rests. */
  function resting(world: World): Order {
    const [low, high] = ladder(world, 'call');
    const legs = [leg(low, 'buy_to_open'), leg(high, 'sell_to_open')];
    const order = send(world, legs, { type: 'limit', limit_price: '0.01' });
    world.settle(2);
    return order;
  }
  const replace = (world: World, order: Order, body: object): Order =>
    replaceOrder(world.venue, world.account, order, body);
  const chain = ({ legs, ...order }: Order): unknown[] =>
    [order, ...legs].map(({ id, status, replaces, replacedBy }) => ({ id, status, replaces, replacedBy }));
  const replay = async (world: World): Promise<Books> => {
    const books = new Books(new Market(5, true));
    for (const record of parseJournal(await world.venue.journalText()).records) books.apply(record);
    return books;
  };

  test('changes price and quantity, links old and new in order and legs, and replays to the same bytes', async () => {
    const world = calm();
    const updates: Readonly<Record<string, unknown>>[] = [];
    world.venue.listen(({ update }) => void updates.push(update));
    const old = resting(world);
    const next = replace(world, old, { limit_price: '0.02', qty: 3, client_order_id: 'again' });
    expect([old.status, next.status, next.clientOrderId]).toEqual([
      'pending_replace',
      'pending_new',
      'again',
    ]);
    world.settle(2);
    const ids = [next.id, ...next.legs.map(({ id }) => id)];
    const olds = [old.id, ...old.legs.map(({ id }) => id)];
    expect(chain(old)).toEqual(
      olds.map((id, i) => ({ id, status: 'replaced', replaces: null, replacedBy: ids[i] })),
    );
    expect(chain(next)).toEqual(
      ids.map((id, i) => ({ id, status: 'new', replaces: olds[i], replacedBy: null })),
    );
    expect(nestedJson(next)).toMatchObject({
      qty: '3',
      limit_price: '0.02',
      replaces: old.id,
      legs: old.legs.map(({ symbol, side }) => ({ symbol, side, qty: '3', ratio_qty: '1' })),
    });
    await new Promise((resolve) => setImmediate(resolve));
    const told = updates.map(({ event, order }) => [event, z.object({ id: z.string() }).parse(order).id]);
    expect(told.slice(2)).toEqual([
      ['pending_new', next.id],
      ['pending_replace', old.id],
      ['replaced', old.id],
      ['new', next.id],
    ]);
    expect(stateText(await replay(world))).toBe(stateText(world.venue.books));
  });

  test('counts the larger of both against buying power until it is done', () => {
    const world = calm();
    const old = resting(world);
    const before = world.account.initialCash;
    expect(power(world)).toBe(before - 10_000n * 200n);
    const dearer = replace(world, old, { limit_price: '0.03' });
    expect(power(world)).toBe(before - 30_000n * 200n);
    world.settle(2);
    replace(world, dearer, { limit_price: '0.01' });
    expect(power(world)).toBe(before - 30_000n * 200n);
    world.settle(2);
    expect(power(world)).toBe(before - 10_000n * 200n);
  });

  test('may use the money that the old order held, and no more', () => {
    const world = calm();
    const old = resting(world);
    const large = replace(world, old, { qty: '60000' });
    world.settle(2);
    expect(power(world)).toBe(40_000_000_000n);
    expect(() => replace(world, large, { qty: '100001' })).toThrow('insufficient options buying power');
    expect(replace(world, large, { qty: '100000' }).status).toBe('pending_new');
  });

  test('of closing legs needs no more of the position than the old order held', () => {
    const world = calm();
    const [low, high] = ladder(world, 'call');
    send(world, [leg(low, 'buy_to_open', '2'), leg(high, 'sell_to_open')]);
    world.settle(3);
    const closing = [leg(low, 'sell_to_close', '2'), leg(high, 'buy_to_close')];
    const old = send(world, closing, { type: 'limit', limit_price: '-90' });
    world.settle(2);
    const next = replace(world, old, { limit_price: '-89' });
    expect(heldForOrders(world.account, low?.symbol ?? '')).toBe(4_000_000_000n);
    world.settle(2);
    expect(() => replace(world, next, { qty: '3' })).toThrow('insufficient qty available for order');
    expect(replace(world, next, { qty: '1' }).legs.map(({ qty }) => qty)).toEqual([
      2_000_000_000n,
      1_000_000_000n,
    ]);
    world.settle(2);
    expect(heldForOrders(world.account, low?.symbol ?? '')).toBe(2_000_000_000n);
  });

  test('that fills first is rejected, the old order keeps its fill at its limit or better', async () => {
    const world = calm();
    const old = resting(world);
    const race = fault.parse({ kind: 'race', action: 'fill_before_replace', count: 1 });
    world.venue.commit({ type: 'fault_set', fault_id: 'f', fault: race });
    const updates: unknown[] = [];
    world.venue.listen(({ update, order }) => void updates.push([update['event'], order.id]));
    const next = replace(world, old, { limit_price: '0.02' });
    world.settle(3);
    expect([old, ...old.legs].map(({ status }) => status)).toEqual(['filled', 'filled', 'filled']);
    expect([next, ...next.legs].map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    const [bought, sold] = world.account.fills;
    expect((bought?.price ?? 0n) - (sold?.price ?? 0n)).toBeLessThanOrEqual(10_000n);
    await new Promise((resolve) => setImmediate(resolve));
    expect(updates.slice(-3)).toEqual([
      ['fill', old.id],
      ['order_replace_rejected', old.id],
      ['rejected', next.id],
    ]);
    for (const sum of world.venue.books.ledger.trialBalance().values()) expect(sum).toBe(0n);
    expect(stateText(await replay(world))).toBe(stateText(world.venue.books));
  });

  test('is refused after a cancellation, a second time at once, and without a change', () => {
    const world = calm();
    const old = resting(world);
    expect(() => replace(world, old, { limit_price: '0.01' })).toThrow('order parameters are not changed');
    const next = replace(world, old, { limit_price: '0.02' });
    expect(() => replace(world, old, { limit_price: '0.03' })).toThrow(
      'cannot replace order in pending_replace status',
    );
    expect(() => replace(world, next, { limit_price: '0.03' })).toThrow('order chain not fully replaced');
    expect(() => cancelOrder(world.venue, old)).toThrow('order is already in "pending_replace" state');
    world.settle(2);
    expect(() => replace(world, old, { limit_price: '0.03' })).toThrow('order already replaced');
    cancelOrder(world.venue, next);
    expect(() => replace(world, next, { limit_price: '0.03' })).toThrow(
      'cannot replace order in pending_cancel status',
    );
    world.settle(2);
    expect(() => replace(world, next, { limit_price: '0.03' })).toThrow('order is not open');
    expect([...world.account.open]).toEqual([]);
  });

  test('may be canceled before it has taken over: both end', () => {
    const world = calm();
    const old = resting(world);
    const next = replace(world, old, { limit_price: '0.02' });
    cancelOrder(world.venue, next);
    world.settle(3);
    expect([old.status, next.status, ...next.legs.map(({ status }) => status)]).toEqual([
      'replaced',
      'canceled',
      'canceled',
      'canceled',
    ]);
    expect(power(world)).toBe(world.account.initialCash);
  });

  test.each<[object, string]>([
    [{ limit_price: '0.015' }, 'sub-penny increment'],
    [{ qty: '1.5' }, 'fractional orders cannot change qty'],
    [{ time_in_force: 'gtc' }, 'order_time_in_force provided not supported for options trading'],
    [{ stop_price: '1' }, 'limit orders require no stop price'],
    [{ trail: '1' }, 'only trailing stop orders have a trail'],
    [{ notional: '100' }, 'notional orders cannot be replaced'],
    [{ qty: '90000000' }, 'insufficient options buying power'],
  ])('by %j is refused, and nothing changes', (body, message) => {
    const world = calm();
    const old = resting(world);
    const { lastSeq } = world.venue.books;
    expect(() => replace(world, old, body)).toThrow(message);
    expect([old.status, world.venue.books.lastSeq]).toEqual(['new', lastSeq]);
  });

  test('may turn a debit into a credit', () => {
    const world = calm();
    expect(replace(world, resting(world), { limit_price: '-0.05' }).limitPrice).toBe(-50_000n);
  });
});

describe('a multi-leg order is refused', () => {
  const world = calm();
  const [a, b, c] = ladder(world, 'call');
  const spread = [leg(a, 'buy_to_open'), leg(b, 'sell_to_open')];
  test.each<[Leg[], Record<string, unknown>, string | RegExp]>([
    [spread, { symbol: 'AAPL' }, 'symbol is not allowed for mleg order'],
    [spread.slice(0, 1), {}, 'mleg orders must have at least 2 legs and at most 4 legs'],
    [[...spread, ...spread, leg(c, 'buy_to_open')], {}, 'at least 2 legs and at most 4 legs'],
    [[leg(a, 'buy_to_open', '2'), leg(b, 'sell_to_open', '2')], {}, 'should be relatively prime'],
    [[leg(a, ''), leg(b, 'sell_to_open')], {}, 'leg.0 position intent is required'],
    [[{ ...leg(a, 'buy_to_open'), symbol: 'AAPL' }, leg(b, 'sell_to_open')], {}, 'equity legs'],
    [spread, { type: 'limit' }, 'limit price is required for limit orders'],
    [spread, { time_in_force: 'gtc' }, 'order_time_in_force provided not supported for options trading'],
    [
      [leg(a, 'buy_to_open'), leg(b, 'sell_to_open', '2')],
      {},
      'account not eligible to trade uncovered option contracts',
    ],
    [[leg(a, 'sell_to_close'), leg(b, 'buy_to_open')], {}, 'position intent mismatch'],
    [[leg(a, 'sell_to_open'), leg(b, 'buy_to_open')], { qty: '9000' }, 'insufficient options buying power'],
  ])('%#', (legs, more, message) => {
    expect(() => send(world, legs, more)).toThrow(message);
  });

  test('below level 3', () => {
    const own = calm();
    const configurations = { ...own.account.configurations, max_options_trading_level: 2 };
    own.venue.commit({ type: 'configured', account_id: own.account.id, configurations });
    expect(() => send(own, spread)).toThrow('account not eligible to trade spreads or uncovered contracts');
  });
});
