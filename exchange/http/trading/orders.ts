import { findAsset } from '../../assets/asset';
import type { Account } from '../../ledger/account';
import { nestedJson, type Order, orderJson } from '../../orders/order';
import { readOrderRequest } from '../../orders/order-request';
import { badRequest, notFound, REFUSALS } from '../../orders/refusals';
import { isOpen } from '../../orders/status';
import { cancelAll, cancelOrder, replaceOrder } from '../../venue/change-order';
import { submitOrder } from '../../venue/submit-order';
import { type AccountCall, ok, param, type Reply } from '../call';
import { listOf, parseFlag, parseTime } from '../query';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

function findOrder(account: Account, id: string): Order {
  if (!UUID.test(id)) throw REFUSALS.orderIdMissing();
  const order = account.orders.get(id.toLowerCase());
  if (order === undefined) throw notFound(`order not found for ${id}`);
  return order;
}

/** POST /v2/orders. */
export const postOrder = ({ venue, account, body }: AccountCall): Reply =>
  ok(nestedJson(submitOrder(venue, account, readOrderRequest(body))));

const isNested = (query: URLSearchParams): boolean => parseFlag(query.get('nested') ?? '') === true;

/** GET /v2/orders/{id}?nested=. */
export function getOrder(call: AccountCall): Reply {
  const order = findOrder(call.account, param(call, 'id'));
  return ok(isNested(call.query) ? nestedJson(order) : orderJson(order));
}

/** GET /v2/orders:by_client_order_id. */
export function getOrderByClientId({ venue, account, query }: AccountCall): Reply {
  const id = query.get('client_order_id') ?? '';
  const order = account.byClientOrderId.get(id);
  if (order === undefined || venue.faults.hides(order, 'lookup')) throw notFound(`order not found for ${id}`);
  return ok(isNested(query) ? nestedJson(order) : orderJson(order));
}

/** PATCH /v2/orders/{id}. */
export const patchOrder = (call: AccountCall): Reply =>
  ok(
    nestedJson(replaceOrder(call.venue, call.account, findOrder(call.account, param(call, 'id')), call.body)),
  );

/** DELETE /v2/orders/{id}: 204 says that the request was taken, not that the order is gone. */
export function deleteOrder(call: AccountCall): Reply {
  cancelOrder(call.venue, findOrder(call.account, param(call, 'id')));
  return { status: 204 };
}

/** DELETE /v2/orders. */
export function deleteOrders({ venue, account }: AccountCall): Reply {
  const results = cancelAll(venue, account).map(({ id, refusal }) =>
    refusal === null ? { id, status: 200 } : { id, status: refusal.status, body: refusal.body() },
  );
  return { status: 207, body: results };
}

/** GET /v2/orders with all of its filters. */
export function listOrders({ venue, account, query }: AccountCall): Reply {
  const keep = filterOf(query, account);
  const descending = (query.get('direction') ?? 'desc') !== 'asc';
  const limit = limitOf(query);
  const orders = [...account.orders.values()];
  if (descending) orders.reverse();
  const found: Order[] = [];
  for (const order of orders) {
    if (found.length >= limit) break;
    if (keep(order) && !venue.faults.hides(order, 'list')) found.push(order);
  }
  return ok(found.map(isNested(query) ? nestedJson : orderJson));
}

function limitOf(query: URLSearchParams): number {
  const text = query.get('limit');
  if (text === null || text === '' || text === 'null') return 50;
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > 500)
    throw badRequest('limit must be between 1 and 500');
  return limit;
}

const kindOf = (order: Order): string => findAsset(order.legs[0]?.symbol ?? order.symbol)?.kind ?? '';
const tradesIn = (order: Order, symbol: string | undefined): boolean =>
  [order, ...order.legs].some((one) => one.symbol === symbol);

type Keep = (order: Order) => boolean;

function filterOf(query: URLSearchParams, account: Account): Keep {
  const status = query.get('status') ?? 'open';
  if (!['open', 'closed', 'all'].includes(status)) throw badRequest('invalid status');
  const symbols = listOf(query, 'symbols');
  const classes = listOf(query, 'asset_class');
  const side = query.get('side');
  const after = boundOf(query, 'after') ?? -Infinity;
  const until = boundOf(query, 'until') ?? Infinity;
  const before = query.get('before_order_id');
  const behind = query.get('after_order_id');
  const last = before ? findOrder(account, before).arrival : Infinity;
  const first = behind ? findOrder(account, behind).arrival : -Infinity;
  const nested = isNested(query);
  return (order) =>
    // Legs stand inside their parent then.
    (!nested || order.parent === null) &&
    (status === 'all' || isOpen(order.status) === (status === 'open')) &&
    (symbols.length === 0 || symbols.some((name) => tradesIn(order, findAsset(name)?.symbol))) &&
    (classes.length === 0 || classes.includes(kindOf(order))) &&
    (side === null || side === '' || order.side === side) &&
    order.createdAt > after &&
    order.createdAt < until &&
    order.arrival < last &&
    order.arrival > first;
}

function boundOf(query: URLSearchParams, name: string): number | null {
  const text = query.get(name);
  if (text === null || text === '') return null;
  const instant = parseTime(text);
  if (instant === null) throw badRequest(`invalid ${name}`);
  return instant;
}
