import { describe, expect, test } from 'vitest';
import { advance, isOpen, isWorking, ORDER_STATUSES, type OrderStatus } from './status';

const END = ['filled', 'canceled', 'expired', 'rejected'] as const;

/** What may follow what, written down a second time by hand. */
const ALLOWED: Record<OrderStatus, readonly OrderStatus[]> = {
  accepted: ['pending_new', 'new', 'pending_cancel', ...END],
  pending_new: ['new', 'pending_cancel', ...END],
  new: ['partially_filled', 'pending_cancel', 'pending_replace', 'done_for_day', ...END],
  partially_filled: ['partially_filled', 'pending_cancel', 'pending_replace', 'done_for_day', ...END],
  filled: [],
  done_for_day: ['new', ...END],
  canceled: [],
  expired: [],
  replaced: [],
  pending_cancel: ['pending_cancel', 'new', 'partially_filled', ...END],
  pending_replace: ['pending_replace', 'replaced', 'new', 'partially_filled', 'held', ...END],
  accepted_for_bidding: ['new', ...END],
  stopped: ['partially_filled', ...END],
  rejected: [],
  suspended: ['new', ...END],
  calculated: ['filled'],
  held: ['new', 'pending_cancel', 'pending_replace', ...END],
};

const pairs = ORDER_STATUSES.flatMap((from) => ORDER_STATUSES.map((to) => [from, to] as const));

describe('the status table', () => {
  test.each(pairs.filter(([from, to]) => ALLOWED[from].includes(to)))('leads from %s to %s', (from, to) => {
    expect(advance(from, to)).toBe(to);
  });

  test.each(pairs.filter(([from, to]) => !ALLOWED[from].includes(to)))(
    'never leads from %s to %s',
    (from, to) => {
      expect(() => advance(from, to)).toThrow(`no order goes from ${from} to ${to}`);
    },
  );

  test.each(['filled', 'canceled', 'expired', 'replaced', 'rejected'] as const)('%s absorbs', (status) => {
    expect(ALLOWED[status]).toEqual([]);
    expect(isOpen(status) || isWorking(status)).toBe(false);
  });

  test('lets only open orders trade', () => {
    expect(ORDER_STATUSES.filter((status) => isWorking(status) && !isOpen(status))).toEqual([]);
  });
});
