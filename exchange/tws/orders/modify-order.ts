import { findAsset } from '../../assets/asset';
import type { Account } from '../../ledger/account';
import type { Order } from '../../orders/order';
import { checkShape, type OrderRequest, PLAIN_ORDER } from '../../orders/order-request';
import { checkLegPrices } from '../../orders/order-class';
import { REFUSALS } from '../../orders/refusals';
import { isOpen } from '../../orders/status';
import { exitsOf } from '../../venue/change-order';
import { submitOrder } from '../../venue/submit-order';
import { conIdOf } from '../contracts/con-ids';
import { ownSymbol } from '../contracts/contract';
import type { Session } from '../session';
import { ERRORS, TwsRefusal } from '../wire/errors';
import { lineOf, type OrderLine } from '../reports/order-line';
import { openOrderMessages } from '../reports/order-messages';
import { inWords } from './in-words';
import { ownOrder } from './own-order';
import type { PlacedOrder } from './read-order';

/** New terms for a working order: its prices, its quantity and how long it works. All else must be as it was. */
export function modifyOrder(
  session: Session,
  { account, order }: { account: Account; order: Order },
  placed: PlacedOrder,
): void {
  const line = lineOf(account, order);
  const { head } = line;
  if (!isSame(head, placed)) throw new TwsRefusal(ERRORS.orderMismatch);
  const qty = placed.qty - (line.filled - head.filledQty);
  const request = requestOf(line, placed, qty);
  if (isUnchanged(head, request)) {
    for (const message of openOrderMessages(account, line)) session.send(message);
    return;
  }
  // IB keeps a change of an order that is not at the market yet until it is.
  const arrives = head.status === 'pending_new' || head.status === 'pending_replace';
  if (arrives) return session.subscriptions.defer(placed.orderId, () => modifyLater(session, placed));
  if (placed.qty <= line.filled) throw new TwsRefusal(ERRORS.rejected('The quantity has traded already.'));
  inWords(() => {
    if (session.venue.faults.isDiskFull({ account: account.keyId })) throw REFUSALS.journalFull();
    if (!['new', 'partially_filled', 'held'].includes(head.status)) {
      throw new TwsRefusal(ERRORS.rejected(`An order in state "${head.status}" cannot be changed.`));
    }
    const isAttached = head.parent !== null || head.legs.length > 0;
    if (isAttached && qty !== head.qty) {
      throw new TwsRefusal(ERRORS.rejected('The quantity of attached orders cannot be changed.'));
    }
    // What traded stays with the form it traded under: the next one is for the rest.
    const rest = { ...request, qty: placed.qty - line.filled, ...exitsOf(head) };
    checkShape(rest);
    if (head.parent !== null) checkLegPrices(head, rest);
    const made = submitOrder(session.venue, account, rest, head);
    session.venue.commit({ type: 'replace_requested', order_id: head.id, by: made.id });
  });
}

/** What has become of the order meanwhile is looked up anew. */
function modifyLater(session: Session, placed: PlacedOrder): void {
  const own = ownOrder(session, placed.orderId);
  if (own === null || !isOpen(own.order.status)) throw new TwsRefusal(ERRORS.filledOrder);
  modifyOrder(session, own, placed);
}

function isSame(head: Order, { contract, side, type }: PlacedOrder): boolean {
  const asset = findAsset(head.symbol);
  const sameContract =
    contract.conId === 0
      ? contract.localSymbol.replaceAll(/\s+/g, '') === head.symbol ||
        ownSymbol(contract.symbol) === asset?.instrument.symbol
      : contract.conId === conIdOf(head.symbol);
  return sameContract && head.side === side && head.type === type;
}

function requestOf({ head }: OrderLine, placed: PlacedOrder, qty: bigint): OrderRequest {
  const { timeInForce, limitPrice, stopPrice, trailPrice, trailPercent, orderRef } = placed;
  const { symbol, side, type, extendedHours } = head;
  const own = { symbol, side, type, extendedHours };
  const tws = head.tws === null ? undefined : { ...head.tws, order_ref: orderRef };
  const trail = type === 'trailing_stop' ? { trailPrice, trailPercent } : {};
  return { ...PLAIN_ORDER, ...own, qty, timeInForce, limitPrice, stopPrice, ...trail, tws };
}

function isUnchanged(head: Order, request: OrderRequest): boolean {
  const keys = ['qty', 'limitPrice', 'trailPrice', 'trailPercent', 'timeInForce'] as const;
  const stop = head.type === 'trailing_stop' || request.stopPrice === head.stopPrice;
  return (
    stop && keys.every((key) => request[key] === head[key]) && request.tws?.order_ref === head.tws?.order_ref
  );
}
