import { sessionUntil } from '../clock/calendar';
import { DAY_MS, MINUTE_MS, newYorkDay } from '../clock/new-york';
import type { OrderRequest } from '../orders/order-request';
import { contractNamed } from './prices';
import type { Venue } from './venue';

const GTC_DAYS = 90;
/** Alpaca docs: what is left of aged gtc orders is canceled at 16:15, a quarter past the close. */
export const GTC_GRACE_MS = 15 * MINUTE_MS;
/** An auction order that found no print this long after its auction will find none. */
const AUCTION_WAIT_MS = 5 * MINUTE_MS;

/** When an order entered now ends by itself, epoch milliseconds: always a close. */
export function orderExpiry(venue: Venue, request: OrderRequest, auctionAt: number | null): number {
  if (auctionAt !== null) return auctionAt + AUCTION_WAIT_MS;
  const contract = contractNamed(venue.market, request.symbol);
  if (contract !== undefined) return Math.min(venue.dayEnd(false), contract.expiresAt);
  if (request.timeInForce !== 'gtc') return venue.dayEnd(request.extendedHours);
  return sessionUntil(newYorkDay(venue.clock.now() + GTC_DAYS * DAY_MS)).close;
}
