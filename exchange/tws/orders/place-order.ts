import type { Account } from '../../ledger/account';
import type { Order } from '../../orders/order';
import { checkShape, type OrderRequest, PLAIN_ORDER } from '../../orders/order-request';
import { REFUSALS } from '../../orders/refusals';
import { isOpen } from '../../orders/status';
import { twsKey } from '../../venue/books';
import { submitOrder } from '../../venue/submit-order';
import { findContract } from '../contracts/find-contracts';
import type { Session, ShownAccount } from '../session';
import { ERRORS, TwsRefusal } from '../wire/errors';
import { inWords } from './in-words';
import { modifyOrder } from './modify-order';
import type { PlacedOrder } from './read-order';

/** The account that an order is for; it need not be named where there is but one. */
export function accountNamed(session: Session, number: string): ShownAccount {
  const shown = session.accounts();
  const [only] = shown;
  const found = number === '' && shown.length === 1 ? only : shown.find((one) => one.number === number);
  if (found !== undefined) return found;
  throw new TwsRefusal(
    number === '' ? ERRORS.accountMissing : ERRORS.invalid(`Invalid account code '${number.slice(0, 20)}'`),
  );
}

/** The client's own order of a number, in whichever account. */
export function ownOrder(session: Session, orderId: number): { account: Account; order: Order } | null {
  const key = twsKey({ client_id: session.clientId, order_id: orderId });
  for (const { account } of session.accounts()) {
    const order = account.tws.orders.get(key);
    if (order !== undefined) return { account, order };
  }
  return null;
}

/** The number that the client's next order must have at least. */
export function leastOrderId(session: Pick<Session, 'accounts' | 'clientId'>): number {
  const used = session.accounts().map(({ account }) => account.tws.highest.get(session.clientId) ?? 0);
  return Math.max(0, ...used) + 1;
}

/**
 * placeOrder: a new order, or new terms for one of the client's own that works under the same number. The reference
 * is no key: the same one twice is two orders. Throws a `TwsRefusal`.
 */
export function placeOrder(session: Session, placed: PlacedOrder, least: number): void {
  const own = ownOrder(session, placed.orderId);
  if (own !== null && isOpen(own.order.status)) return modifyOrder(session, own, placed);
  if (own !== null || placed.orderId < least) throw new TwsRefusal(ERRORS.duplicateOrderId);
  const { account } = accountNamed(session, placed.account);
  const { symbol } = findContract(session.venue, placed.contract);
  const request = requestOf(session, placed, symbol);
  inWords(() => {
    checkShape(request);
    if (session.venue.faults.isDiskFull({ account: account.keyId })) throw REFUSALS.journalFull();
    submitOrder(session.venue, account, request);
  });
}

/** The order in the exchange's terms. */
function requestOf(session: Session, placed: PlacedOrder, symbol: string): OrderRequest {
  const { side, qty, type, timeInForce, limitPrice, stopPrice, trailPrice, trailPercent } = placed;
  const tws = { client_id: session.clientId, order_id: placed.orderId, order_ref: placed.orderRef };
  const terms = { symbol, side, qty, type, timeInForce, limitPrice, stopPrice, trailPrice, trailPercent };
  return { ...PLAIN_ORDER, ...terms, extendedHours: extendedHoursOf(session, placed), tws };
}

/** Outside regular hours only limit orders trade; of all others IB says that it passes the attribute over. */
function extendedHoursOf(
  session: Session,
  { outsideHours, type, timeInForce, orderId }: PlacedOrder,
): boolean {
  if (!outsideHours) return false;
  if (type === 'limit' && (timeInForce === 'day' || timeInForce === 'gtc')) return true;
  session.error(orderId, ERRORS.outsideHoursIgnored);
  return false;
}
