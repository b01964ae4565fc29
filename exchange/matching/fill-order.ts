import { findAsset } from '../assets/asset';
import { absolute, divideRounded, formatMoney, formatQty, smaller, valueOf } from '../decimal/decimal';
import type { Order } from '../orders/order';
import { seededId } from '../venue/ids';
import type { Venue } from '../venue/venue';
import { settleGroup } from './groups';
import type { Execution } from './paper-rule';

/** Books an execution of an order, and what it does to the order's group. */
export function fillOrder(venue: Venue, order: Order, execution: Execution): void {
  const { fee, feeQty } = feesOf(order, execution);
  venue.commit({
    type: 'order_filled',
    order_id: order.id,
    execution_id: seededId(venue.settings.seed, 'execution', venue.books.executions + 1),
    qty: formatQty(execution.qty),
    price: formatMoney(execution.price),
    complete: execution.complete,
    fee: formatMoney(fee),
    fee_qty: formatQty(feeQty),
    printed: execution.prints ?? false,
  });
  settleGroup(venue, order);
}

/** Alpaca docs: crypto fees of the first tier, 0.25 % of what is received, coins or dollars. */
function feesOf({ symbol, side }: Order, execution: Execution): { fee: bigint; feeQty: bigint } {
  const { qty, price, fee = 0n } = execution;
  if (findAsset(symbol)?.kind !== 'crypto') return { fee, feeQty: 0n };
  if (side === 'buy') return { fee: 0n, feeQty: qty - (qty * 9_975n) / 10_000n };
  return { fee: divideRounded(valueOf(qty, price) * 25n, 10_000n), feeQty: 0n };
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
