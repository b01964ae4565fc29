import { type Contract, type Order, OrderAction, type OrderState, OrderType } from '@stoqey/ib';
import { exact, plain } from '@/domain/money';
import type { OrderSide } from '@/domain/order/order';
import { parseIbTime } from './ib-time';
import { symbolOf } from './contracts';

/** An order as IB last told it. Quantities and prices are decimal strings. */
export type IbOrder = {
  account: string;
  permId: number;
  /** The number under which its client placed it; only that client may change or cancel it. */
  orderId: number;
  clientId: number;
  /** Our client order id; empty for what was entered elsewhere without one. */
  ref: string;
  symbol: string;
  side: OrderSide;
  type: string;
  timeInForce: string;
  qty: string | null;
  limitPrice: string | null;
  stopPrice: string | null;
  trailPrice: string | null;
  trailPercent: string | null;
  outsideRth: boolean;
  /** IB's word for where it stands. */
  status: string;
  filledQty: string;
  averagePrice: string | null;
  closedAt: string | null;
  /** As the client library takes it, for changing it: a change says the whole order once more. */
  wire: { contract: Contract; order: Order };
};

/**
 * The client reads every number of the wire into a float. Its shortest decimal form is what was written there, as
 * long as that had no more than 15 digits, which a price, a quantity or a dollar amount of IB never has.
 */
export const decimal = (value: number | undefined): string | null =>
  value === undefined || !Number.isFinite(value) || Math.abs(value) >= 1e15 ? null : plain(exact(value));

/** A price; IB writes 0 and -1 where there is none. */
export const price = (value: number | undefined): string | null =>
  value === undefined || value <= 0 ? null : decimal(value);

const TYPES: Readonly<Record<string, string>> = {
  [OrderType.MKT]: 'market',
  [OrderType.LMT]: 'limit',
  [OrderType.STP]: 'stop',
  [OrderType.STP_LMT]: 'stop_limit',
  [OrderType.TRAIL]: 'trailing_stop',
};

/** Reads an open or completed order; null for what the desk does not hold, such as futures and combinations. */
export function parseOrder(contract: Contract, order: Order, state: OrderState): IbOrder | null {
  const symbol = symbolOf(contract);
  const { permId = 0, account, action } = order;
  if (symbol === null || permId <= 0 || account === undefined || action === undefined) return null;
  const type = TYPES[order.orderType] ?? order.orderType.toLowerCase();
  const isStop = type === 'stop' || type === 'stop_limit';
  const isTrail = type === 'trailing_stop';
  const trailPercent = isTrail ? price(order.trailingPercent) : null;
  return {
    account,
    permId,
    orderId: order.orderId ?? 0,
    clientId: order.clientId ?? -1,
    ref: order.orderRef ?? '',
    symbol,
    side: action === OrderAction.BUY ? 'buy' : 'sell',
    type,
    timeInForce: (order.tif ?? 'DAY').toLowerCase(),
    // A completed order may say 0 here and only what it filled.
    qty: price(order.totalQuantity) ?? price(order.filledQuantity),
    limitPrice: type === 'limit' || type === 'stop_limit' ? price(order.lmtPrice) : null,
    stopPrice: isStop ? price(order.auxPrice) : isTrail ? price(order.trailStopPrice) : null,
    trailPrice: isTrail && trailPercent === null ? price(order.auxPrice) : null,
    trailPercent,
    outsideRth: order.outsideRth === true,
    status: state.status,
    filledQty: price(order.filledQuantity) ?? '0',
    averagePrice: null,
    closedAt: parseIbTime(state.completedTime),
    wire: { contract, order },
  };
}
