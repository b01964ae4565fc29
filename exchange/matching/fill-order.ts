import { absolute, formatMoney, formatQty, smaller } from '../decimal/decimal';
import type { Order } from '../orders/order';
import { seededId } from '../venue/ids';
import type { Venue } from '../venue/venue';
import { settleGroup } from './groups';
import type { Execution } from './paper-rule';

/** Books an execution of an order, and what it does to the order's group. */
export function fillOrder(venue: Venue, order: Order, execution: Execution): void {
  venue.commit({
    type: 'order_filled',
    order_id: order.id,
    execution_id: seededId(venue.settings.seed, 'execution', venue.books.executions + 1),
    qty: formatQty(execution.qty),
    price: formatMoney(execution.price),
    complete: execution.complete,
    fee: formatMoney(execution.fee ?? 0n),
    printed: execution.prints ?? false,
  });
  settleGroup(venue, order);
}

/** Ends an order as canceled, and what hangs on it. */
export function endOrder(venue: Venue, order: Order, how: 'order_canceled' | 'order_expired'): void {
  venue.commit({ type: how, order_id: order.id });
  settleGroup(venue, order);
}

/** A sale by notional never sells more than there is, should the price have fallen since. */
export function withinPosition(venue: Venue, order: Order, qty: bigint): bigint {
  if (order.notional === null || order.positionIntent !== 'sell_to_close') return qty;
  const position = venue.books.accounts.get(order.accountId)?.positions.get(order.symbol);
  return smaller(qty, absolute(position?.qty ?? 0n));
}
