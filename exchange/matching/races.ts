import { absolute, ONE_SHARE } from '../decimal/decimal';
import { type Order, remainingQty } from '../orders/order';
import { isWorking } from '../orders/status';
import type { Venue } from '../venue/venue';
import { endOrder, fillOrder } from './fill-order';
import { fillTogether } from './together';

/** Fills what is left of an order, at its limit or at the market. */
function fillRest(venue: Venue, order: Order, part: bigint = remainingQty(order)): void {
  if (order.orderClass === 'mleg') return fillTogether(venue, order);
  const touch = venue.touch(order.symbol);
  const price = order.limitPrice ?? (order.side === 'buy' ? touch.ask : touch.bid);
  const qty = absolute(part);
  if (qty > 0n) fillOrder(venue, order, { qty, price, complete: qty === remainingQty(order) });
}

/** A fault may let an order fill just before its cancellation is asked for: the asking is then refused. */
export function fillBeforeDelete(venue: Venue, order: Order): void {
  if (isWorking(order.status) && venue.faults.race('fill_before_delete', order)) fillRest(venue, order);
}

/** Fills half of what is left, in whole shares, where a fault says so and that leaves something. */
function fillPart(venue: Venue, order: Order, race: 'late_fill' | 'part_before_replace'): void {
  const half = ((remainingQty(order) / 2n + ONE_SHARE - 1n) / ONE_SHARE) * ONE_SHARE;
  // A multi-leg order never fills in part.
  const isPart = half > 0n && half < remainingQty(order) && order.orderClass !== 'mleg';
  if (isPart && venue.faults.race(race, order)) fillRest(venue, order, half);
}

/** Cancels what was asked to be canceled, unless a fault lets a fill come first. */
export function finishCancel(venue: Venue, order: Order): void {
  if (venue.faults.race('fill_before_cancel', order)) {
    venue.commit({ type: 'cancel_rejected', order_id: order.id });
    return fillRest(venue, order);
  }
  fillPart(venue, order, 'late_fill');
  endOrder(venue, order, 'order_canceled');
}

/**
 * A fault may let the old order fill before the new one takes over: wholly, and the replacement fails; or in part, and
 * the new one trades its whole quantity besides. Whether it failed.
 */
export function fillBeforeReplace(venue: Venue, order: Order): boolean {
  fillPart(venue, order, 'part_before_replace');
  if (!venue.faults.race('fill_before_replace', order)) return false;
  fillRest(venue, order);
  return true;
}

export function rejectOrder(venue: Venue, order: Order): void {
  venue.commit({ type: 'order_rejected', order_id: order.id, reason: 'rejected by the venue' });
}
