import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isClosed, ORDER_STATUSES, type OrderStatus } from './status';
import { nextStatus } from './transition';

/** Which words change what the desk holds; any other word leaves it as it is. */
const MOVES: Record<OrderStatus, string> = {
  submitting:
    'unknown needs_review denied pending_new accepted new held partially_filled pending_cancel pending_replace stopped suspended calculated done_for_day filled canceled expired replaced rejected',
  unknown:
    'needs_review denied pending_new accepted new held partially_filled pending_cancel pending_replace stopped suspended calculated done_for_day filled canceled expired replaced rejected',
  needs_review:
    'unknown denied pending_new accepted new held partially_filled pending_cancel pending_replace stopped suspended calculated done_for_day filled canceled expired replaced rejected',
  denied: '',
  pending_new:
    'denied accepted new held partially_filled pending_cancel pending_replace stopped suspended calculated done_for_day filled canceled expired replaced rejected',
  accepted:
    'denied new held partially_filled pending_cancel pending_replace stopped suspended calculated done_for_day filled canceled expired replaced rejected',
  new: 'denied partially_filled pending_cancel pending_replace stopped suspended calculated done_for_day filled canceled expired replaced rejected',
  held: 'denied accepted new partially_filled pending_cancel pending_replace stopped suspended calculated done_for_day filled canceled expired replaced rejected',
  partially_filled: 'denied pending_cancel done_for_day filled canceled expired replaced rejected',
  pending_cancel:
    'denied new partially_filled pending_replace stopped suspended calculated done_for_day filled canceled expired replaced rejected',
  pending_replace:
    'denied new partially_filled pending_cancel stopped suspended calculated done_for_day filled canceled expired replaced rejected',
  stopped:
    'denied new partially_filled pending_cancel pending_replace suspended calculated done_for_day filled canceled expired replaced rejected',
  suspended:
    'denied new partially_filled pending_cancel pending_replace stopped calculated done_for_day filled canceled expired replaced rejected',
  calculated:
    'denied partially_filled pending_cancel pending_replace stopped suspended done_for_day filled canceled expired replaced rejected',
  done_for_day:
    'denied new partially_filled pending_cancel pending_replace stopped suspended calculated filled canceled expired replaced rejected',
  filled: '',
  canceled: '',
  expired: '',
  replaced: '',
  rejected: '',
};

const PAIRS = ORDER_STATUSES.flatMap((current) => ORDER_STATUSES.map((next) => ({ current, next })));

describe('nextStatus', () => {
  test.each(PAIRS)('$current, told $next', ({ current, next }) => {
    const moves = MOVES[current].split(' ').includes(next);
    expect(nextStatus(current, next)).toBe(moves ? next : current);
  });

  test('hearing a word twice is hearing it once', () => {
    for (const { current, next } of PAIRS) {
      const once = nextStatus(current, next);
      expect(nextStatus(once, next)).toBe(once);
    }
  });

  test('what is closed stays as it is', () => {
    for (const { current, next } of PAIRS.filter((pair) => isClosed(pair.current)))
      expect(nextStatus(current, next)).toBe(current);
  });

  test('nothing goes back to the time before the venue spoke', () => {
    const before = new Set<OrderStatus>(['submitting', 'unknown', 'needs_review']);
    for (const { current, next } of PAIRS)
      expect(before.has(nextStatus(current, next))).toBe(
        before.has(current) && (before.has(next) || nextStatus(current, next) === current),
      );
  });
});

/** Lives of orders as Alpaca tells them, each ending in its last word. */
const LIVES: OrderStatus[][] = [
  ['pending_new', 'new', 'filled'],
  ['pending_new', 'new', 'partially_filled', 'partially_filled', 'filled'],
  ['pending_new', 'accepted', 'new', 'pending_cancel', 'canceled'],
  ['pending_new', 'new', 'partially_filled', 'pending_cancel', 'canceled'],
  ['pending_new', 'new', 'pending_cancel', 'filled'],
  ['pending_new', 'new', 'pending_replace', 'replaced'],
  ['accepted', 'new', 'done_for_day', 'new', 'expired'],
  ['pending_new', 'rejected'],
  ['held', 'new', 'suspended', 'new', 'filled'],
];
/** Lives without a word that can be taken back. */
const GROWING: OrderStatus[][] = [
  ['pending_new', 'accepted', 'new'],
  ['pending_new', 'new', 'partially_filled'],
  ['submitting', 'unknown', 'pending_new', 'new', 'partially_filled'],
];

const hear = (words: readonly OrderStatus[]) => words.reduce(nextStatus, 'submitting');

/** All words of a life, some of them twice, in any order. */
const garbled = (lives: OrderStatus[][]) =>
  fc.constantFrom(...lives).chain((life) =>
    fc.subarray(life).chain((again) => {
      const told = [...life, ...again];
      return fc
        .shuffledSubarray([...told.keys()], { minLength: told.length })
        .map((order) => ({ last: life.at(-1), words: order.flatMap((at) => told[at] ?? []) }));
    }),
  );

describe('a real sequence of events', () => {
  test.each(LIVES)('ends in its last word when told in order: %s %s %s %s %s', (...life) => {
    const told = life.filter((word) => word !== undefined);
    expect(hear(told)).toBe(told.at(-1));
  });

  test('that closes an order ends in the same status in any order and with any word repeated', () => {
    fc.assert(
      fc.property(garbled(LIVES), ({ last, words }) => {
        expect(hear(words)).toBe(last);
      }),
      { numRuns: 3000 },
    );
  });

  test('that only grows ends in its highest word in any order and with any word repeated', () => {
    fc.assert(
      fc.property(garbled(GROWING), ({ last, words }) => {
        expect(hear(words)).toBe(last);
      }),
      { numRuns: 3000 },
    );
  });
});
