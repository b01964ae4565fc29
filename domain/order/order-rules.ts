import type { FieldError } from '../errors';
import { classOf } from '../market/symbols';
import { decimals, exact } from '../money';
import { notionalFault, priceFault, qtyFault } from './amount-rules';
import { multiLegFaults } from './multi-leg-rules';
import { contractFaults, intentFault } from './option-rules';
import type { OrderClass, OrderLeg, OrderSide, OrderType, PositionIntent, TimeInForce } from './order';

/** An order as a trader words it, before anything is known of account or market. */
export type OrderTerms = {
  /** Empty for a multi-leg order, and absent while nobody has chosen one. */
  symbol?: string | undefined;
  side: OrderSide;
  positionIntent?: PositionIntent | undefined;
  legs?: readonly OrderLeg[] | undefined;
  type: OrderType;
  timeInForce: TimeInForce;
  orderClass: OrderClass;
  extendedHours: boolean;
  qty?: string | undefined;
  notional?: string | undefined;
  limitPrice?: string | undefined;
  stopPrice?: string | undefined;
  trailPrice?: string | undefined;
  trailPercent?: string | undefined;
  takeProfit?: { limitPrice: string } | undefined;
  stopLoss?: { stopPrice: string; limitPrice?: string | undefined } | undefined;
};

type Price = 'limitPrice' | 'stopPrice' | 'trailPrice' | 'trailPercent';
type Rule = (order: OrderTerms) => FieldError[];

const one = (field: string, message: string | null): FieldError[] =>
  message === null ? [] : [{ field, message }];

/** Which prices each type takes (Alpaca docs, orders at Alpaca). */
const PRICES: Record<OrderType, { needs: readonly Price[]; takes: readonly Price[] }> = {
  market: { needs: [], takes: [] },
  limit: { needs: ['limitPrice'], takes: ['limitPrice'] },
  stop: { needs: ['stopPrice'], takes: ['stopPrice'] },
  stop_limit: { needs: ['stopPrice', 'limitPrice'], takes: ['stopPrice', 'limitPrice'] },
  trailing_stop: { needs: [], takes: ['trailPrice', 'trailPercent'] },
};

/** Which times in force each type knows for whole shares (Alpaca docs). */
const TIMES: Record<OrderType, readonly TimeInForce[]> = {
  market: ['day', 'gtc', 'ioc', 'fok', 'opg', 'cls'],
  limit: ['day', 'gtc', 'ioc', 'fok', 'opg', 'cls'],
  stop: ['day', 'gtc'],
  stop_limit: ['day', 'gtc'],
  trailing_stop: ['day', 'gtc'],
};

const words = (value: string) => value.replaceAll('_', ' ');

const amount: Rule = ({ qty, notional, type, timeInForce }) => {
  if (qty === undefined && notional === undefined) return one('qty', 'is required (or notional)');
  if (qty !== undefined && notional !== undefined) return one('qty', 'and notional exclude each other');
  if (qty !== undefined) return one('qty', qtyFault(qty));
  if (notional === undefined) return [];
  const misplaced = type === 'market' && timeInForce === 'day' ? null : 'belongs to market day orders only';
  return one('notional', notionalFault(notional) ?? misplaced);
};

const prices: Rule = (order) => {
  const { needs, takes } = PRICES[order.type];
  const names: Price[] = ['limitPrice', 'stopPrice', 'trailPrice', 'trailPercent'];
  return names.flatMap((name) => {
    const value = order[name];
    if (value === undefined)
      return needs.includes(name) ? one(name, `is required for a ${words(order.type)} order`) : [];
    if (!takes.includes(name)) return one(name, `does not belong to a ${words(order.type)} order`);
    return one(name, name === 'trailPercent' ? trailPercentFault(value) : priceFault(value));
  });
};

function trailPercentFault(percent: string): string | null {
  if (exact(percent).lt('0.1')) return 'must be at least 0.1';
  return exact(percent).gte(100) ? 'must be below 100' : null;
}

const trail: Rule = ({ type, trailPrice, trailPercent }) => {
  if (type !== 'trailing_stop') return [];
  return (trailPrice === undefined) === (trailPercent === undefined)
    ? one('trailPrice', 'or trailPercent is required, one of them')
    : [];
};

const time: Rule = ({ type, timeInForce, qty, extendedHours }) => {
  if (!TIMES[type].includes(timeInForce)) {
    return one('timeInForce', `of a ${words(type)} order must be ${TIMES[type].join(' or ')}`);
  }
  if (qty !== undefined && decimals(qty) > 0 && timeInForce !== 'day') {
    return one('timeInForce', 'must be day for a fraction of a share');
  }
  const isExtendable = type === 'limit' && (timeInForce === 'day' || timeInForce === 'gtc');
  return extendedHours && !isExtendable ? one('extendedHours', 'is for limit orders, day or gtc, only') : [];
};

const exits: Rule = ({ takeProfit, stopLoss }) => [
  ...(takeProfit === undefined ? [] : one('takeProfit.limitPrice', priceFault(takeProfit.limitPrice))),
  ...(stopLoss === undefined ? [] : one('stopLoss.stopPrice', priceFault(stopLoss.stopPrice))),
  ...(stopLoss?.limitPrice === undefined ? [] : one('stopLoss.limitPrice', priceFault(stopLoss.limitPrice))),
];

/** How many exits each class has (Alpaca docs, advanced orders): an OCO only exits, the others enter first. */
const EXITS: Record<OrderClass, { count: number; message: string }> = {
  simple: { count: 0, message: 'must be bracket, oco or oto for an order with exits' },
  bracket: { count: 2, message: 'bracket needs takeProfit and stopLoss' },
  oco: { count: 2, message: 'oco needs takeProfit and stopLoss' },
  oto: { count: 1, message: 'oto needs one of takeProfit and stopLoss' },
  mleg: { count: 0, message: 'must be bracket, oco or oto for an order with exits' },
};

const orderClass: Rule = (order) => {
  const { count, message } = EXITS[order.orderClass];
  const given = [order.takeProfit, order.stopLoss].filter((exit) => exit !== undefined).length;
  if (given !== count) return one('orderClass', message);
  if (order.orderClass === 'simple') return [];
  if (order.orderClass === 'oco' && order.type !== 'limit')
    return one('type', 'of an oco order must be limit');
  return complex(order);
};

function complex(order: OrderTerms): FieldError[] {
  const { type, timeInForce, qty, side, takeProfit, stopLoss } = order;
  if (type !== 'market' && type !== 'limit')
    return one('type', 'must be market or limit for an order with exits');
  if (timeInForce !== 'day' && timeInForce !== 'gtc')
    return one('timeInForce', 'must be day or gtc for an order with exits');
  if (order.extendedHours) return one('extendedHours', 'does not belong to an order with exits');
  if (qty === undefined || decimals(qty) > 0)
    return one('qty', 'must be whole shares for an order with exits');
  if (takeProfit === undefined || stopLoss === undefined) return [];
  // An OCO closes: its own side is the side of its exits.
  const closesLong = order.orderClass === 'oco' ? side === 'sell' : side === 'buy';
  const isApart = closesLong
    ? exact(takeProfit.limitPrice).gt(stopLoss.stopPrice)
    : exact(takeProfit.limitPrice).lt(stopLoss.stopPrice);
  return isApart
    ? []
    : one('takeProfit.limitPrice', `must be ${closesLong ? 'above' : 'below'} stopLoss.stopPrice`);
}

const intent: Rule = ({ positionIntent, side, legs }) => [
  ...one('positionIntent', intentFault(positionIntent, side)),
  ...(legs === undefined ? [] : one('legs', 'belong to an order of class mleg only')),
];

const RULES: readonly Rule[] = [amount, prices, trail, time, exits, orderClass, intent];

/** Everything the venue would refuse from the order's own words, each with its field. */
export function orderFaults(order: OrderTerms): FieldError[] {
  if (order.orderClass === 'mleg') return multiLegFaults(order);
  if (order.symbol !== undefined && classOf(order.symbol) === 'us_option') {
    const faults = contractFaults(order);
    if (faults.length > 0) return faults;
  }
  return RULES.flatMap((rule) => rule(order));
}
