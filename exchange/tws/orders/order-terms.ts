import { type OrderRequest, PLAIN_ORDER } from '../../orders/order-request';
import type { Session } from '../session';
import { ERRORS } from '../wire/errors';
import type { PlacedOrder } from './read-order';

/** The order in the exchange's terms. */
export function requestOf(session: Session, placed: PlacedOrder, symbol: string): OrderRequest {
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
