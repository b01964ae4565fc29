import { formatMoney } from '../decimal/decimal';
import type { JournalledOrder, TwsFacts } from '../journal/records';
import { capOf } from '../orders/capped-stop';
import type { OrderRequest, StopLoss } from '../orders/order-request';
import { seededId } from './ids';
import type { Venue } from './venue';

/** The held legs of a bracket, OCO or OTO: the winning exit first, then the losing one. */
export function legsOf(venue: Venue, parent: JournalledOrder, request: OrderRequest): JournalledOrder[] {
  if (request.orderClass === '' || request.orderClass === 'mleg') return [];
  const entry = request.orderClass !== 'oco';
  const side = (parent.side === 'buy') === entry ? 'sell' : 'buy';
  const base = {
    ...parent,
    side,
    limit_price: null,
    stop_price: null,
    position_intent: side === 'sell' ? 'sell_to_close' : 'buy_to_close',
    reserve_price: '0',
    replaces: null,
    parent_id: parent.id,
    held: true,
    // Each has its own.
    tws: undefined,
  } as const;
  const legs: JournalledOrder[] = [];
  const add = (terms: Pick<JournalledOrder, 'type' | 'limit_price' | 'stop_price'>, tws?: TwsFacts): void => {
    const { seed } = venue.settings;
    const name = `${parent.id}/leg`;
    const number = legs.length + 1;
    const clientOrderId = seededId(seed, `${name}/client order`, number);
    const own = { id: seededId(seed, name, number), client_order_id: clientOrderId };
    legs.push({ ...base, ...terms, ...own, ...(tws === undefined ? {} : { tws }) });
  };
  if (entry && request.takeProfit !== null) {
    add(
      { type: 'limit', limit_price: formatMoney(request.takeProfit), stop_price: null },
      request.exitTws?.takeProfit,
    );
  }
  if (request.stopLoss !== null) {
    const tws = request.exitTws?.stopLoss;
    // At IB a stop is at the market once it is reached.
    add(stopTerms(request.stopLoss, tws === undefined ? side : 'sell'), tws);
  }
  return legs;
}

function stopTerms(
  { stopPrice, limitPrice }: StopLoss,
  side: 'buy' | 'sell',
): Pick<JournalledOrder, 'type' | 'limit_price' | 'stop_price'> {
  const limit = limitPrice ?? (side === 'buy' ? capOf(stopPrice) : null);
  return {
    type: limit === null ? 'stop' : 'stop_limit',
    limit_price: limit === null ? null : formatMoney(limit),
    stop_price: formatMoney(stopPrice),
  };
}
