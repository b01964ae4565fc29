import { z } from 'zod';
import { parseMoney, parseQty } from '../decimal/decimal';
import {
  ORDER_TYPES,
  type OrderType,
  POSITION_INTENTS,
  type PositionIntent,
  type Side,
  SIDES,
  TIMES_IN_FORCE,
  type TimeInForce,
} from '../journal/records';
import { badRequest, REFUSALS, unprocessable } from './refusals';

/** A decimal as clients send it: string or JSON number. */
const decimal = z.union([z.string(), z.number()]).nullish();
const text = z.string().nullish();

const orderBody = z.looseObject({
  symbol: text,
  side: text,
  type: text,
  time_in_force: text,
  qty: decimal,
  notional: decimal,
  limit_price: decimal,
  stop_price: decimal,
  trail_price: decimal,
  trail_percent: decimal,
  extended_hours: z.boolean().nullish(),
  client_order_id: text,
  order_class: text,
  position_intent: text,
});

/** An order as asked for, read but not yet judged. Nano-shares and micro-dollars. */
export interface OrderRequest {
  readonly symbol: string;
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly qty: bigint | null;
  readonly notional: bigint | null;
  readonly limitPrice: bigint | null;
  readonly stopPrice: bigint | null;
  readonly extendedHours: boolean;
  readonly clientOrderId: string | null;
  readonly positionIntent: PositionIntent | null;
}

type Decimal = string | number | null | undefined;

/** Reads a quantity; refuses what is no positive decimal of at most nine places. */
export function readQty(value: Decimal): bigint | null {
  return readPositive(value, 'qty', parseQty, REFUSALS.quantityNotPositive);
}

export const readLimit = (value: Decimal): bigint | null =>
  onTick('limit_price', readPositive(value, 'limit_price', parseMoney, REFUSALS.limitNotPositive), value);

export const readStop = (value: Decimal): bigint | null =>
  onTick('stop_price', readPositive(value, 'stop_price', parseMoney, REFUSALS.stopNotPositive), value);

function readPositive(
  value: Decimal,
  name: string,
  parse: (text: string) => bigint | null,
  notPositive: () => Error,
): bigint | null {
  if (value === null || value === undefined || value === '') return null;
  const parsed = parse(String(value));
  if (parsed === null) throw badRequest(`invalid ${name} ${String(value).slice(0, 40)}`);
  if (parsed <= 0n) throw notPositive();
  return parsed;
}

/** Alpaca docs: at $1 and above two decimals, below it four. */
function onTick(name: string, price: bigint | null, sent: Decimal): bigint | null {
  if (price === null) return null;
  const step = price >= 1_000_000n ? 10_000n : 100n;
  if (price % step === 0n) return price;
  const start = `invalid ${name} ${String(sent)}.`;
  throw unprocessable(`${start} sub-penny increment does not fulfill minimum pricing criteria`);
}

function oneOf<T extends string>(values: readonly T[], value: string | null | undefined, refusal: string): T {
  const found = values.find((candidate) => candidate === value);
  if (found === undefined) throw badRequest(refusal);
  return found;
}

const NOT_YET = new Set(['trailing_stop', 'opg', 'cls', 'bracket', 'oco', 'oto', 'mleg']);

/** What Alpaca has and this exchange has not is refused by name, not pretended. */
function refuseUnsupported(kind: string, value: string | null | undefined): void {
  if (value !== null && value !== undefined && NOT_YET.has(value)) {
    throw unprocessable(`${kind} ${value} is not supported by this exchange yet`);
  }
}

/** Reads the body of POST /v2/orders. */
export function readOrderRequest(body: unknown): OrderRequest {
  const parsed = orderBody.safeParse(body);
  if (!parsed.success) throw REFUSALS.malformedBody();
  const sent = parsed.data;
  refuseUnsupported('order class', sent.order_class);
  refuseUnsupported('order type', sent.type);
  refuseUnsupported('time_in_force', sent.time_in_force);
  if (!['', 'simple'].includes(sent.order_class ?? '')) throw badRequest('invalid order class');
  if (!sent.symbol) throw badRequest('symbol is required');
  const clientOrderId = sent.client_order_id || null;
  if ((clientOrderId?.length ?? 0) > 128) throw REFUSALS.clientOrderIdLong();
  const request: OrderRequest = {
    symbol: sent.symbol,
    side: oneOf(SIDES, sent.side, 'invalid side'),
    type: oneOf(ORDER_TYPES, sent.type, 'invalid order type'),
    timeInForce: oneOf(TIMES_IN_FORCE, sent.time_in_force, 'invalid time_in_force'),
    qty: readQty(sent.qty),
    notional: readPositive(sent.notional, 'notional', parseMoney, REFUSALS.notionalNotPositive),
    limitPrice: readLimit(sent.limit_price),
    stopPrice: readStop(sent.stop_price),
    extendedHours: sent.extended_hours ?? false,
    clientOrderId,
    positionIntent: sent.position_intent
      ? oneOf(POSITION_INTENTS, sent.position_intent, 'invalid position_intent')
      : null,
  };
  checkShape(request);
  return request;
}

/** Rules that need nothing but the request. */
export function checkShape(request: OrderRequest): void {
  const { type, qty, notional, limitPrice, stopPrice, timeInForce } = request;
  if (qty === null && notional === null) throw REFUSALS.quantityMissing();
  if (qty !== null && notional !== null) throw REFUSALS.quantityTwice();
  if (type === 'limit' && limitPrice === null) throw REFUSALS.limitMissing();
  if (type === 'stop' && stopPrice === null) throw REFUSALS.stopMissing();
  if (type === 'stop_limit' && (limitPrice === null || stopPrice === null)) throw REFUSALS.stopLimitMissing();
  if (type === 'market' && (limitPrice !== null || stopPrice !== null)) throw REFUSALS.marketWithPrice();
  if (type === 'limit' && stopPrice !== null) throw badRequest('limit orders require no stop price');
  if (type === 'stop' && limitPrice !== null) throw badRequest('stop orders require no limit price');
  const immediate = timeInForce === 'ioc' || timeInForce === 'fok';
  if (immediate && type !== 'market' && type !== 'limit') throw badRequest('invalid time_in_force');
  if (notional !== null && (type !== 'market' || timeInForce !== 'day')) throw REFUSALS.notionalMarketDay();
  if (qty !== null && qty % 1_000_000_000n !== 0n && timeInForce !== 'day') throw REFUSALS.fractionalDay();
  if (request.extendedHours && (type !== 'limit' || immediate)) throw REFUSALS.extendedHours();
}
