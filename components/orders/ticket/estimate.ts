import { exact, plain } from '@/domain/money';
import type { Quote } from '@/domain/market/quote';
import { type TicketDraft, typedDecimal } from './draft';

/** What an order would do, before it is sent; null where something needed is not known. Dollars. */
export type Estimate = {
  /** The price reckoned with: the limit, or the side of the book a market order meets. */
  price: string | null;
  amount: string | null;
  buyingPowerAfter: string | null;
  positionAfter: string | null;
};

type Facts = {
  draft: TicketDraft;
  quote: Pick<Quote, 'bid' | 'ask' | 'last'> | null;
  buyingPower: string | null;
  /** Shares held now, negative when short. */
  held: string;
};

export function priceFor(draft: TicketDraft, quote: Facts['quote']): string | null {
  if (draft.type === 'limit') return typedDecimal(draft.limitPrice);
  if (quote === null) return null;
  return (draft.side === 'buy' ? quote.ask : quote.bid) ?? quote.last;
}

/**
 * What closes a position gives buying power back, what opens or adds to one takes it. A broker may hold
 * more for shorts and margin: its answer counts, this is what the numbers at hand say.
 */
export function estimate({ draft, quote, buyingPower, held }: Facts): Estimate {
  const price = priceFor(draft, quote);
  const qty = typedDecimal(draft.qty);
  if (qty === null) return { price, amount: null, buyingPowerAfter: null, positionAfter: null };
  const signed = draft.side === 'buy' ? exact(qty) : exact(qty).negated();
  const positionAfter = plain(exact(held).plus(signed));
  if (price === null) return { price, amount: null, buyingPowerAfter: null, positionAfter };
  const isAgainst = exact(held).times(signed).lt(0);
  const closing = isAgainst ? exact(held).abs() : exact('0');
  const closed = closing.lt(qty) ? closing : exact(qty);
  const opened = exact(qty).minus(closed);
  const after =
    buyingPower === null ? null : plain(exact(buyingPower).plus(closed.minus(opened).times(price)));
  return { price, amount: plain(exact(price).times(qty)), buyingPowerAfter: after, positionAfter };
}
