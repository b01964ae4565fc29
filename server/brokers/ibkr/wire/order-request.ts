import { type Contract, type Order, OrderAction, OrderType, TimeInForce } from '@stoqey/ib';
import type { OrderFault, OrderTerms, VenueOrderRequest, VenueReplacement } from '@/server/brokers/ports';
import { contractOf } from './contracts';
import type { IbOrder } from './parse-order';

const TYPES = {
  market: OrderType.MKT,
  limit: OrderType.LMT,
  stop: OrderType.STP,
  stop_limit: OrderType.STP_LMT,
  trailing_stop: OrderType.TRAIL,
} as const;

const FORCES: Readonly<Record<string, TimeInForce>> = {
  day: TimeInForce.DAY,
  gtc: TimeInForce.GTC,
  ioc: TimeInForce.IOC,
  fok: TimeInForce.FOK,
  opg: TimeInForce.OPG,
};

/** What of an order the desk does not send to IB, by field; null when it may go. */
export function faultOf({ orderClass, legs, notional, timeInForce, qty }: OrderTerms): OrderFault | null {
  if (orderClass != null && orderClass !== 'simple')
    return {
      field: 'orderClass',
      message: `${orderClass} is not sent to Interactive Brokers: send the orders one by one`,
    };
  if (legs != null) return { field: 'legs', message: 'are not sent to Interactive Brokers' };
  if (notional != null)
    return { field: 'notional', message: 'is not taken by Interactive Brokers: give a qty instead' };
  if (qty == null) return { field: 'qty', message: 'is required' };
  if (timeInForce != null && FORCES[timeInForce] === undefined)
    return {
      field: 'timeInForce',
      message: `${timeInForce} is not sent to Interactive Brokers: day, gtc, ioc, fok and opg are`,
    };
  return null;
}

/**
 * The order as the client writes it. Its numbers are floats, written again in their shortest decimal form, which is
 * the text that they were read from.
 */
export function orderRequest(
  accountNumber: string,
  request: VenueOrderRequest,
): { contract: Contract; order: Order } {
  const { limitPrice, stopPrice, trailPrice, trailPercent } = request;
  return {
    contract: contractOf(request.symbol),
    order: {
      account: accountNumber,
      orderRef: request.clientOrderId,
      action: request.side === 'buy' ? OrderAction.BUY : OrderAction.SELL,
      orderType: TYPES[request.type],
      totalQuantity: Number(request.qty),
      tif: FORCES[request.timeInForce] ?? TimeInForce.DAY,
      outsideRth: request.extendedHours,
      transmit: true,
      ...(limitPrice === null ? {} : { lmtPrice: Number(limitPrice) }),
      ...(request.type === 'trailing_stop' || stopPrice === null ? {} : { auxPrice: Number(stopPrice) }),
      ...(trailPrice === null ? {} : { auxPrice: Number(trailPrice) }),
      ...(trailPercent === null ? {} : { trailingPercent: Number(trailPercent) }),
    },
  };
}

/** An order that works, with what is to change in it: IB is told the whole of it again under its number. */
export function changedOrder({ wire, ...known }: IbOrder, change: VenueReplacement): Order {
  const { qty, limitPrice, stopPrice, trail, timeInForce } = change;
  const isPercent = known.trailPercent !== null;
  return {
    account: known.account,
    orderRef: known.ref,
    action: known.side === 'buy' ? OrderAction.BUY : OrderAction.SELL,
    orderType: wire.order.orderType,
    totalQuantity: Number(qty ?? known.qty),
    tif: FORCES[timeInForce ?? known.timeInForce] ?? TimeInForce.DAY,
    outsideRth: known.outsideRth,
    transmit: true,
    ...numbers('lmtPrice', limitPrice ?? known.limitPrice),
    ...numbers('auxPrice', known.type === 'trailing_stop' ? null : (stopPrice ?? known.stopPrice)),
    ...numbers('auxPrice', known.type === 'trailing_stop' && !isPercent ? (trail ?? known.trailPrice) : null),
    ...numbers('trailingPercent', isPercent ? (trail ?? known.trailPercent) : null),
    ...numbers('trailStopPrice', known.type === 'trailing_stop' ? known.stopPrice : null),
  };
}

const numbers = (name: string, value: string | null) => (value === null ? {} : { [name]: Number(value) });
