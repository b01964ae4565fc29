import { type Exact, exact, plain } from '@/domain/money';
import type { Quote } from '@/domain/market/quote';
import type { OrderTerms } from '@/domain/order/order-rules';

/** What an order would do, before it is sent; null where something needed is not known. Dollars. */
export type Estimate = {
  /** The price reckoned with: the limit, the trigger, or the side of the book a market order meets. */
  price: string | null;
  /** Shares; of an order in dollars those it would buy at the price. */
  qty: string | null;
  amount: string | null;
  buyingPowerAfter: string | null;
  positionAfter: string | null;
};

type Book = Pick<Quote, 'bid' | 'ask' | 'last'> | null;
type Facts = {
  terms: OrderTerms;
  quote: Book;
  buyingPower: string | null;
  /** Shares held now, negative when short. */
  held: string;
};

/** The price a market order of this side would meet now. */
export function marketPrice(side: OrderTerms['side'], quote: Book): string | null {
  if (quote === null) return null;
  return (side === 'buy' ? quote.ask : quote.bid) ?? quote.last;
}

/** Where a trailing stop would trigger if it were placed now, to the cent; null while not known. */
export function trailTrigger(terms: OrderTerms, quote: Book): string | null {
  const from = quote?.last ?? marketPrice(terms.side, quote);
  if (from === null) return null;
  const { trailPrice, trailPercent } = terms;
  if (trailPrice === undefined && trailPercent === undefined) return null;
  const distance = exact(
    trailPrice ??
      exact(from)
        .times(trailPercent ?? '0')
        .div(100)
        .toFixed(),
  );
  const trigger = terms.side === 'buy' ? exact(from).plus(distance) : exact(from).minus(distance);
  return trigger.lte(0) ? null : trigger.toFixed(2);
}

export function priceFor(terms: OrderTerms, quote: Book): string | null {
  if (terms.type === 'limit' || terms.type === 'stop_limit') return terms.limitPrice ?? null;
  if (terms.type === 'stop') return terms.stopPrice ?? null;
  return terms.type === 'trailing_stop' ? trailTrigger(terms, quote) : marketPrice(terms.side, quote);
}

function sharesOf({ qty, notional }: OrderTerms, price: string | null): Exact | null {
  if (qty !== undefined) return exact(qty);
  if (notional === undefined || price === null || exact(price).lte(0)) return null;
  return exact(notional).div(price).toDecimalPlaces(9, 1);
}

/**
 * What closes a position gives buying power back, what opens or adds to one takes it. A broker may hold
 * more for shorts and margin: its answer counts, this is what the numbers at hand say.
 */
export function estimate({ terms, quote, buyingPower, held }: Facts): Estimate {
  const price = priceFor(terms, quote);
  const qty = sharesOf(terms, price);
  if (qty === null) {
    return { price, qty: null, amount: null, buyingPowerAfter: null, positionAfter: null };
  }
  const signed = terms.side === 'buy' ? qty : qty.negated();
  const known = { price, qty: plain(qty), positionAfter: plain(exact(held).plus(signed)) };
  if (price === null) return { ...known, amount: null, buyingPowerAfter: null };
  const amount = exact(terms.notional ?? qty.times(price).toFixed());
  const isAgainst = exact(held).times(signed).lt(0);
  const closing = isAgainst ? exact(held).abs() : exact('0');
  const closed = closing.lt(qty) ? closing : qty;
  const opened = qty.minus(closed);
  // An order in dollars that opens costs its dollars, whatever the rounding of its shares.
  const moved = closed.isZero() ? amount.negated() : closed.minus(opened).times(price);
  const after = buyingPower === null ? null : plain(exact(buyingPower).plus(moved));
  return { ...known, amount: plain(amount), buyingPowerAfter: after };
}
