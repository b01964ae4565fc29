import { ONE_SHARE } from '../decimal/decimal';
import type { OrderRequest } from './order-request';
import { badRequest, unprocessable } from './refusals';

/** What an option order may be, from the request alone (Alpaca docs: options trading overview). */
export function checkOptionShape(request: OrderRequest): void {
  const { type, timeInForce, qty, notional, extendedHours, orderClass } = request;
  const words = 'for options trading';
  if (type !== 'market' && type !== 'limit') throw unprocessable(`invalid order type ${words}`);
  if (timeInForce !== 'day') throw unprocessable(`order_time_in_force provided not supported ${words}`);
  if (notional !== null) throw unprocessable(`notional orders are not supported ${words}`);
  if ((qty ?? 0n) % ONE_SHARE !== 0n) throw unprocessable(`qty must be integer ${words}`);
  if (extendedHours) throw unprocessable(`extended hours is not supported ${words}`);
  if (orderClass !== '') throw unprocessable(`complex orders not supported ${words}`);
}

/** What a crypto order may be, from the request alone (Alpaca docs: crypto orders). */
export function checkCryptoShape(request: OrderRequest): void {
  const { type, timeInForce, notional, extendedHours, orderClass } = request;
  if (type !== 'market' && type !== 'limit' && type !== 'stop_limit') {
    throw badRequest('invalid order type for crypto order');
  }
  if (timeInForce !== 'gtc' && timeInForce !== 'ioc') throw badRequest('invalid crypto time_in_force');
  if (orderClass !== '') {
    throw unprocessable(`crypto orders not allowed for advanced order_class: ${orderClass}`);
  }
  if (notional !== null && type !== 'market') throw unprocessable('notional orders must be market orders');
  if (extendedHours) throw unprocessable('extended hours is not supported for crypto orders');
}
