/** Every order status of Alpaca (Alpaca docs: Placing orders, order lifecycle). */
export const ORDER_STATUSES = [
  'accepted',
  'pending_new',
  'new',
  'partially_filled',
  'filled',
  'done_for_day',
  'canceled',
  'expired',
  'replaced',
  'pending_cancel',
  'pending_replace',
  'accepted_for_bidding',
  'stopped',
  'rejected',
  'suspended',
  'calculated',
  'held',
] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

interface StatusRule {
  /** Counts as `status=open` in lists and against buying power. */
  readonly open: boolean;
  /** May trade. */
  readonly working: boolean;
  readonly next: readonly OrderStatus[];
}

const ENDINGS = ['filled', 'canceled', 'expired', 'rejected'] as const;

/** The one table of what a status means and what may follow it. */
export const STATUS_TABLE: Readonly<Record<OrderStatus, StatusRule>> = {
  accepted: { open: true, working: false, next: ['pending_new', 'new', 'pending_cancel', ...ENDINGS] },
  pending_new: { open: true, working: false, next: ['new', 'pending_cancel', ...ENDINGS] },
  new: {
    open: true,
    working: true,
    next: ['partially_filled', 'pending_cancel', 'pending_replace', 'done_for_day', ...ENDINGS],
  },
  partially_filled: {
    open: true,
    working: true,
    next: ['partially_filled', 'pending_cancel', 'pending_replace', 'done_for_day', ...ENDINGS],
  },
  filled: { open: false, working: false, next: [] },
  done_for_day: { open: false, working: false, next: ['new', ...ENDINGS] },
  canceled: { open: false, working: false, next: [] },
  expired: { open: false, working: false, next: [] },
  replaced: { open: false, working: false, next: [] },
  pending_cancel: {
    open: true,
    working: false,
    next: ['pending_cancel', 'new', 'partially_filled', ...ENDINGS],
  },
  pending_replace: {
    open: true,
    working: false,
    next: ['pending_replace', 'replaced', 'new', 'partially_filled', 'held', ...ENDINGS],
  },
  accepted_for_bidding: { open: true, working: false, next: ['new', ...ENDINGS] },
  stopped: { open: true, working: true, next: ['partially_filled', ...ENDINGS] },
  rejected: { open: false, working: false, next: [] },
  suspended: { open: true, working: false, next: ['new', ...ENDINGS] },
  calculated: { open: false, working: false, next: ['filled'] },
  held: { open: true, working: false, next: ['new', 'pending_cancel', 'pending_replace', ...ENDINGS] },
};

/** Whether an order in this status is still alive. */
export const isOpen = (status: OrderStatus): boolean => STATUS_TABLE[status].open;
export const isWorking = (status: OrderStatus): boolean => STATUS_TABLE[status].working;

/** Status after an execution that leaves a rest: what is asked of the order stays asked. */
export const afterPart = (from: OrderStatus): OrderStatus =>
  from === 'pending_cancel' || from === 'pending_replace' ? from : 'partially_filled';

/** Gives the next status, or throws: a jump the table does not know is a fault of ours. */
export function advance(from: OrderStatus, to: OrderStatus): OrderStatus {
  if (!STATUS_TABLE[from].next.includes(to)) throw new Error(`no order goes from ${from} to ${to}`);
  return to;
}
