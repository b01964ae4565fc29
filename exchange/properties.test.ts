import { setImmediate } from 'node:timers/promises';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { absolute, valueOf } from './decimal/decimal';
import { parseJournal } from './journal/journal';
import type { Order } from './orders/order';
import { isOpen, isWorking } from './orders/status';
import { stateText } from './testing/state-text';
import {
  attempt,
  command,
  type Command,
  commands,
  emptyMarket,
  run,
  send,
  sendGroup,
  tapeNumber,
  wildWorld,
} from './testing/trading';
import { makeWorld, place, type World } from './testing/world';
import { Books } from './venue/books';
import { readTouch } from './venue/prices';

/** Scenarios for each property, each of up to 16 commands and 48 beats of the engine. */
const CASES = 10_000;
const TIMEOUT_MS = 300_000;
/** A worker that has not given way for a minute is given up by the test runner. */
const GIVES_WAY_EVERY = 100;
const HONEST = { depth: 0.1, latencyMs: 0, feePerShare: 0n };
const scenario = fc.record({ tape: tapeNumber, list: commands });

/** What the generators reached: a property that is true of nothing is none. */
const seen = new Map<string, number>();
const count = (name: string, more = 1): void => void seen.set(name, (seen.get(name) ?? 0) + more);

/** Checks a property. Answers what was met less often than so many times in a hundred scenarios: should be nothing. */
async function rareIn<T>(
  arbitrary: fc.Arbitrary<T>,
  check: (value: T) => void,
  least: Record<string, number>,
): Promise<string[]> {
  await fc.assert(
    fc.asyncProperty(arbitrary, async (value) => {
      await giveWay();
      check(value);
    }),
    { numRuns: CASES },
  );
  return Object.keys(least).filter((name) => (seen.get(name) ?? 0) * 100 < (least[name] ?? 0) * CASES);
}

let begun = 0;
async function giveWay(): Promise<void> {
  begun += 1;
  if (begun % GIVES_WAY_EVERY === 0) await setImmediate();
}

/** Far quicker than `expect`, which would be called millions of times. */
function must(isSo: boolean, what: string): void {
  if (!isSo) throw new Error(what);
}

function play(of: { tape: number; list: readonly Command[] }, world = wildWorld(of.tape)): World {
  for (const one of of.list) run(world, one);
  return world;
}

const small = command.map((one) => ({ ...one, qty: 1 + (one.qty % 6) }));
const pairs = fc.array(fc.tuple(small, small), { minLength: 1, maxLength: 8 });
const beside = fc.record({ tape: tapeNumber, list: pairs, honest: fc.boolean() });
type Beside = typeof beside extends fc.Arbitrary<infer T> ? T : never;

describe(`in ${CASES} scenarios`, () => {
  test(
    'cash and shares are conserved, and no order fills beyond its quantity',
    async () => {
      const check = (of: { tape: number; list: Command[] }): void => {
        const { account, venue } = play(of);
        let cash = account.initialCash;
        const held = new Map<string, bigint>();
        for (const { order, qty, price } of account.fills) {
          const signed = order.side === 'buy' ? qty : -qty;
          cash -= valueOf(signed, price);
          held.set(order.symbol, (held.get(order.symbol) ?? 0n) + signed);
        }
        must(account.cash === cash, 'cash');
        for (const [symbol, qty] of held)
          must((account.positions.get(symbol)?.qty ?? 0n) === qty, 'position');
        for (const sum of venue.books.ledger.trialBalance().values()) must(sum === 0n, 'trial balance');
        for (const order of account.orders.values()) {
          must(order.qty === null || order.filledQty <= order.qty, 'overfilled');
          must(account.open.has(order) === isOpen(order.status), 'open');
          count(order.status);
          if (order.executions > 1) count('several executions');
        }
      };
      expect(
        await rareIn(scenario, check, {
          filled: 100,
          canceled: 50,
          replaced: 5,
          held: 5,
          'several executions': 5,
        }),
      ).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    'nothing trades through: alpaca-paper fills at the best price of the moment, honest fills never past a limit',
    async () => {
      const check = (of: { tape: number; list: Command[] }): void => {
        const [paper, honest] = [play(of), play(of, wildWorld(of.tape, { honest: HONEST }))];
        for (const { order, price, at } of paper.account.fills) {
          const { bid, ask } = readTouch(paper.venue.market, order.symbol, at);
          must(price === (order.side === 'buy' ? ask : bid), 'not the best price');
        }
        for (const { order, price } of [...paper.account.fills, ...honest.account.fills]) {
          const limit = order.limitPrice ?? price;
          must(order.side === 'buy' ? price <= limit : price >= limit, 'past its limit');
          if (order.limitPrice !== null)
            count(price === limit ? 'fill at its limit' : 'fill inside its limit');
        }
      };
      expect(await rareIn(scenario, check, { 'fill at its limit': 20, 'fill inside its limit': 50 })).toEqual(
        [],
      );
    },
    TIMEOUT_MS,
  );

  test(
    'of orders that rest in the honest book the better price trades first, and at one price who came first',
    async () => {
      const check = (of: { tape: number; list: Command[] }): void => {
        const world = wildWorld(of.tape, { honest: HONEST });
        const passed = watchPriority(world);
        play(of, world);
        must(passed().length === 0, passed().join());
      };
      const one = fc.record({
        symbol: fc.constant('SNAP' as const),
        side: fc.constantFrom('buy', 'buy', 'sell'),
        kind: fc.constantFrom('limit', 'limit', 'limit', 'cancel', 'replace'),
        qty: fc.integer({ min: 1, max: 40 }),
        offset: fc.integer({ min: -8, max: 3 }),
        pick: fc.constantFrom(0, 1, 2),
        wait: fc.constantFrom(40, 300, 1_000),
      }) satisfies fc.Arbitrary<Command>;
      const list = fc.array(one, { minLength: 2, maxLength: 16 });
      const reached = { 'fill with others behind': 20, 'fill with others behind at its price': 1 };
      expect(await rareIn(fc.record({ tape: tapeNumber, list }), check, reached)).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    'at most one side of a bracket or OCO works, and at most one fills, for no more than there is',
    async () => {
      const group = fc.record({
        tape: tapeNumber,
        symbol: fc.constantFrom('AAPL', 'SPY', 'SNAP'),
        qty: fc.integer({ min: 1, max: 40 }),
        offset: fc.integer({ min: 0, max: 40 }),
        pick: fc.nat(11),
        rest: fc.array(command, { minLength: 4, maxLength: 12 }),
      });
      const check = ({ tape, rest, ...of }: typeof group extends fc.Arbitrary<infer T> ? T : never): void => {
        const world = wildWorld(tape);
        if (of.pick > 6) attempt(() => place(world, { symbol: of.symbol, qty: String(of.qty) }));
        world.settle(3);
        attempt(() => sendGroup(world, of));
        for (const one of rest) {
          const kind = one.kind === 'cancel' || one.kind === 'replace' ? one.kind : 'wait';
          attempt(() => send(world, { ...one, kind }));
          for (let beat = 0; beat < 4; beat += 1) {
            world.wait(Math.ceil(one.wait / 4));
            for (const order of world.account.orders.values()) checkSides(order);
          }
        }
        countSides([...world.account.orders.values()]);
      };
      expect(
        await rareIn(group, check, { 'profit filled': 10, 'stop filled': 10, 'profit filled in part': 1 }),
      ).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    'the journal replays to the same state, to the byte',
    async () => {
      const kinds = fc.record({ tape: tapeNumber, list: commands, honest: fc.boolean() });
      await fc.assert(
        fc.asyncProperty(kinds, async (of) => {
          await giveWay();
          const world = play(of, wildWorld(of.tape, of.honest ? { honest: HONEST } : {}));
          const books = new Books(emptyMarket(of.tape));
          const { records } = parseJournal(await world.venue.journalText());
          for (const record of records) books.apply(record);
          must(stateText(books) === stateText(world.venue.books), 'another state');
          for (const { type } of records) count(type);
        }),
        { numRuns: CASES },
      );
      expect([...seen.keys()]).toEqual(
        expect.arrayContaining(['order_reduced', 'order_trailed', 'order_triggered', 'order_replaced']),
      );
    },
    TIMEOUT_MS,
  );

  test(
    'what is done in one symbol changes nothing in another, whichever comes first',
    async () => {
      const check = (of: Beside): void => {
        const settings = { partialFillRate: 0, ...(of.honest ? { honest: HONEST } : {}) };
        checkBeside(of, () => wildWorld(of.tape, settings));
      };
      expect(await rareIn(beside, check, { 'fills beside another symbol': 100 })).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

describe('in 60 scenarios of the model', () => {
  test('who moves the price of one symbol moves no other', () => {
    const check = (of: Beside): void =>
      checkBeside(of, () => makeWorld({ partialFillRate: 0, honest: HONEST }), 400);
    expect(() => fc.assert(fc.property(beside, check), { numRuns: 60 })).not.toThrow();
  });
});

/** Trades in one symbol alone, before another one (of so many times the size), and after it: the fills must be the same. */
function checkBeside(of: Beside, make: () => World, times = 1): void {
  const steps = of.list.map(([a, b]): [Command, Command] => [
    { ...a, symbol: 'AAPL' },
    { ...b, symbol: 'SNAP', qty: b.qty * times },
  ]);
  const trade = (order: readonly number[]): string[] => {
    const world = make();
    for (const step of steps) {
      for (const which of order) attempt(() => send(world, step[which] ?? step[0], true));
      for (let beat = 0; beat < 3; beat += 1) world.wait(step[0].wait);
    }
    return fillsIn(world, 'AAPL');
  };
  const alone = trade([0]);
  must(trade([0, 1]).join() === alone.join(), 'the other came second');
  must(trade([1, 0]).join() === alone.join(), 'the other came first');
  count('fills beside another symbol', alone.length);
}

const fillsIn = ({ account }: World, symbol: string): string[] =>
  account.fills
    .filter(({ order }) => order.symbol === symbol)
    .map(({ order, qty, price, at }) => `${order.side} ${order.type} ${qty} ${price} ${at}`);

/** The two exits of a group: of an OCO the order itself and its leg. */
const exitsOf = (order: Order): readonly Order[] =>
  order.orderClass === 'oco' ? [order, ...order.legs] : order.legs;

function checkSides(order: Order): void {
  if (order.legs.length === 0) return;
  const exits = exitsOf(order);
  must(exits.filter(({ status }) => isWorking(status)).length <= 1, 'both work');
  must(exits.filter(({ status }) => status === 'filled').length <= 1, 'both filled');
  const traded = exits.reduce((sum, { filledQty }) => sum + filledQty, 0n);
  must(traded <= (order.orderClass === 'oco' ? (order.qty ?? 0n) : order.filledQty), 'more than there is');
}

function countSides(orders: readonly Order[]): void {
  for (const exit of orders.flatMap(exitsOf)) {
    const side = exit.stopPrice === null ? 'profit' : 'stop';
    if (exit.status === 'filled') count(`${side} filled`);
    else if (exit.filledQty > 0n) count(`${side} filled in part`);
  }
}

/** Notes each execution that passes an order which rested before it, at its price or a better one. */
function watchPriority(world: World): () => string[] {
  const { venue, account } = world;
  const passed: string[] = [];
  /** When orders came to rest, in beats. */
  const rested = new Map<string, number>();
  let beat = 0;
  const commit = venue.commit.bind(venue);
  venue.commit = (change) => {
    if (change.type === 'order_filled') {
      const order = venue.books.orders.get(change.order_id);
      const others = order === undefined ? [] : [...account.open].filter((other) => isBeside(other, order));
      if (others.length > 0) count('fill with others behind');
      for (const other of order === undefined ? [] : others) {
        if (other.limitPrice === order?.limitPrice) count('fill with others behind at its price');
        if (order !== undefined && isBefore(other, order, rested))
          passed.push(`${order.id} passed ${other.id}`);
      }
    }
    return commit(change);
  };
  const wait = world.wait.bind(world);
  world.wait = (ms) => {
    wait(ms);
    beat += 1;
    for (const order of account.open) {
      if (isWorking(order.status) && order.triggered && !rested.has(order.id)) rested.set(order.id, beat);
    }
  };
  return () => passed;
}

const isBeside = (other: Order, order: Order): boolean =>
  other !== order && other.side === order.side && other.symbol === order.symbol && isWorking(other.status);

function isBefore(other: Order, order: Order, rested: ReadonlyMap<string, number>): boolean {
  const [since, own] = [rested.get(other.id), rested.get(order.id) ?? Infinity];
  if (since === undefined || other.limitPrice === null || order.limitPrice === null) return false;
  const better = (other.limitPrice - order.limitPrice) * (order.side === 'buy' ? 1n : -1n);
  const earlier = since < own || (since === own && other.arrival < order.arrival);
  return absolute(better) > 0n ? better > 0n : earlier;
}
