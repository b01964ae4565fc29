import { Refusal, REFUSALS } from '../../orders/refusals';
import { isOpen } from '../../orders/status';
import { cancelAll, cancelOrder } from '../../venue/change-order';
import type { Session } from '../session';
import { ERRORS, TwsRefusal } from '../wire/errors';
import { lineOf, statusOf } from '../reports/order-line';
import { dropDraft } from './attached';
import { ownOrder } from './own-order';

/** cancelOrder: only the client that placed an order may cancel it by its number. Throws a `TwsRefusal`. */
export function cancelOwnOrder(session: Session, orderId: number): void {
  if (dropDraft(session, orderId)) return session.error(orderId, ERRORS.cancelled);
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
    if (session.venue.faults.isDiskFull({ account: own.account.keyId })) throw REFUSALS.journalFull();
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
  const { faults } = session.venue;
  for (const { account } of session.accounts()) {
    if (!faults.isDiskFull({ account: account.keyId })) cancelAll(session.venue, account);
  }
}
