import { findAsset } from '../assets/asset';
import { divideRounded, formatMoney, formatQty, parseMoney, parseQty } from '../decimal/decimal';
import type {
  JournalledOrder,
  OrderClass,
  OrderType,
  PositionIntent,
  Side,
  TimeInForce,
  TwsFacts,
} from '../journal/records';
import type { OrderRestated } from '../journal/day-opened';
import type { OrderStatus } from './status';

/** An order as the exchange keeps it. Quantities nano-shares, money micro-dollars, instants epoch ms. */
export interface Order {
  readonly id: string;
  readonly accountId: string;
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  /** A leg's shrinks when its sibling trades. */
  qty: bigint | null;
  readonly notional: bigint | null;
  limitPrice: bigint | null;
  /** Of a trailing stop: follows `hwm`. */
  stopPrice: bigint | null;
  trailPrice: bigint | null;
  /** Percent in micro-units: 1.5 % is 1,500,000. */
  readonly trailPercent: bigint | null;
  hwm: bigint | null;
  readonly orderClass: OrderClass;
  parent: Order | null;
  /** Of a bracket whose exits a split restated: what they may sell now. */
  exitQty: bigint | null;
  legs: Order[];
  readonly auctionAt: number | null;
  /** Contracts of a multi-leg order's leg for each unit of the order. */
  readonly ratio: bigint;
  readonly extendedHours: boolean;
  readonly positionIntent: PositionIntent;
  reservePrice: bigint;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly replaces: string | null;
  /** Number of the journal record that accepted it: the order of arrival. */
  readonly arrival: number;
  /** Among the orders of that record: 0, and from 1 on for its legs. */
  readonly place: number;
  /** Null unless it came on the TWS wire. */
  readonly tws: TwsFacts | null;
  status: OrderStatus;
  /** Whether a stop's price has been reached. */
  triggered: boolean;
  filledQty: bigint;
  /** Sum of quantity × price over executions, unrounded: nano-shares × micro-dollars. */
  filledProduct: bigint;
  executions: number;
  updatedAt: number;
  filledAt: number | null;
  canceledAt: number | null;
  expiredAt: number | null;
  replacedAt: number | null;
  failedAt: number | null;
  replacedBy: string | null;
  /** The order that is to take this one's place, while that is not settled. */
  replacement: string | null;
}

const MICRO = 1_000_000n;

const money = (text: string | null): bigint | null => (text === null ? null : parseMoney(text));
const quantity = (text: string | null): bigint | null => (text === null ? null : parseQty(text));

/** Builds an order from the journal's record of its acceptance. */
export function orderFromRecord(
  record: JournalledOrder,
  { at, seq, place = 0 }: { at: number; seq: number; place?: number },
): Order {
  return {
    id: record.id,
    accountId: record.account_id,
    clientOrderId: record.client_order_id,
    symbol: record.symbol,
    side: record.side,
    type: record.type,
    timeInForce: record.time_in_force,
    qty: quantity(record.qty),
    notional: money(record.notional),
    limitPrice: money(record.limit_price),
    stopPrice: money(record.stop_price),
    extendedHours: record.extended_hours,
    positionIntent: record.position_intent,
    reservePrice: money(record.reserve_price) ?? 0n,
    createdAt: at,
    expiresAt: record.expires_at,
    replaces: record.replaces,
    arrival: seq,
    place,
    tws: record.tws ?? null,
    trailPrice: money(record.trail_price),
    trailPercent: money(record.trail_percent),
    hwm: money(record.hwm),
    orderClass: record.order_class,
    parent: null,
    exitQty: null,
    legs: [],
    auctionAt: record.auction_at,
    ratio: BigInt(record.ratio_qty ?? 1),
    status: record.held ? 'held' : record.queued ? 'accepted' : 'pending_new',
    triggered: record.type === 'market' || record.type === 'limit',
    filledQty: 0n,
    filledProduct: 0n,
    executions: 0,
    updatedAt: at,
    filledAt: null,
    canceledAt: null,
    expiredAt: null,
    replacedAt: null,
    failedAt: null,
    replacedBy: null,
    replacement: null,
  };
}

/** An order's terms after a split of its stock. */
export function restateOrder(order: Order, to: OrderRestated, at: number): void {
  order.qty = quantity(to.qty);
  order.limitPrice = money(to.limit_price);
  order.stopPrice = money(to.stop_price);
  order.trailPrice = money(to.trail_price);
  order.hwm = money(to.hwm);
  order.reservePrice = money(to.reserve_price) ?? 0n;
  order.updatedAt = at;
  const { parent } = order;
  if (parent !== null && parent.legs[0] === order) parent.exitQty = order.qty;
}

/** Where a trailing stop's price stands for a best price seen. */
export function trailedStop(order: Pick<Order, 'side' | 'trailPrice' | 'trailPercent'>, hwm: bigint): bigint {
  const distance = order.trailPrice ?? divideRounded(hwm * (order.trailPercent ?? 0n), 100n * MICRO);
  return order.side === 'sell' ? hwm - distance : hwm + distance;
}

/** Nano-shares still to trade; 0 for an order by notional, which trades once. */
export const remainingQty = (order: Order): bigint => (order.qty === null ? 0n : order.qty - order.filledQty);

const time = (instant: number | null): string | null =>
  instant === null ? null : new Date(instant).toISOString().replace('Z', '000000Z');

const optional = (value: bigint | null): string | null => (value === null ? null : formatMoney(value));

/** The order with its legs inside, as answers to POST and `nested=true` write it. */
export const nestedJson = (order: Order): Record<string, unknown> => ({
  ...orderJson(order),
  legs: order.legs.length === 0 ? null : order.legs.map(orderJson),
});

/** What a multi-leg order and its legs leave empty, as Alpaca writes them. */
function multiLegJson({ orderClass, parent, ratio }: Order): Record<string, unknown> {
  if (orderClass !== 'mleg') return {};
  if (parent !== null) return { type: '', order_type: '', ratio_qty: String(ratio) };
  const asset_id = '00000000-0000-0000-0000-000000000000';
  return { asset_id, asset_class: '', side: '', position_intent: '' };
}

/** The order as Alpaca's API writes it: every key present, decimals as strings. */
export function orderJson(order: Order): Record<string, unknown> {
  const asset = findAsset(order.symbol);
  return {
    id: order.id,
    client_order_id: order.clientOrderId,
    created_at: time(order.createdAt),
    updated_at: time(order.updatedAt),
    submitted_at: time(order.createdAt),
    filled_at: time(order.filledAt),
    expired_at: time(order.expiredAt),
    canceled_at: time(order.canceledAt),
    failed_at: time(order.failedAt),
    replaced_at: time(order.replacedAt),
    replaced_by: order.replacedBy,
    replaces: order.replaces,
    asset_id: asset?.id ?? '',
    symbol: order.symbol,
    asset_class: asset?.kind ?? 'us_equity',
    notional: optional(order.notional),
    qty: order.qty === null ? null : formatQty(order.qty),
    filled_qty: formatQty(order.filledQty),
    filled_avg_price:
      order.filledQty === 0n ? null : formatMoney(divideRounded(order.filledProduct, order.filledQty)),
    order_class: order.orderClass,
    order_type: order.type,
    type: order.type,
    side: order.side,
    position_intent: order.positionIntent,
    time_in_force: order.timeInForce,
    limit_price: optional(order.limitPrice),
    stop_price: optional(order.stopPrice),
    status: order.status,
    extended_hours: order.extendedHours,
    legs: null,
    trail_percent: optional(order.trailPercent),
    trail_price: optional(order.trailPrice),
    hwm: optional(order.hwm),
    subtag: null,
    source: null,
    expires_at: new Date(order.expiresAt).toISOString().replace('.000Z', 'Z'),
    ...multiLegJson(order),
  };
}
