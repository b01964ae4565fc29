import { z } from 'zod';
import { ONE_SHARE } from '../decimal/decimal';
import type { Account } from '../ledger/account';
import { TIMES_IN_FORCE } from '../journal/records';
import type { Order } from '../orders/order';
import { checkShape, type OrderRequest, readLimit, readQty, readStop } from '../orders/order-request';
import { badRequest, REFUSALS, unprocessable } from '../orders/refusals';
import { isOpen } from '../orders/status';
import { submitOrder } from './submit-order';
import type { Venue } from './venue';

/** Asks for an order's cancellation; it is canceled on a later pulse, unless it fills first. */
export function cancelOrder(venue: Venue, order: Order): void {
  if (order.status === 'pending_cancel') throw REFUSALS.pendingCancel();
  if (!isOpen(order.status) || order.status === 'pending_replace') {
    throw unprocessable(`order is already in "${order.status}" state`);
  }
  venue.commit({ type: 'cancel_requested', order_id: order.id });
}

const decimal = z.union([z.string(), z.number()]).nullish();
const replaceBody = z.looseObject({
  qty: decimal,
  limit_price: decimal,
  stop_price: decimal,
  time_in_force: z.string().nullish(),
  client_order_id: z.string().nullish(),
});

/** Replaces an order by a new one with other terms; the old one ends as `replaced`. */
export function replaceOrder(venue: Venue, account: Account, order: Order, body: unknown): Order {
  checkReplaceable(order);
  const request = readReplacement(order, body);
  const made = submitOrder(venue, account, request, order);
  venue.commit({ type: 'replace_requested', order_id: order.id });
  venue.commit({ type: 'order_replaced', order_id: order.id, by: made.id });
  return made;
}

function checkReplaceable(order: Order): void {
  if (order.status === 'new' || order.status === 'partially_filled') return;
  if (order.status === 'replaced') throw REFUSALS.alreadyReplaced();
  if (!isOpen(order.status)) throw REFUSALS.notOpen();
  throw unprocessable(`cannot replace order in ${order.status} status`);
}

function readReplacement(order: Order, body: unknown): OrderRequest {
  const parsed = replaceBody.safeParse(body);
  if (!parsed.success) throw REFUSALS.malformedBody();
  const sent = parsed.data;
  const qty = readQty(sent.qty);
  const asked = sent.time_in_force || null;
  const timeInForce = TIMES_IN_FORCE.find((value) => value === (asked ?? order.timeInForce));
  if (timeInForce === undefined) throw badRequest('invalid time_in_force');
  if (order.qty === null) throw unprocessable('notional orders cannot be replaced');
  const fractional = order.qty % ONE_SHARE !== 0n || (qty ?? 0n) % ONE_SHARE !== 0n;
  if (qty !== null && fractional) throw REFUSALS.fractionalReplace();
  if (qty !== null && qty <= order.filledQty) throw REFUSALS.belowFilled();
  const request: OrderRequest = {
    symbol: order.symbol,
    side: order.side,
    type: order.type,
    timeInForce,
    qty: qty ?? order.qty,
    notional: null,
    limitPrice: readLimit(sent.limit_price) ?? order.limitPrice,
    stopPrice: readStop(sent.stop_price) ?? order.stopPrice,
    extendedHours: order.extendedHours,
    clientOrderId: sent.client_order_id || null,
    positionIntent: null,
  };
  const changed =
    request.qty !== order.qty ||
    request.limitPrice !== order.limitPrice ||
    request.stopPrice !== order.stopPrice ||
    request.timeInForce !== order.timeInForce ||
    request.clientOrderId !== null;
  if (!changed) throw REFUSALS.unchanged();
  checkShape(request);
  return request;
}
