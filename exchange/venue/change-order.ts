import { z } from 'zod';
import { ONE_SHARE, parseMoney } from '../decimal/decimal';
import type { Account } from '../ledger/account';
import { findCrypto } from '../market/instruments';
import { TIMES_IN_FORCE } from '../journal/records';
import { fillBeforeDelete } from '../matching/races';
import { isPart } from '../matching/together';
import type { Order } from '../orders/order';
import { checkLegPrices } from '../orders/order-class';
import { readNetPrice } from '../orders/options/read-legs';
import {
  checkMultiLegShape,
  checkShape,
  type OrderRequest,
  readClientOrderId,
} from '../orders/order-request';
import { decimal, readLimit, readPositive, readQty, readStop } from '../orders/read-decimal';
import { badRequest, Refusal, REFUSALS, unprocessable } from '../orders/refusals';
import { isOpen } from '../orders/status';
import { submitOrder } from './submit-order';
import type { Venue } from './venue';

/** Asks for an order's cancellation; it is canceled on a later pulse, unless it fills first. */
export function cancelOrder(venue: Venue, order: Order): void {
  if (isPart(order)) throw unprocessable('legs of mleg orders cannot be canceled on their own');
  fillBeforeDelete(venue, order);
  if (order.status === 'pending_cancel') throw REFUSALS.pendingCancel();
  if (!isOpen(order.status) || order.status === 'pending_replace') {
    throw unprocessable(`order is already in "${order.status}" state`);
  }
  venue.commit({ type: 'cancel_requested', order_id: order.id });
}

/** Asks for the cancellation of all that is open; answers for each order, with the reason where it was refused. */
export function cancelAll(venue: Venue, account: Account): { id: string; refusal: Refusal | null }[] {
  return [...account.open].flatMap((order) => {
    // A multi-leg order is canceled as a whole.
    if (isPart(order)) return [];
    try {
      cancelOrder(venue, order);
      return { id: order.id, refusal: null };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { id: order.id, refusal: error };
    }
  });
}

const replaceBody = z.looseObject({
  qty: decimal,
  notional: decimal,
  limit_price: decimal,
  stop_price: decimal,
  trail: decimal,
  time_in_force: z.string().nullish(),
  client_order_id: z.string().nullish(),
});
type Sent = z.infer<typeof replaceBody>;

/**
 * Asks for new terms. The answer is the new order; the old one ends as `replaced` on a later pulse.
 * A multi-leg order is replaced as a whole: price and quantity change, the legs stay.
 */
export function replaceOrder(venue: Venue, account: Account, order: Order, body: unknown): Order {
  if (isPart(order)) throw unprocessable('legs of mleg orders cannot be replaced on their own');
  checkReplaceable(account, order);
  const request = readReplacement(order, body);
  const made = submitOrder(venue, account, request, order);
  venue.commit({ type: 'replace_requested', order_id: order.id, by: made.id });
  return made;
}

function checkReplaceable(account: Account, order: Order): void {
  if (order.status === 'new' || order.status === 'partially_filled' || order.status === 'held') return;
  if (order.status === 'replaced') throw REFUSALS.alreadyReplaced();
  if (!isOpen(order.status)) throw REFUSALS.notOpen();
  const before = order.replaces === null ? undefined : account.orders.get(order.replaces);
  if (before?.status === 'pending_replace') throw REFUSALS.chainOpen();
  throw unprocessable(`cannot replace order in ${order.status} status`);
}

function readReplacement(order: Order, body: unknown): OrderRequest {
  const parsed = replaceBody.safeParse(body ?? {});
  if (!parsed.success) throw REFUSALS.malformedBody();
  const sent = parsed.data;
  const isMultiLeg = order.orderClass === 'mleg';
  const request: OrderRequest = {
    symbol: order.symbol,
    side: order.side,
    type: order.type,
    timeInForce: readTimeInForce(order, sent),
    qty: readNewQty(order, sent),
    notional: null,
    limitPrice: (isMultiLeg ? readNetPrice : readLimit)(sent.limit_price) ?? order.limitPrice,
    stopPrice: readStop(sent.stop_price) ?? order.stopPrice,
    ...readTrail(order, sent),
    extendedHours: order.extendedHours,
    clientOrderId: readClientOrderId(sent.client_order_id),
    positionIntent: null,
    legs: isMultiLeg ? order.legs.map(legOf) : [],
    ...exitsOf(order),
  };
  const same = (
    ['qty', 'limitPrice', 'stopPrice', 'trailPrice', 'trailPercent', 'timeInForce'] as const
  ).every((key) => request[key] === order[key]);
  if (same && request.clientOrderId === null) throw REFUSALS.unchanged();
  if (isMultiLeg) checkMultiLegShape(request);
  else checkShape(request);
  if (order.parent !== null) checkLegPrices(order, request);
  return request;
}

/** A leg as it was asked for: a replacement has the same ones (Alpaca's PATCH takes none). */
const legOf = ({ symbol, side, positionIntent, ratio }: Order): OrderRequest['legs'][number] => ({
  symbol,
  side,
  intent: positionIntent,
  ratio,
});

function readTimeInForce(order: Order, sent: Sent): OrderRequest['timeInForce'] {
  const found = TIMES_IN_FORCE.find((value) => value === (sent.time_in_force || order.timeInForce));
  if (found === undefined) throw badRequest('invalid time_in_force');
  return found;
}

function readNewQty(order: Order, sent: Sent): bigint {
  const qty = readQty(sent.qty);
  if (order.qty === null || (sent.notional ?? null) !== null) {
    throw unprocessable('notional orders cannot be replaced');
  }
  if (qty === null) return order.qty;
  const fractional = order.qty % ONE_SHARE !== 0n || qty % ONE_SHARE !== 0n;
  // Alpaca's OpenAPI document: that is so of equities.
  if (fractional && findCrypto(order.symbol) === undefined) throw REFUSALS.fractionalReplace();
  if (qty <= order.filledQty) throw REFUSALS.belowFilled();
  const isGroup = order.orderClass !== '' && order.orderClass !== 'mleg';
  if (qty !== order.qty && (isGroup || order.parent !== null)) {
    throw unprocessable('qty of advanced orders cannot be replaced');
  }
  return qty;
}

function readTrail(order: Order, sent: Sent): Pick<OrderRequest, 'trailPrice' | 'trailPercent'> {
  const trail = readPositive(sent.trail, 'trail', parseMoney, () => badRequest('trail must be > 0'));
  const { trailPrice, trailPercent } = order;
  if (trail === null) return { trailPrice, trailPercent };
  if (order.type !== 'trailing_stop') throw badRequest('only trailing stop orders have a trail');
  return trailPrice === null ? { trailPrice, trailPercent: trail } : { trailPrice: trail, trailPercent };
}

/** A parent keeps its exits; a leg is replaced as the plain order it works as. */
export function exitsOf(order: Order): Pick<OrderRequest, 'orderClass' | 'takeProfit' | 'stopLoss'> {
  if (order.parent !== null) return { orderClass: '', takeProfit: null, stopLoss: null };
  const profit = order.legs.find((leg) => leg.type === 'limit');
  const stop = order.legs.find((leg) => leg.stopPrice !== null);
  return {
    orderClass: order.orderClass,
    takeProfit: profit?.limitPrice ?? null,
    stopLoss: stop?.stopPrice == null ? null : { stopPrice: stop.stopPrice, limitPrice: stop.limitPrice },
  };
}
