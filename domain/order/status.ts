import { z } from 'zod';

/**
 * Every state an order can be in. The first five are the desk's own, before the venue has spoken;
 * the rest are the venue's words (Alpaca's order statuses). `denied` is our no, `rejected` the venue's.
 */
export const ORDER_STATUSES = [
  'submitting',
  'unknown',
  'needs_review',
  'denied',
  'pending_new',
  'accepted',
  'new',
  'held',
  'partially_filled',
  'pending_cancel',
  'pending_replace',
  'stopped',
  'suspended',
  'calculated',
  'done_for_day',
  'filled',
  'canceled',
  'expired',
  'replaced',
  'rejected',
] as const;

export const orderStatus = z.enum(ORDER_STATUSES).meta({ id: 'OrderStatus' });
export type OrderStatus = z.infer<typeof orderStatus>;

/** in-flight: sent or about to be, the venue's word is out; open: the venue works it; closed: it is over. */
export type OrderPhase = 'in-flight' | 'open' | 'closed';

/** The one definition of in-flight, open and closed. */
export const ORDER_PHASE: Record<OrderStatus, OrderPhase> = {
  submitting: 'in-flight',
  unknown: 'in-flight',
  needs_review: 'in-flight',
  denied: 'closed',
  pending_new: 'open',
  accepted: 'open',
  new: 'open',
  held: 'open',
  partially_filled: 'open',
  pending_cancel: 'open',
  pending_replace: 'open',
  stopped: 'open',
  suspended: 'open',
  calculated: 'open',
  done_for_day: 'open',
  filled: 'closed',
  canceled: 'closed',
  expired: 'closed',
  replaced: 'closed',
  rejected: 'closed',
};

export function phaseOf(status: OrderStatus): OrderPhase {
  return ORDER_PHASE[status];
}

export function isClosed(status: OrderStatus): boolean {
  return phaseOf(status) === 'closed';
}

/** Statuses of an order that is not over. */
export const UNCLOSED: readonly OrderStatus[] = ORDER_STATUSES.filter((status) => !isClosed(status));

/** The statuses in which the venue's word is out. */
export const IN_FLIGHT: readonly OrderStatus[] = ORDER_STATUSES.filter(
  (status) => phaseOf(status) === 'in-flight',
);
