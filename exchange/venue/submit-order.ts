import { randomUUID } from 'node:crypto';
import { formatMoney, formatQty } from '../decimal/decimal';
import type { Account } from '../ledger/account';
import { reservedBy, worthOf } from '../ledger/valuation';
import { findInstrument } from '../market/instruments';
import { checkOrder } from '../orders/check-order';
import type { Order } from '../orders/order';
import type { OrderRequest } from '../orders/order-request';
import { REFUSALS, unprocessable } from '../orders/refusals';
import { sessionUntil } from '../clock/calendar';
import { DAY_MS, newYorkDay } from '../clock/new-york';
import { seededId } from './ids';
import type { Venue } from './venue';

const GTC_DAYS = 90;

/** Accepts an order or throws the venue's refusal. The order trades on a later pulse, never at once. */
export function submitOrder(
  venue: Venue,
  account: Account,
  request: OrderRequest,
  replacing: Order | null = null,
): Order {
  const instrument = findInstrument(request.symbol);
  if (instrument === undefined) throw unprocessable(`asset "${request.symbol}" not found`);
  const clientOrderId = request.clientOrderId ?? randomUUID();
  if (account.byClientOrderId.has(clientOrderId)) throw REFUSALS.clientOrderIdTaken();
  const { intent, reservePrice } = checkOrder(request, {
    account,
    instrument,
    touch: venue.touch(instrument.symbol),
    worth: worthOf(account, venue.priceAt, venue.clock.now()),
    replacing,
    released: replacing === null ? 0n : reservedBy(replacing),
  });
  const id = seededId(venue.settings.seed, 'order', venue.books.lastSeq + 1);
  venue.commit({
    type: 'order_accepted',
    order: {
      id,
      account_id: account.id,
      client_order_id: clientOrderId,
      symbol: instrument.symbol,
      side: request.side,
      type: request.type,
      time_in_force: request.timeInForce,
      qty: request.qty === null ? null : formatQty(request.qty),
      notional: request.notional === null ? null : formatMoney(request.notional),
      limit_price: request.limitPrice === null ? null : formatMoney(request.limitPrice),
      stop_price: request.stopPrice === null ? null : formatMoney(request.stopPrice),
      extended_hours: request.extendedHours,
      position_intent: intent,
      reserve_price: formatMoney(reservePrice),
      expires_at: expiryOf(venue, request),
      replaces: replacing?.id ?? null,
      queued: !venue.isTrading(request.extendedHours),
    },
  });
  const order = venue.books.orders.get(id);
  if (order === undefined) throw new Error('the order just accepted is not there');
  return order;
}

/** Alpaca docs: gtc orders end 90 days after they were made, at the close of a trading day. */
function expiryOf(venue: Venue, request: OrderRequest): number {
  if (request.timeInForce !== 'gtc') return venue.dayEnd(request.extendedHours);
  return sessionUntil(newYorkDay(venue.clock.now() + GTC_DAYS * DAY_MS)).close;
}
