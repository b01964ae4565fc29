import { exact } from '@/domain/money';
import type { Quote } from '@/domain/market/quote';
import type { OrderTerms } from '@/domain/order/order-rules';
import { marketPrice } from './estimate';

/**
 * Which way a stop price lies wrong: a buy stop waits above the market and a sell stop below it; on the
 * other side it would trigger at once or be refused. Null when it lies right or a price is not known.
 */
export function stopDoubt(
  terms: OrderTerms,
  quote: Pick<Quote, 'bid' | 'ask' | 'last'> | null,
): 'below' | 'above' | null {
  const market = quote?.last ?? marketPrice(terms.side, quote);
  if (market === null || terms.stopPrice === undefined) return null;
  if (terms.side === 'buy') return exact(terms.stopPrice).lte(market) ? 'below' : null;
  return exact(terms.stopPrice).gte(market) ? 'above' : null;
}
