import { MINUTE_MS } from '../clock/new-york';
import { type Order, remainingQty } from '../orders/order';
import { isWorking } from '../orders/status';
import type { Venue } from '../venue/venue';
import { endOrder, fillOrder } from './fill-order';

const OPENING_WAIT_MS = MINUTE_MS;

/** An opg or cls order rests until its auction and trades there at the official price or not at all. */
export function stepAuction(venue: Venue, order: Order, auctionAt: number): void {
  const now = venue.clock.now();
  if (!isWorking(order.status)) {
    if (now >= auctionAt || venue.isTrading(order))
      venue.commit({ type: 'order_working', order_id: order.id });
    return;
  }
  if (now < auctionAt) return;
  const price = auctionPrice(venue, order, auctionAt);
  if (price === null) return;
  const limit = order.limitPrice;
  const meets = limit === null || (order.side === 'buy' ? price <= limit : price >= limit);
  if (meets) fillOrder(venue, order, { qty: remainingQty(order), price, complete: true });
  else endOrder(venue, order, 'order_canceled');
}

/** The first print of the session for an opening, the last one for a closing; null while there is none. */
function auctionPrice(venue: Venue, order: Order, auctionAt: number): bigint | null {
  if (order.timeInForce === 'cls') return venue.priceAt(order.symbol, auctionAt - 1);
  const span = { from: auctionAt, to: Math.min(venue.clock.now() + 1, auctionAt + OPENING_WAIT_MS) };
  for (const trade of venue.market.trades(order.symbol, span)) return BigInt(trade.price);
  return null;
}
