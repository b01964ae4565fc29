import { formatMoney, ONE_SHARE } from '../decimal/decimal';
import { ORDER_CLASSES, type OrderClass, type PositionIntent } from '../journal/records';
import type { Touch } from '../matching/paper-rule';
import type { Order } from './order';
import type { OrderRequest } from './order-request';
import { badRequest, unprocessable } from './refusals';
import { isOpen } from './status';

const CENT = 10_000n;

/** Reads `order_class`; what Alpaca has and this exchange has not is refused by name, not pretended. */
export function readClass(sent: {
  order_class?: string | null | undefined;
  symbol?: string | null | undefined;
  take_profit?: object | null | undefined;
  stop_loss?: object | null | undefined;
}): OrderClass {
  const asked = sent.order_class ?? '';
  if (asked === 'mleg' && sent.symbol) throw badRequest('symbol is not allowed for mleg order');
  const found = ORDER_CLASSES.find((value) => value === (asked === 'simple' ? '' : asked));
  if (found === undefined) throw badRequest('invalid order class');
  if (found === '' && (sent.take_profit || sent.stop_loss)) {
    throw badRequest('simple orders must not have take_profit or stop_loss');
  }
  return found;
}

/** Rules of brackets, OCO and OTO that need nothing but the request (Alpaca docs: Placing orders). */
export function checkClassShape(request: OrderRequest): void {
  const { orderClass, type, timeInForce, qty, takeProfit, stopLoss } = request;
  if (orderClass === '') return;
  if (qty === null || qty % ONE_SHARE !== 0n) throw unprocessable('fractional orders must be simple orders');
  if (timeInForce !== 'day' && timeInForce !== 'gtc') {
    throw badRequest(`${orderClass} orders must be DAY or GTC orders`);
  }
  if (orderClass === 'oco') {
    if (type !== 'limit') throw badRequest('oco orders must be limit orders');
    if (stopLoss === null) throw badRequest('oco orders require stop_loss.stop_price');
  } else if (type !== 'market' && type !== 'limit') {
    throw badRequest(`${orderClass} orders must be market or limit orders`);
  }
  if (orderClass === 'bracket') {
    if (takeProfit === null) throw badRequest('bracket orders require take_profit.limit_price');
    if (stopLoss === null) throw badRequest('bracket orders require stop_loss.stop_price');
  }
  if (orderClass === 'oto' && (takeProfit === null) === (stopLoss === null)) {
    throw badRequest('oto orders require one of take_profit or stop_loss');
  }
  checkOrderOfExits(request);
}

/** The profit must lie beyond the stop, seen from the side of the entry. */
function checkOrderOfExits({ side, orderClass, takeProfit, stopLoss, limitPrice }: OrderRequest): void {
  const profit = orderClass === 'oco' ? limitPrice : takeProfit;
  if (stopLoss === null || profit === null) return;
  const exitsLong = (side === 'buy') === (orderClass !== 'oco');
  const stop = stopLoss.stopPrice;
  if (exitsLong ? profit <= stop : profit >= stop) {
    throw unprocessable(`take_profit.limit_price must be ${exitsLong ? '>' : '<'} stop_loss.stop_price`);
  }
  const limit = stopLoss.limitPrice;
  if (limit === null || (exitsLong ? limit <= stop : limit >= stop)) return;
  throw unprocessable(`stop_loss.limit_price must be ${exitsLong ? '<=' : '>='} stop_loss.stop_price`);
}

/** Rules of brackets, OCO and OTO against position and market. */
export function checkClass(request: OrderRequest, intent: PositionIntent, touch: Touch): void {
  const { orderClass, side } = request;
  if (orderClass === '') return;
  const opens = intent.endsWith('_to_open');
  if (orderClass === 'oco' && opens) throw unprocessable('oco orders must be exit orders');
  if (orderClass !== 'oco' && !opens) throw unprocessable(`${orderClass} orders must be entry orders`);
  const exitsLong = (side === 'buy') === opens;
  const base = request.limitPrice ?? touch.last;
  if (orderClass !== 'oco') checkProfit(request.takeProfit, base, exitsLong);
  if (request.stopLoss === null) return;
  const { stopPrice } = request.stopLoss;
  checkStop(stopPrice, base, exitsLong);
  checkStop(stopPrice, touch.last, exitsLong);
}

function checkProfit(price: bigint | null, base: bigint, exitsLong: boolean): void {
  if (price === null || (exitsLong ? price >= base + CENT : price <= base - CENT)) return;
  throw farFromBase(
    'take_profit.limit_price',
    base,
    exitsLong ? '>= base_price + 0.01' : '<= base_price - 0.01',
  );
}

function checkStop(price: bigint, base: bigint, exitsLong: boolean): void {
  if (exitsLong ? price <= base - CENT : price >= base + CENT) return;
  throw farFromBase(
    'stop_loss.stop_price',
    base,
    exitsLong ? '<= base_price - 0.01' : '>= base_price + 0.01',
  );
}

const farFromBase = (name: string, base: bigint, rule: string): Error =>
  unprocessable(`${name} must be ${rule}`, { base_price: formatMoney(base) });

/** A leg's new prices against its sibling's: the profit stays beyond the stop. */
export function checkLegPrices(leg: Order, request: OrderRequest): void {
  const { parent } = leg;
  const sibling =
    parent?.orderClass === 'oco'
      ? parent
      : parent?.legs.find((other) => other !== leg && isOpen(other.status));
  if (sibling === undefined || sibling === null) return;
  const [profit, stop] =
    request.stopPrice === null
      ? [request.limitPrice, sibling.stopPrice]
      : [sibling.limitPrice, request.stopPrice];
  if (profit === null || stop === null) return;
  const exitsLong = leg.side === 'sell';
  if (exitsLong ? profit > stop : profit < stop) return;
  throw unprocessable(`take_profit.limit_price must be ${exitsLong ? '>' : '<'} stop_loss.stop_price`);
}
