import { isOpen } from '../../orders/status';
import type { Session } from '../session';
import { ANSWERS } from '../wire/message-ids';
import { dayBegan } from '../wire/times';
import { endedAt } from './order-fields';
import { isShown, lineOf, openLines, type OrderLine } from './order-line';
import { completedOrderMessages, openOrderMessages } from './order-messages';

/** reqOpenOrders: what this client placed; reqAllOpenOrders: what anybody did, on any wire. */
export function answerOpenOrders(session: Session, whose: 'own' | 'all'): void {
  for (const { account } of session.accounts()) {
    for (const line of openLines(session.venue, account)) {
      if (whose === 'own' && line.clientId !== session.clientId) continue;
      for (const message of openOrderMessages(account, line)) session.send(message);
    }
  }
  session.send([ANSWERS.openOrderEnd, 1]);
}

/** reqCompletedOrders: what ended on the trading day of now. `apiOnly` leaves out what was not placed on this wire. */
export function answerCompletedOrders(session: Session, apiOnly: boolean): void {
  const since = dayBegan(session.venue.clock.now());
  for (const { account } of session.accounts()) {
    const lines = new Map<number, OrderLine>();
    const orders = [...account.orders.values()].filter((order) => order.updatedAt >= since);
    for (const order of orders) {
      if (!isShown(order) || isOpen(order.status) || order.status === 'replaced') continue;
      if (apiOnly && order.tws === null) continue;
      const line = lineOf(account, order);
      if (!isOpen(line.head.status) && endedAt(line) >= since) lines.set(line.permId, line);
    }
    for (const line of lines.values()) {
      for (const message of completedOrderMessages(account, line)) session.send(message);
    }
  }
  session.send([ANSWERS.completedOrdersEnd]);
}
