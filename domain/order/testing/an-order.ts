import type { Order } from '../order';

/** A working market order of the tests, made of `over` where it matters. */
export function anOrder(id: string, over: Partial<Order> = {}): Order {
  const at = '2026-11-20T15:00:00.000Z';
  return {
    id,
    accountId: 'a',
    clientOrderId: id,
    venueOrderId: `v${id}`,
    symbol: 'AAPL',
    side: 'buy',
    positionIntent: null,
    type: 'market',
    timeInForce: 'day',
    qty: '1',
    notional: null,
    limitPrice: null,
    stopPrice: null,
    trailPrice: null,
    trailPercent: null,
    extendedHours: false,
    orderClass: 'simple',
    legs: null,
    parentId: null,
    replacesId: null,
    filledQty: '0',
    filledAvgPrice: null,
    status: 'new',
    reason: null,
    createdAt: at,
    submittedAt: null,
    updatedAt: at,
    closedAt: null,
    ...over,
  };
}
