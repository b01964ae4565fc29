import { divideRounded, ONE_DOLLAR } from '../decimal/decimal';
import { tickOf } from '../market/ticks';
import type { OrderRequest } from './order-request';

/**
 * Alpaca docs: a buy stop becomes a stop limit, its limit 4 % above a stop below $50 and 2.5 % above
 * any other. Sell stops stay what they are.
 */
export function cappedStop(request: OrderRequest): OrderRequest {
  if (request.type !== 'stop' || request.side !== 'buy' || request.stopPrice === null) return request;
  return { ...request, type: 'stop_limit', limitPrice: capOf(request.stopPrice) };
}

/** The highest price that a buy stop at this price pays, on the tick. */
export function capOf(stopPrice: bigint): bigint {
  const permille = stopPrice < 50n * ONE_DOLLAR ? 1040n : 1025n;
  const tick = BigInt(tickOf(Number(stopPrice)));
  return divideRounded((stopPrice * permille) / 1000n, tick) * tick;
}
