import { absolute, formatQty } from '../decimal/decimal';
import { heldForOrders } from '../ledger/valuation';
import type { Order } from '../orders/order';
import { isOpen } from '../orders/status';
import type { Venue } from '../venue/venue';
import { isTriggered } from './paper-rule';

/** The two exits of which at most one may trade. */
interface Pair {
  readonly profit: Order;
  readonly stop: Order;
  /** What both together may sell, nano-shares. */
  readonly qty: bigint;
}

function pairOf(parent: Order): Pair | null {
  const [first, second] = parent.legs;
  if (parent.orderClass === 'oco') {
    return first === undefined ? null : { profit: parent, stop: first, qty: parent.qty ?? 0n };
  }
  if (first === undefined || second === undefined) return null;
  return { profit: first, stop: second, qty: parent.exitQty ?? parent.filledQty };
}

/**
 * Brings a bracket, OCO or OTO in line after one of its orders changed. What is to be done follows
 * from the orders' states alone, so it may be asked at any time, also after a crash in between.
 */
export function settleGroup(venue: Venue, order: Order): void {
  const parent = order.parent ?? order;
  if (parent.legs.length === 0 || parent.orderClass === 'mleg') return;
  if (parent.orderClass !== 'oco' && !settleEntry(venue, parent)) return;
  const pair = pairOf(parent);
  if (pair !== null) settlePair(venue, pair);
}

/** Whether the entry is done, so that its exits live. */
function settleEntry(venue: Venue, parent: Order): boolean {
  if (parent.status === 'filled') {
    const [first] = parent.legs;
    if (first?.status === 'held') {
      const doomed = parent.legs.filter((leg) => venue.faults.race('reject_leg', leg));
      for (const leg of doomed) reject(venue, leg, 'rejected by the venue');
      activate(venue, first);
    }
    return true;
  }
  const over = !isOpen(parent.status);
  // Alpaca docs: when any order of the group is canceled, the rest is canceled.
  const broken = parent.legs.some((leg) => leg.status === 'canceled');
  if (over || broken) for (const one of [parent, ...parent.legs]) end(venue, one);
  return false;
}

function activate(venue: Venue, leg: Order): void {
  if (leg.status !== 'held') return;
  const account = venue.books.accounts.get(leg.accountId);
  const position = absolute(account?.positions.get(leg.symbol)?.qty ?? 0n);
  const free = account === undefined ? 0n : position - heldForOrders(account, leg.symbol);
  if ((leg.qty ?? 0n) > free) reject(venue, leg, 'insufficient qty available for order');
  else venue.commit({ type: 'order_working', order_id: leg.id });
}

function reject(venue: Venue, leg: Order, reason: string): void {
  venue.commit({ type: 'order_rejected', order_id: leg.id, reason });
}

const isOver = (order: Order): boolean => !isOpen(order.status) && order.status !== 'rejected';

function settlePair(venue: Venue, { profit, stop, qty }: Pair): void {
  // A stop that was reached ended the profit itself and lives on alone.
  const stopLives = isOpen(stop.status) && stop.triggered;
  if (isOver(stop)) end(venue, profit);
  if (isOver(profit) && !stopLives) end(venue, stop);
  const left = qty - profit.filledQty;
  if (stop.status === 'held' && (stop.qty ?? 0n) > left && left > 0n) {
    venue.commit({ type: 'order_reduced', order_id: stop.id, qty: formatQty(left) });
  }
}

function end(venue: Venue, order: Order): void {
  if (isOpen(order.status)) venue.commit({ type: 'order_canceled', order_id: order.id });
}

/** A held stop whose price is reached takes the place of its sibling: only one of the two ever works. */
export function stepHeld(venue: Venue, order: Order): void {
  const parent = order.parent;
  const pair = parent === null ? null : pairOf(parent);
  if (parent === null || pair?.stop !== order) return;
  const armed = parent.orderClass === 'oco' || parent.status === 'filled';
  if (!armed || !isTriggered(order, venue.touch(order.symbol))) return;
  // In this order: at no moment between these records do both sides work, and none leaves the stop behind.
  if (!order.triggered) venue.commit({ type: 'order_triggered', order_id: order.id });
  end(venue, pair.profit);
  venue.commit({ type: 'order_working', order_id: order.id });
}
