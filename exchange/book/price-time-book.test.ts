import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BookOrder, type Match, PriceTimeBook } from './price-time-book';

const CASES = 10_000;
const order = fc.record({
  side: fc.constantFrom('buy', 'sell'),
  qty: fc.bigInt({ min: 1n, max: 20n }),
  limit: fc.option(fc.bigInt({ min: 95n, max: 105n }), { freq: 8 }),
  cancels: fc.option(fc.nat(30), { freq: 4 }),
});
const flow = fc.array(order, { minLength: 1, maxLength: 40 });

interface Arrival extends BookOrder {
  readonly number: number;
}

interface Step {
  readonly order: Arrival;
  readonly matches: readonly Match[];
  /** What rested on the other side before, best and oldest first. */
  readonly before: readonly { id: string; price: bigint; qty: bigint }[];
}

/** Runs a flow of orders and cancellations and tells what each met. */
function play(list: typeof flow extends fc.Arbitrary<infer T> ? T : never): {
  steps: Step[];
  book: PriceTimeBook;
} {
  const book = new PriceTimeBook();
  const steps = list.map(({ side, qty, limit, cancels }, number) => {
    if (cancels !== null) book.cancel(`o${cancels}`);
    const arrival: Arrival = { id: `o${number}`, side, qty, limit, number };
    const other = side === 'buy' ? 'sell' : 'buy';
    const before = book
      .prices(other)
      .flatMap((price) => book.queueAt(other, price).map(({ id, qty }) => ({ id, qty, price })));
    return { order: arrival, before, matches: book.add(arrival) };
  });
  return { steps, book };
}

const numberOf = (id: string): number => Number(id.slice(1));

describe(`any of ${CASES} flows of orders`, () => {
  test('never trades through a limit, and always at the resting price', () => {
    fc.assert(
      fc.property(flow, (list) => {
        for (const { order: taker, matches, before } of play(list).steps) {
          for (const { price, maker } of matches) {
            const limit = taker.limit ?? price;
            expect(taker.side === 'buy' ? price <= limit : price >= limit).toBe(true);
            expect(before.find(({ id }) => id === maker)?.price).toBe(price);
          }
        }
      }),
      { numRuns: CASES },
    );
  });

  test('takes the best price first and at one price whoever came first, whole', () => {
    fc.assert(
      fc.property(flow, (list) => {
        for (const { matches, before } of play(list).steps) {
          expect(matches.map(({ maker }) => maker)).toEqual(
            before.slice(0, matches.length).map(({ id }) => id),
          );
          for (const [index, { qty }] of matches.slice(0, -1).entries()) expect(qty).toBe(before[index]?.qty);
        }
      }),
      { numRuns: CASES },
    );
  });

  test('rests in order of arrival, sorted by price, never crossed', () => {
    fc.assert(
      fc.property(flow, (list) => {
        const { book } = play(list);
        const [bid, ask] = [book.best('buy'), book.best('sell')];
        expect(bid === null || ask === null || bid < ask).toBe(true);
        for (const side of ['buy', 'sell'] as const) {
          const prices = book.prices(side).map(Number);
          expect(prices).toEqual([...prices].sort((a, b) => (side === 'buy' ? b - a : a - b)));
          for (const price of book.prices(side)) {
            const arrivals = book.queueAt(side, price).map(({ id }) => numberOf(id));
            expect(arrivals).toEqual([...arrivals].sort((a, b) => a - b));
          }
        }
      }),
      { numRuns: CASES },
    );
  });

  test('loses and makes no share', () => {
    fc.assert(
      fc.property(flow, (list) => {
        const whole = list.map((one) => ({ ...one, cancels: null, limit: one.limit ?? 100n }));
        const { steps, book } = play(whole);
        const traded = steps.flatMap(({ matches }) => matches).reduce((sum, { qty }) => sum + qty, 0n);
        for (const side of ['buy', 'sell'] as const) {
          const came = whole.filter((one) => one.side === side).reduce((sum, { qty }) => sum + qty, 0n);
          const rests = book
            .prices(side)
            .flatMap((price) => book.queueAt(side, price))
            .reduce((sum, { qty }) => sum + qty, 0n);
          expect(came).toBe(traded + rests);
        }
      }),
      { numRuns: CASES },
    );
  });
});
