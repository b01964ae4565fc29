import type { Account } from '../../ledger/account';
import type { Order } from '../../orders/order';
import { twsKey } from '../../venue/books';
import type { Session, ShownAccount } from '../session';
import { ERRORS, TwsRefusal } from '../wire/errors';

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
