import { deserialize } from 'node:v8';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fault } from '../control/fault';
import { DAY_MS, newYorkDay } from '../clock/new-york';
import { optionMarketOf } from '../derivatives/option-market';
import { Market } from '../market/market';
import { readOrderRequest } from '../orders/order-request';
import { Refusal } from '../orders/refusals';
import { stateText } from '../testing/state-text';
import { makeWorld, near, place, type World } from '../testing/world';
import { Books, type BooksState } from '../venue/books';
import { cancelOrder } from '../venue/change-order';
import { submitOrder } from '../venue/submit-order';
import { parseJournal } from './journal';
import type { Change } from './records';
import { freeze } from './snapshot';

const step = fc.record({
  kind: fc.constantFrom(
    'market',
    'limit',
    'bracket',
    'cancel',
    'outside',
    'option',
    'spread',
    'coin',
    'later',
  ),
  symbol: fc.constantFrom('AAPL', 'KO'),
  side: fc.constantFrom('buy', 'sell'),
  qty: fc.integer({ min: 1, max: 400 }),
  pick: fc.nat(30),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** What control may do at any time. */
function outside(world: World, { symbol, qty, pick }: Step): Change {
  const { id } = world.account;
  const changes: readonly Change[] = [
    { type: 'price_shifted', symbol, factor: 1 + qty / 10_000 },
    { type: 'symbol_halted', symbol },
    { type: 'symbol_resumed', symbol },
    { type: 'cash_moved', account_id: id, amount: String(qty) },
    { type: 'position_moved', account_id: id, symbol: 'F', qty: '3', price: '12' },
    { type: 'watchlist_saved', account_id: id, watchlist: { id: 'w', name: 'w', symbols: [symbol] } },
    {
      type: 'fault_set',
      fault_id: `f${qty}`,
      fault: fault.parse({ kind: 'disk_full', match: { account: 'x' } }),
    },
  ];
  return changes[pick % changes.length] ?? { type: 'symbol_resumed', symbol };
}

/** A put at the money that expires this week or next. */
function putOf(world: World, pick: number, above = 0): string {
  const now = world.venue.clock.now();
  const today = newYorkDay(now);
  const puts = [
    ...optionMarketOf(world.venue.market).contracts.list('AAPL', today, { from: today, to: today + 14 }),
  ].filter((one) => one.type === 'put' && one.expiresAt > now);
  const expiry = puts[pick % 2 === 0 ? 0 : puts.length - 1]?.expiry;
  const own = puts.filter((one) => one.expiry === expiry);
  return own[Math.floor(own.length / 2) + above]?.symbol ?? 'AAPL';
}

function sendSpread(world: World, pick: number): void {
  const legs = [
    { symbol: putOf(world, pick, 1), ratio_qty: '1', position_intent: 'sell_to_open' },
    { symbol: putOf(world, pick), ratio_qty: '1', position_intent: 'buy_to_open' },
  ];
  const order = { order_class: 'mleg', type: 'market', time_in_force: 'day', qty: '2', legs };
  submitOrder(world.venue, world.account, readOrderRequest(order));
}

function run(world: World, one: Step): void {
  const { kind, symbol, side, qty, pick } = one;
  const exits = {
    take_profit: { limit_price: near(world, 1, symbol) },
    stop_loss: { stop_price: near(world, -1, symbol) },
  };
  const known = [...world.account.orders.values()][pick];
  try {
    if (kind === 'outside') world.venue.commit(outside(world, one));
    else if (kind === 'cancel' && known !== undefined) cancelOrder(world.venue, known);
    else if (kind === 'cancel') return;
    else if (kind === 'later') world.wait(DAY_MS);
    else if (kind === 'option')
      place(world, { symbol: putOf(world, pick), side, qty: String(1 + (qty % 4)) });
    else if (kind === 'spread') sendSpread(world, pick);
    else if (kind === 'coin')
      place(world, { symbol: 'BTC/USD', side, qty: `0.${qty}000001`, time_in_force: 'gtc' });
    else if (kind === 'bracket') place(world, { symbol, qty: String(qty), order_class: 'bracket', ...exits });
    else if (kind === 'limit')
      place(world, { symbol, side, qty: String(qty), type: 'limit', limit_price: near(world, 0, symbol) });
    else place(world, { symbol, side, qty: String(qty) });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
  world.wait(300);
}

/** Books from a snapshot: written and read as on disk. */
function thaw(frozen: Buffer): Books {
  const state: BooksState = deserialize(frozen);
  const books = new Books(new Market(5, true));
  books.load(state);
  return books;
}

describe('a snapshot taken at any moment', () => {
  test('with the records after it makes the same state as all records, to the byte', async () => {
    const part = fc.array(step, { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(part, part, async (before, after) => {
        const world = makeWorld({ honest: { depth: 0.5, latencyMs: 0, feePerShare: 2_000n } });
        for (const one of before) run(world, one);
        const frozen = freeze(world.venue.books.save());
        const seq = world.venue.books.lastSeq;
        for (const one of after) run(world, one);
        const { records } = parseJournal(await world.venue.journalText());
        const whole = new Books(new Market(5, true));
        for (const record of records) whole.apply(record);
        const resumed = thaw(frozen);
        for (const record of records.slice(seq)) resumed.apply(record);
        expect(stateText(whole)).toBe(stateText(world.venue.books));
        expect(stateText(resumed)).toBe(stateText(whole));
        for (const sum of whole.ledger.trialBalance().values()) expect(sum).toBe(0n);
      }),
      { numRuns: 80 },
    );
  });

  test('keeps the market as control and clients left it', () => {
    const world = makeWorld({ honest: { depth: 1, latencyMs: 0, feePerShare: 0n } });
    world.move('AAPL', 1.3);
    place(world, {});
    world.settle();
    world.venue.commit({ type: 'symbol_halted', symbol: 'TSLA' });
    const market = new Market(5, true);
    const state: BooksState = deserialize(freeze(world.venue.books.save()));
    new Books(market).load(state);
    const now = world.venue.clock.now();
    expect(market.quoteAt('AAPL', now)).toEqual(world.venue.market.quoteAt('AAPL', now));
    expect(market.isHalted('TSLA', now)).toBe(true);
    const span = { from: now - 10_000, to: now };
    expect([...market.trades('AAPL', span)]).toEqual([...world.venue.market.trades('AAPL', span)]);
  });
});
