import { absolute, formatMoney, formatQty, smaller } from '../decimal/decimal';
import type { Order } from '../orders/order';
import { isWorking } from '../orders/status';
import { seededId } from '../venue/ids';
import type { Venue } from '../venue/venue';
import { isTriggered, paperExecution } from './paper-rule';

/**
 * One beat of the matching engine: every live order takes at most one step of its life,
 * in order of arrival. Answers of the API leave before the beat that follows them.
 */
export function pulse(venue: Venue): void {
  const now = venue.clock.now();
  for (const order of venue.books.open) step(venue, order, now);
}

function step(venue: Venue, order: Order, now: number): void {
  if (order.status === 'pending_cancel') {
    venue.commit({ type: 'order_canceled', order_id: order.id });
    return;
  }
  if (now >= order.expiresAt) {
    venue.commit({ type: 'order_expired', order_id: order.id });
    return;
  }
  if (!venue.isTrading(order.extendedHours) || venue.market.isHalted(order.symbol, now)) return;
  if (isWorking(order.status)) trade(venue, order);
  else venue.commit({ type: 'order_working', order_id: order.id });
}

function trade(venue: Venue, order: Order): void {
  const touch = venue.touch(order.symbol);
  if (!order.triggered) {
    if (isTriggered(order, touch)) venue.commit({ type: 'order_triggered', order_id: order.id });
    return;
  }
  const { seed, partialFillRate } = venue.settings;
  const execution = paperExecution(order, touch, { rate: partialFillRate, seed });
  const qty = execution === null ? 0n : withinPosition(venue, order, execution.qty);
  if (execution !== null && qty > 0n) {
    venue.commit({
      type: 'order_filled',
      order_id: order.id,
      execution_id: seededId(seed, 'execution', venue.books.executions + 1),
      qty: formatQty(qty),
      price: formatMoney(execution.price),
      complete: execution.complete,
    });
    if (execution.complete) return;
  }
  const immediate = order.timeInForce === 'ioc' || order.timeInForce === 'fok';
  if (immediate || (execution !== null && qty === 0n)) {
    venue.commit({ type: 'cancel_requested', order_id: order.id });
  }
}

/** A sale by notional never sells more than there is, should the price have fallen since. */
function withinPosition(venue: Venue, order: Order, qty: bigint): bigint {
  if (order.notional === null || order.positionIntent !== 'sell_to_close') return qty;
  const position = venue.books.accounts.get(order.accountId)?.positions.get(order.symbol);
  return smaller(qty, absolute(position?.qty ?? 0n));
}
