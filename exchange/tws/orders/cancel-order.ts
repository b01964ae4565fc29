import { Refusal } from '../../orders/refusals';
import { isOpen } from '../../orders/status';
import { cancelAll, cancelOrder } from '../../venue/change-order';
import type { Session } from '../session';
import { ERRORS, TwsRefusal } from '../wire/errors';
import { lineOf, statusOf } from './order-line';
import { ownOrder } from './place-order';

/** cancelOrder: only the client that placed an order may cancel it by its number. Throws a `TwsRefusal`. */
export function cancelOwnOrder(session: Session, orderId: number): void {
  const own = ownOrder(session, orderId);
  if (own === null) throw new TwsRefusal(ERRORS.cancelUnknown(orderId));
  const line = lineOf(own.account, own.order);
  const { head } = line;
  if (!isOpen(head.status)) throw new TwsRefusal(ERRORS.cancelTooLate(orderId, statusOf(line)));
  if (head.status === 'pending_cancel') throw new TwsRefusal(ERRORS.noCancelNow(line.permId));
  // New terms are on their way: the cancellation follows them.
  const arrives =
    head.status === 'pending_replace' || (head.replaces !== null && head.status === 'pending_new');
  if (arrives) return session.subscriptions.defer(orderId, () => cancelOwnOrder(session, orderId));
  try {
    cancelOrder(session.venue, head);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const now = lineOf(own.account, own.order);
    throw new TwsRefusal(
      isOpen(now.head.status) ? ERRORS.rejected(error.message) : ERRORS.cancelTooLate(orderId, statusOf(now)),
    );
  }
}

/** reqGlobalCancel: all that is open in the gateway's accounts, whoever placed it. */
export function cancelAllOrders(session: Session): void {
  for (const { account } of session.accounts()) cancelAll(session.venue, account);
}
