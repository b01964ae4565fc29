import { isClosed, type OrderStatus } from './status';

/** How far along its life a status is: a later word never gives way to an earlier one. */
const RANK: Record<OrderStatus, number> = {
  submitting: 0,
  unknown: 1,
  needs_review: 1,
  pending_new: 2,
  accepted: 3,
  held: 3,
  new: 4,
  stopped: 5,
  suspended: 5,
  calculated: 5,
  pending_replace: 5,
  partially_filled: 6,
  done_for_day: 6,
  pending_cancel: 7,
  denied: 9,
  rejected: 9,
  canceled: 9,
  expired: 9,
  replaced: 9,
  filled: 9,
};

/** States the venue can come back from when its answer to a cancel or replace was no. */
const REVOCABLE: ReadonlySet<OrderStatus> = new Set([
  'pending_cancel',
  'pending_replace',
  'suspended',
  'stopped',
  'done_for_day',
]);

/**
 * The status after the venue said `next`. Events may repeat or arrive out of order, so this is a join:
 * closed absorbs, and otherwise the later word wins, except where a request was turned down.
 */
export function nextStatus(current: OrderStatus, next: OrderStatus): OrderStatus {
  if (isClosed(current)) return current;
  if (isClosed(next)) return next;
  if (RANK[next] >= RANK[current]) return next;
  return REVOCABLE.has(current) && RANK[next] >= RANK.new ? next : current;
}
