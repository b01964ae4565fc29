import { formatMoney, formatQty } from '../decimal/decimal';
import { netPrice } from '../orders/options/check-multi-leg';
import { type Order, remainingQty } from '../orders/order';
import { seededId } from '../venue/ids';
import type { Venue } from '../venue/venue';

/** The legs of a multi-leg order trade all at once, at the best prices, or not at all. */
export function tradeTogether(venue: Venue, order: Order): void {
  const legs = order.legs.map((leg) => ({
    leg,
    side: leg.side,
    ratio: leg.ratio,
    touch: venue.touch(leg.symbol),
  }));
  const net = netPrice(legs);
  if (net === null || (order.limitPrice !== null && net > order.limitPrice)) return;
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
