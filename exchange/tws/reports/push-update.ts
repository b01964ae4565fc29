import { nextOpen } from '../../clock/venue-clock';
import { formatQty } from '../../decimal/decimal';
import type { Addressed } from '../../venue/trade-updates';
import { executionMessages } from './executions';
import { isShown, lineOf, type OrderLine, statusOf } from './order-line';
import { openOrderMessages } from './order-messages';
import { statusFields } from './order-fields';
import type { Session } from '../session';
import { ERRORS } from '../wire/errors';
import { stamp } from '../wire/times';

/** Tells a client what has happened to an order. Of an execution first the execution, then what it made of the order. */
export function pushUpdate(session: Session, sent: Addressed): void {
  const { account, order, update } = sent;
  if (!isShown(order)) return;
  const line = lineOf(account, order);
  const status = (last = 0n): void => {
    for (const message of openOrderMessages(account, line, last)) session.send(message);
  };
  switch (String(update['event'])) {
    case 'fill':
    case 'partial_fill':
      return pushExecution(session, sent, status);
    case 'canceled':
    case 'expired':
      session.error(line.orderId, ERRORS.cancelled);
      return session.send(statusFields(line));
    case 'rejected':
      return pushRejection(session, line, order.id);
    case 'order_cancel_rejected':
      return session.error(line.orderId, ERRORS.cancelTooLate(line.orderId, statusOf(line)));
    case 'pending_cancel':
      return session.send(statusFields(line));
    case 'pending_replace':
    case 'order_replace_rejected':
      // What comes of it is told.
      return;
    case 'accepted':
      if (order.replaces !== null) return;
      status();
      if (order.auctionAt === null) warnOfOpening(session, line);
      return;
    case 'pending_new':
      // New terms are told when they are in force.
      if (order.replaces === null) status();
      return;
    default:
      status();
  }
}

function pushExecution(
  session: Session,
  { account, update }: Addressed,
  status: (last: bigint) => void,
): void {
  const fill = account.fills.findLast(({ executionId }) => executionId === update['execution_id']);
  const messages = fill === undefined ? null : executionMessages(account, fill, -1);
  if (fill === undefined || messages === null) return;
  session.send(messages.details);
  status(fill.price);
  session.send(messages.commission);
}

/** A refused change leaves the order as it was; a refused order has ended. */
function pushRejection(session: Session, line: OrderLine, orderId: string): void {
  session.error(line.orderId, ERRORS.rejected('Rejected by the exchange.'));
  if (line.head.id === orderId) session.send(statusFields(line));
}

/** An order that came while the market is closed waits for it, and IB says so. */
function warnOfOpening(session: Session, { head, orderId }: OrderLine): void {
  const side = head.side === 'buy' ? 'BUY' : 'SELL';
  const opening = stamp(nextOpen(session.venue.clock.now()));
  const day = `${opening.slice(0, 4)}-${opening.slice(4, 6)}-${opening.slice(6)}`;
  session.error(orderId, ERRORS.waitsForOpening(`${side} ${formatQty(head.qty ?? 0n)} ${head.symbol}`, day));
}
