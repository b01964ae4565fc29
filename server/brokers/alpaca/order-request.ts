import type { trading } from '@alpacahq/alpaca-trade-api';
import type { VenueOrderRequest } from '@/server/brokers/ports';

type Given<Fields> = { [Name in keyof Fields]?: Exclude<Fields[Name], null> };

/** The fields that say something: what is null is left out of the request. */
export function given<Fields extends object>(fields: Fields): Given<Fields> {
  const said: Given<Fields> = {};
  for (const name in fields) {
    const value = fields[name];
    if (isSaid(value)) said[name] = value;
  }
  return said;
}

function isSaid<Value>(value: Value): value is Exclude<Value, null> {
  return value !== null;
}

export function orderRequest(order: VenueOrderRequest): trading.PostOrderRequest {
  // A multi-leg order has neither symbol nor side at the venue.
  const what = order.legs === null ? { symbol: order.symbol, side: order.side } : { legs: order.legs };
  return {
    ...what,
    type: order.type,
    timeInForce: order.timeInForce,
    clientOrderId: order.clientOrderId,
    ...given({
      positionIntent: order.positionIntent,
      qty: order.qty,
      notional: order.notional,
      limitPrice: order.limitPrice,
      stopPrice: order.stopPrice,
      trailPrice: order.trailPrice,
      trailPercent: order.trailPercent,
      takeProfit: order.takeProfit,
      stopLoss: order.stopLoss,
    }),
    ...(order.extendedHours ? { extendedHours: true } : {}),
    ...(order.orderClass === 'simple' ? {} : { orderClass: order.orderClass }),
  };
}
