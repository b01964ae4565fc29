import { checkShape, type OrderRequest } from '../../orders/order-request';
import { REFUSALS } from '../../orders/refusals';
import { isOpen } from '../../orders/status';
import { submitOrder } from '../../venue/submit-order';
import { findContract } from '../contracts/find-contracts';
import type { Session } from '../session';
import { ERRORS, TwsRefusal } from '../wire/errors';
import { placeFamily } from './attached';
import { inWords } from './in-words';
import { modifyOrder } from './modify-order';
import { requestOf } from './order-terms';
import { accountNamed, ownOrder } from './own-order';
import type { PlacedOrder } from './read-order';

/** Order ids are 32-bit integers, and there must be a next one. */
const LAST_ORDER_ID = 2 ** 31 - 2;

/**
 * placeOrder: a new order, or new terms for one of the client's own that works under the same number. The reference
 * is no key: the same one twice is two orders. Throws a `TwsRefusal`.
 */
export function placeOrder(session: Session, placed: PlacedOrder, least: number): void {
  const own = ownOrder(session, placed.orderId);
  if (own !== null && isOpen(own.order.status)) return modifyOrder(session, own, placed);
  if (own !== null || placed.orderId < least) throw new TwsRefusal(ERRORS.duplicateOrderId);
  if (placed.orderId > LAST_ORDER_ID) throw new TwsRefusal(ERRORS.invalid('Invalid order id'));
  const { account } = accountNamed(session, placed.account);
  const { symbol } = findContract(session.venue, placed.contract);
  const { drafts } = session.subscriptions;
  if (!placed.transmit) {
    drafts.set(placed.orderId, placed);
    return;
  }
  drafts.delete(placed.orderId);
  const plain = requestOf(session, placed, symbol);
  const submit = (request: OrderRequest): void =>
    inWords(() => {
      checkShape(request);
      if (session.venue.faults.isDiskFull({ account: account.keyId })) throw REFUSALS.journalFull();
      submitOrder(session.venue, account, request);
    });
  if (placed.parentId === 0) submit(plain);
  else placeFamily(session, placed, { account, exit: plain, submit });
}
