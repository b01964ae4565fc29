import { divideRounded, formatMoney, formatQty } from '../decimal/decimal';
import { netPrice } from '../orders/options/check-multi-leg';
import { type Order, remainingQty } from '../orders/order';
import { seededId } from '../venue/ids';
import type { Venue } from '../venue/venue';
import type { Touch } from './paper-rule';

interface Part {
  readonly leg: Order;
  readonly side: Order['side'];
  readonly ratio: bigint;
  readonly touch: Touch;
}

const partsOf = (venue: Venue, order: Order): Part[] =>
  order.legs.map((leg) => ({ leg, side: leg.side, ratio: leg.ratio, touch: venue.touch(leg.symbol) }));

/** The legs of a multi-leg order trade all at once, at the best prices, or not at all. */
export function tradeTogether(venue: Venue, order: Order): void {
  const legs = partsOf(venue, order);
  const net = netPrice(legs);
  if (net === null || (order.limitPrice !== null && net > order.limitPrice)) return;
  fillLegs(venue, order, legs);
}

const CENT = 10_000n;

/** Lets a multi-leg order fill now, at its limit or better, though the market may be elsewhere. */
export function fillTogether(venue: Venue, order: Order): void {
  const legs = partsOf(venue, order);
  const net = netPrice(legs);
  if (net === null) return;
  const excess = order.limitPrice === null ? 0n : net - order.limitPrice;
  if (excess <= 0n) return fillLegs(venue, order, legs);
  // Somebody pays more for what is sold; where nothing is sold, all ask for less.
  const sold = legs.find(({ side }) => side === 'sell');
  const price = (part: Part, touch: Partial<Touch>): Part => ({
    ...part,
    touch: { ...part.touch, ...touch },
  });
  const moved = legs.map((part) => {
    const { bid, ask } = part.touch;
    if (sold === undefined) return price(part, { ask: ((ask * (net - excess)) / net / CENT) * CENT });
    const more = (divideRounded(excess, part.ratio * CENT) + 1n) * CENT;
    return part === sold ? price(part, { bid: bid + more }) : part;
  });
  fillLegs(venue, order, moved);
}

function fillLegs(venue: Venue, order: Order, legs: readonly Part[]): void {
  const net = netPrice(legs);
  if (net === null) return;
  const { executions } = venue.books;
  venue.commit({
    type: 'legs_filled',
    order_id: order.id,
    qty: formatQty(remainingQty(order)),
    price: formatMoney(net),
    executions: legs.map(({ leg, side, touch }, index) => ({
      order_id: leg.id,
      execution_id: seededId(venue.settings.seed, 'execution', executions + 1 + index),
      qty: formatQty(remainingQty(leg)),
      price: formatMoney(side === 'buy' ? touch.ask : touch.bid),
    })),
  });
}

/** Whether an order is a part of one that is traded as a whole. */
export const isPart = ({ parent }: Order): boolean => parent?.orderClass === 'mleg';
