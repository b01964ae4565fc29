import { z } from 'zod';
import { findAsset } from '../assets/asset';
import { ONE_SHARE, parseMoney } from '../decimal/decimal';
import {
  ORDER_TYPES,
  type OrderClass,
  type OrderType,
  POSITION_INTENTS,
  type PositionIntent,
  type Side,
  SIDES,
  TIMES_IN_FORCE,
  type TimeInForce,
  type TwsFacts,
} from '../journal/records';
import { checkCryptoShape, checkOptionShape } from './asset-rules';
import { type LegRequest, readLegs, readNetPrice } from './options/read-legs';
import { checkClassShape, readClass } from './order-class';
import { decimal, oneOf, readLimit, readPositive, readQty, readStop } from './read-decimal';
import { badRequest, REFUSALS, unprocessable } from './refusals';

const text = z.string().nullish();
const takeProfit = z.looseObject({ limit_price: decimal }).nullish();
const stopLoss = z.looseObject({ stop_price: decimal, limit_price: decimal }).nullish();

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
  take_profit: takeProfit,
  stop_loss: stopLoss,
  legs: z.array(z.unknown()).nullish(),
});

/** The exit on the losing side: a stop, with a limit or without. */
export interface StopLoss {
  readonly stopPrice: bigint;
  readonly limitPrice: bigint | null;
}

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
  readonly trailPrice: bigint | null;
  /** Percent in micro-units. */
  readonly trailPercent: bigint | null;
  readonly extendedHours: boolean;
  readonly clientOrderId: string | null;
  readonly positionIntent: PositionIntent | null;
  readonly orderClass: OrderClass;
  /** Limit price of the winning exit. */
  readonly takeProfit: bigint | null;
  readonly stopLoss: StopLoss | null;
  /** Of a multi-leg order. */
  readonly legs: readonly LegRequest[];
  /** Of an order that came on the TWS wire. */
  readonly tws?: TwsFacts | undefined;
  /** The same of its exits. */
  readonly exitTws?: ExitFacts | undefined;
}

/** What the TWS wire says of the exits of an order. */
export interface ExitFacts {
  readonly takeProfit?: TwsFacts | undefined;
  readonly stopLoss?: TwsFacts | undefined;
}

/** A plain market day order; the parts that differ are spread over it. */
export const PLAIN_ORDER = {
  type: 'market',
  timeInForce: 'day',
  notional: null,
  limitPrice: null,
  stopPrice: null,
  trailPrice: null,
  trailPercent: null,
  extendedHours: false,
  clientOrderId: null,
  positionIntent: null,
  orderClass: '',
  takeProfit: null,
  stopLoss: null,
  legs: [],
} as const;

type Body = z.infer<typeof orderBody>;

/** Reads the body of POST /v2/orders. */
export function readOrderRequest(body: unknown): OrderRequest {
  const parsed = orderBody.safeParse(body);
  if (!parsed.success) throw REFUSALS.malformedBody();
  const sent = parsed.data;
  const orderClass = readClass(sent);
  if (orderClass === 'mleg') return readMultiLeg(sent);
  if (!sent.symbol) throw badRequest('symbol is required');
  const request: OrderRequest = {
    symbol: sent.symbol,
    side: oneOf(SIDES, sent.side, 'invalid side'),
    type: oneOf(ORDER_TYPES, sent.type, 'invalid order type'),
    timeInForce: oneOf(TIMES_IN_FORCE, sent.time_in_force, 'invalid time_in_force'),
    qty: readQty(sent.qty),
    notional: readPositive(sent.notional, 'notional', parseMoney, REFUSALS.notionalNotPositive),
    limitPrice: readLimit(sent.limit_price),
    stopPrice: readStop(sent.stop_price),
    ...readTrail(sent),
    extendedHours: sent.extended_hours ?? false,
    clientOrderId: readClientOrderId(sent.client_order_id),
    positionIntent: sent.position_intent
      ? oneOf(POSITION_INTENTS, sent.position_intent, 'invalid position_intent')
      : null,
    orderClass,
    takeProfit: readLimit(sent.take_profit?.limit_price, 'take_profit.limit_price'),
    stopLoss: readStopLoss(sent),
    legs: [],
  };
  // Alpaca docs: an OCO's own limit price may come as its take-profit.
  const settled =
    orderClass === 'oco' && request.limitPrice === null
      ? { ...request, limitPrice: request.takeProfit }
      : request;
  checkShape(settled);
  return settled;
}

function readMultiLeg(sent: Body): OrderRequest {
  const request: OrderRequest = {
    ...PLAIN_ORDER,
    symbol: '',
    side: 'buy',
    type: oneOf(ORDER_TYPES, sent.type, 'invalid order type'),
    timeInForce: oneOf(TIMES_IN_FORCE, sent.time_in_force, 'invalid time_in_force'),
    qty: readQty(sent.qty),
    notional: readPositive(sent.notional, 'notional', parseMoney, REFUSALS.notionalNotPositive),
    limitPrice: readNetPrice(sent.limit_price),
    stopPrice: readStop(sent.stop_price),
    extendedHours: sent.extended_hours ?? false,
    clientOrderId: readClientOrderId(sent.client_order_id),
    legs: readLegs(sent.legs ?? []),
  };
  checkMultiLegShape(request);
  return { ...request, orderClass: 'mleg' };
}

/** Rules of a multi-leg order that need nothing but the request. */
export function checkMultiLegShape(request: OrderRequest): void {
  if (request.qty === null && request.notional === null) throw REFUSALS.quantityMissing();
  checkOptionShape({ ...request, orderClass: '' });
  if (request.type === 'limit' && request.limitPrice === null) {
    throw unprocessable('limit price is required for limit orders');
  }
  checkPrices(request);
}

function readTrail(sent: Body): { trailPrice: bigint | null; trailPercent: bigint | null } {
  const below = (name: string) => (): Error => badRequest(`${name} must be > 0`);
  const trailPrice = readPositive(sent.trail_price, 'trail_price', parseMoney, below('trail_price'));
  const trailPercent = readPositive(sent.trail_percent, 'trail_percent', parseMoney, below('trail_percent'));
  return { trailPrice, trailPercent };
}

function readStopLoss(sent: Body): StopLoss | null {
  const stopPrice = readStop(sent.stop_loss?.stop_price, 'stop_loss.stop_price');
  if (stopPrice === null) return null;
  return { stopPrice, limitPrice: readLimit(sent.stop_loss?.limit_price, 'stop_loss.limit_price') };
}

/** Null when absent; at most 128 characters. */
export function readClientOrderId(sent: string | null | undefined): string | null {
  const id = sent || null;
  if ((id?.length ?? 0) > 128) throw REFUSALS.clientOrderIdLong();
  return id;
}

/** Rules that need nothing but the request. */
export function checkShape(request: OrderRequest): void {
  const { qty, notional, timeInForce } = request;
  if (qty === null && notional === null) throw REFUSALS.quantityMissing();
  if (qty !== null && notional !== null) throw REFUSALS.quantityTwice();
  checkPrices(request);
  const kind = findAsset(request.symbol)?.kind;
  if (kind === 'us_option') return checkOptionShape(request);
  if (kind === 'crypto') return checkCryptoShape(request);
  checkTime(request);
  checkClassShape(request);
  if (notional !== null && (request.type !== 'market' || timeInForce !== 'day')) {
    throw REFUSALS.notionalMarketDay();
  }
  const fractional = qty !== null && qty % ONE_SHARE !== 0n;
  if (fractional && timeInForce !== 'day') throw REFUSALS.fractionalDay();
  if (fractional && request.type === 'trailing_stop') throw REFUSALS.fractionalTrail();
}

function checkPrices({ type, limitPrice, stopPrice, trailPrice, trailPercent }: OrderRequest): void {
  if (type === 'limit' && limitPrice === null) throw REFUSALS.limitMissing();
  if (type === 'stop' && stopPrice === null) throw REFUSALS.stopMissing();
  if (type === 'stop_limit' && (limitPrice === null || stopPrice === null)) throw REFUSALS.stopLimitMissing();
  if (type === 'market' && (limitPrice !== null || stopPrice !== null)) throw REFUSALS.marketWithPrice();
  if (type === 'limit' && stopPrice !== null) throw badRequest('limit orders require no stop price');
  if (type === 'stop' && limitPrice !== null) throw badRequest('stop orders require no limit price');
  const trails = [trailPrice, trailPercent].filter((value) => value !== null).length;
  if (type !== 'trailing_stop') {
    if (trails > 0) throw badRequest('only trailing stop orders may have trail_price or trail_percent');
    return;
  }
  if (trails !== 1) throw REFUSALS.oneTrail();
  if (trailPercent !== null && trailPercent < 100_000n) throw badRequest('trail_percent must be >= 0.1');
  if (limitPrice !== null) throw badRequest('trailing stop orders require no limit price');
}

/** Alpaca docs: which type goes with which time in force, and what may trade outside the core session. */
function checkTime({ type, timeInForce, extendedHours, orderClass }: OrderRequest): void {
  const long = timeInForce === 'day' || timeInForce === 'gtc';
  if (!long && type !== 'market' && type !== 'limit') throw badRequest('invalid time_in_force');
  if (!extendedHours) return;
  if (type !== 'limit' || !long) throw REFUSALS.extendedHours();
  if (orderClass !== '') throw unprocessable('extended hours orders must be simple orders');
}
