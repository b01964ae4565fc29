import { divideRounded } from '../../decimal/decimal';
import type { Account } from '../../ledger/account';
import { type Order, remainingQty } from '../../orders/order';
import type { OrderStatus } from '../../orders/status';
import type { Venue } from '../../venue/venue';

/** Orders of a record have numbers beside each other: the order and, of a bracket, its exits. */
const PLACES = 8;
const FIRST_PERM_ID = 1_000_000_000;

/**
 * An order as this wire knows it. New terms make another order of the exchange; here it stays one, with one number
 * for ever, and what its earlier forms traded counts as its own. Quantities nano-shares, prices micro-dollars.
 */
export interface OrderLine {
  /** The form that has the terms of now. */
  readonly head: Order;
  readonly permId: number;
  readonly clientId: number;
  /** 0 for an order that was not placed on this wire. */
  readonly orderId: number;
  readonly orderRef: string;
  readonly parentId: number;
  readonly filled: bigint;
  readonly remaining: bigint;
  readonly averagePrice: bigint;
}

/** An order and the forms it had before, the newest first. */
export function formsOf(account: Account, newest: Order): Order[] {
  const forms = [newest];
  for (let before = newest.replaces; before !== null; ) {
    const order = account.orders.get(before);
    if (order === undefined) break;
    forms.push(order);
    before = order.replaces;
  }
  return forms;
}

/** The newest form of an order that still counts: a refused change leaves the one before. */
function newestOf(account: Account, order: Order): Order {
  for (let newest = order; ; ) {
    const next = account.orders.get(newest.replacedBy ?? newest.replacement ?? '');
    if (next === undefined) return newest;
    newest = next;
  }
}

/** The line that an order of the exchange belongs to. */
export function lineOf(account: Account, order: Order): OrderLine {
  const newest = newestOf(account, order);
  const forms = formsOf(account, newest);
  const head = newest.status === 'rejected' && forms[1] !== undefined ? forms[1] : newest;
  const counted = forms.slice(forms.indexOf(head));
  const first = forms.at(-1) ?? head;
  let [filled, product] = [0n, 0n];
  for (const form of counted) {
    filled += form.filledQty;
    product += form.filledProduct;
  }
  return {
    head,
    permId: FIRST_PERM_ID + first.arrival * PLACES + first.place,
    clientId: head.tws?.client_id ?? 0,
    orderId: head.tws?.order_id ?? 0,
    orderRef: head.tws?.order_ref ?? '',
    parentId: head.parent?.tws?.order_id ?? 0,
    filled,
    remaining: head.status === 'filled' ? 0n : remainingQty(head),
    averagePrice: filled === 0n ? 0n : divideRounded(product, filled),
  };
}

/** What of the line had traded when one of its executions had happened. */
export function filledUpTo(account: Account, order: Order, cumQty: bigint): bigint {
  let before = 0n;
  for (const form of formsOf(account, order).slice(1)) before += form.filledQty;
  return before + cumQty;
}

const STATUSES: Readonly<Record<OrderStatus, string>> = {
  accepted: 'PreSubmitted',
  pending_new: 'PreSubmitted',
  held: 'PreSubmitted',
  accepted_for_bidding: 'PreSubmitted',
  suspended: 'PreSubmitted',
  new: 'Submitted',
  partially_filled: 'Submitted',
  pending_replace: 'Submitted',
  replaced: 'Submitted',
  stopped: 'Submitted',
  calculated: 'Submitted',
  done_for_day: 'Submitted',
  pending_cancel: 'PendingCancel',
  filled: 'Filled',
  canceled: 'Cancelled',
  expired: 'Cancelled',
  rejected: 'Inactive',
};

/** The status in IB's words (TWS API: Order Submission, possible order states). A stop that waits is PreSubmitted. */
export function statusOf({ head }: OrderLine): string {
  const waits = !head.triggered && (head.status === 'new' || head.status === 'partially_filled');
  return waits ? 'PreSubmitted' : STATUSES[head.status];
}

/** Whether an order is shown at all: multi-leg orders and their legs are not. */
export const isShown = (order: Order): boolean => order.orderClass !== 'mleg';

/** The lines of what is open in an account, each once, in order of arrival. */
export function openLines(venue: Venue, account: Account): OrderLine[] {
  const lines = new Map<number, OrderLine>();
  for (const order of account.open) {
    if (!isShown(order) || venue.faults.hides(order, 'list')) continue;
    const line = lineOf(account, order);
    lines.set(line.permId, line);
  }
  return [...lines.values()].sort((a, b) => a.permId - b.permId);
}
