import type { HonestFills } from '../book/honest-fills';
import { findAsset } from '../assets/asset';
import { formatMoney } from '../decimal/decimal';
import type { Order } from '../orders/order';
import { isWorking } from '../orders/status';
import { GTC_GRACE_MS } from '../venue/order-expiry';
import type { Venue } from '../venue/venue';
import { stepAuction } from './auctions';
import { settleExpiries } from './expiries';
import { endOrder, fillOrder, withinPosition } from './fill-order';
import { settleGroup, stepHeld } from './groups';
import { fillBeforeReplace, finishCancel, rejectOrder } from './races';
import { tradeTogether, isPart } from './together';
import { type Execution, isTriggered, paperExecution, type Touch } from './paper-rule';

/**
 * One beat of the matching engine: every live order takes at most one step of its life,
 * in order of arrival. Answers of the API leave before the beat that follows them.
 */
export function pulse(venue: Venue, honest: HonestFills | null = null): void {
  if (venue.isFull || venue.faults.isDiskFull()) return;
  venue.catchUp();
  const now = venue.clock.now();
  for (const order of venue.books.open) step(venue, order, { now, honest });
  honest?.match();
  settleExpiries(venue);
}

function step(
  venue: Venue,
  order: Order,
  { now, honest }: { now: number; honest: HonestFills | null },
): void {
  if (isPart(order)) return;
  if (order.legs.length > 0 || order.parent !== null) settleGroup(venue, order);
  if (!venue.books.open.has(order)) return;
  if (order.status === 'pending_cancel') return finishCancel(venue, order);
  if (order.status === 'pending_replace') return finishReplace(venue, order);
  const isNew = order.status === 'pending_new' || order.status === 'accepted';
  if (isNew && venue.faults.race('reject_order', order)) return rejectOrder(venue, order);
  if (order.replaces !== null && !hasTakenOver(venue, order, order.replaces)) return;
  if (isPastEnd(order, now)) {
    return endOrder(venue, order, order.timeInForce === 'gtc' ? 'order_canceled' : 'order_expired');
  }
  const halted = [order, ...order.legs].some(({ symbol }) => venue.isHalted(symbol));
  if (order.auctionAt !== null) {
    if (!halted) stepAuction(venue, order, order.auctionAt);
    return;
  }
  if (!venue.isTrading(order) || halted) return;
  if (order.status === 'held') stepHeld(venue, order);
  else if (isWorking(order.status) && order.orderClass === 'mleg') tradeTogether(venue, order);
  else if (isWorking(order.status)) trade(venue, order, honest);
  else venue.commit({ type: 'order_working', order_id: order.id });
}

/** A replacement waits for the order it replaces, and fails when that ended in another way. */
function hasTakenOver(venue: Venue, order: Order, replaces: string): boolean {
  const before = venue.books.orders.get(replaces);
  if (before === undefined || before.status === 'replaced') return true;
  if (before.status !== 'pending_replace') {
    venue.commit({ type: 'replace_rejected', order_id: before.id, by: order.id });
  }
  return false;
}

function isPastEnd(order: Order, now: number): boolean {
  if (order.status === 'held') return false;
  return now >= order.expiresAt + (order.timeInForce === 'gtc' ? GTC_GRACE_MS : 0);
}

/** The new order takes over at the venue: what traded of the old one until here stays the old one's. */
function finishReplace(venue: Venue, order: Order): void {
  const by = order.replacement;
  if (by === null) return;
  if (fillBeforeReplace(venue, order)) return;
  venue.commit({ type: 'order_replaced', order_id: order.id, by });
  const next = venue.books.orders.get(by);
  if (next !== undefined) settleGroup(venue, next);
}

function trade(venue: Venue, order: Order, honest: HonestFills | null): void {
  const touch = venue.touch(order.symbol);
  if (!order.triggered) {
    if (order.type === 'trailing_stop') trail(venue, order, touch);
    if (isTriggered(order, touch)) venue.commit({ type: 'order_triggered', order_id: order.id });
    return;
  }
  // The books of honest fills are of stocks and pairs; of an option there is as much as its quote shows.
  const option = findAsset(order.symbol)?.kind === 'us_option';
  if (honest !== null && !option) return;
  const { seed, partialFillRate } = venue.settings;
  const rate = honest === null ? partialFillRate : 0;
  const whole = paperExecution(order, touch, { rate, seed });
  const execution = whole === null || honest === null ? whole : withinRoom(whole, honest.options.room(order));
  const qty = execution === null ? 0n : withinPosition(venue, order, execution.qty);
  if (execution !== null && qty > 0n) {
    honest?.options.take(order, qty);
    fillOrder(venue, order, { ...execution, qty });
    if (execution.complete) return;
  }
  const immediate = order.timeInForce === 'ioc' || order.timeInForce === 'fok';
  if (immediate || (execution !== null && qty === 0n)) {
    venue.commit({ type: 'cancel_requested', order_id: order.id });
  }
}

/** As much of an execution as there is room for; null for none. */
function withinRoom(execution: Execution, room: bigint | null): Execution | null {
  if (room === null || execution.qty <= room) return execution;
  return room <= 0n ? null : { ...execution, qty: room, complete: false };
}

/** The stop follows the best price seen, never back. */
function trail(venue: Venue, order: Order, touch: Touch): void {
  const seen = order.hwm ?? touch.last;
  const better = order.side === 'sell' ? touch.last > seen : touch.last < seen;
  if (better) venue.commit({ type: 'order_trailed', order_id: order.id, hwm: formatMoney(touch.last) });
}
