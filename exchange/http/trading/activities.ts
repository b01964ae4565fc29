import { findAsset } from '../../assets/asset';
import { instantOf, isoDate, newYorkDay } from '../../clock/new-york';
import { formatMoney, formatQty } from '../../decimal/decimal';
import type { Account, Fill, Transfer } from '../../ledger/account';
import { cusipOf } from '../../market/company/action-name';
import { badRequest } from '../../orders/refusals';
import { type AccountCall, ok, type Reply } from '../call';
import { listOf, parseTime } from '../query';

function activityId(at: number, id: string): string {
  const digits = new Date(at).toISOString().replaceAll(/[-:T.Z]/g, '');
  return `${digits}::${id}`;
}

const isStock = (symbol: string): boolean => findAsset(symbol)?.kind === 'us_equity';

function fillJson(fill: Fill): Record<string, unknown> {
  return {
    id: activityId(fill.at, fill.executionId),
    activity_type: 'FILL',
    transaction_time: new Date(fill.at).toISOString().replace('Z', '000000Z'),
    type: fill.complete ? 'fill' : 'partial_fill',
    price: formatMoney(fill.price),
    qty: formatQty(fill.qty),
    side:
      fill.order.positionIntent === 'sell_to_open' && isStock(fill.order.symbol)
        ? 'sell_short'
        : fill.order.side,
    symbol: fill.order.symbol,
    leaves_qty: formatQty(fill.leavesQty),
    order_id: fill.order.id,
    cum_qty: formatQty(fill.cumQty),
    order_status: fill.complete ? 'filled' : 'partially_filled',
  };
}

/** Whether an activity names its security's CUSIP: options have none. */
const hasCusip = ({ type }: Transfer): boolean => type === 'DIV' || type === 'SPLIT';

function transferJson(transfer: Transfer): Record<string, unknown> {
  const { subType, perShare, groupId, symbol } = transfer;
  return {
    id: activityId(transfer.at, transfer.id),
    activity_type: transfer.type,
    ...(subType === undefined ? {} : { activity_sub_type: subType }),
    date: isoDate(newYorkDay(transfer.at)),
    created_at: new Date(transfer.at).toISOString().replace('Z', '000Z'),
    net_amount: formatMoney(transfer.netAmount),
    description: transfer.description ?? '',
    status: 'executed',
    currency: 'USD',
    ...(groupId === undefined ? {} : { group_id: groupId }),
    ...(symbol === null ? {} : { symbol }),
    ...(symbol !== null && hasCusip(transfer) ? { cusip: cusipOf(symbol) } : {}),
    ...(perShare === undefined ? {} : { per_share_amount: formatMoney(perShare) }),
    ...(transfer.qty === null ? {} : { qty: formatQty(transfer.qty) }),
    ...(transfer.price === null ? {} : { price: formatMoney(transfer.price) }),
  };
}

interface Activity {
  readonly at: number;
  readonly id: string;
  readonly type: string;
  readonly orderId: string | null;
  json(): Record<string, unknown>;
}

/** All that happened to an account, oldest first. */
function activitiesOf({ fills, transfers }: Account): Activity[] {
  const trades = fills.map((fill) => ({
    at: fill.at,
    id: activityId(fill.at, fill.executionId),
    type: 'FILL',
    orderId: fill.order.id,
    json: () => fillJson(fill),
  }));
  if (transfers.length === 0) return trades;
  const others = transfers.map((transfer) => ({
    at: transfer.at,
    id: activityId(transfer.at, transfer.id),
    type: transfer.type,
    orderId: null,
    json: () => transferJson(transfer),
  }));
  return [...trades, ...others].sort((a, b) => a.at - b.at);
}

/** GET /v2/account/activities[/{type}]: executions and transfers. */
export function listActivities(call: AccountCall): Reply {
  const { query, account } = call;
  const own = call.params['type'];
  const types = own === undefined ? listOf(query, 'activity_types') : [own];
  const category = query.get('category') || null;
  if (category !== null && types.length > 0)
    throw badRequest('category and activity_types exclude each other');
  if (category !== null && category !== 'trade_activity' && category !== 'non_trade_activity') {
    throw badRequest('invalid category');
  }
  const [from, to] = windowOf(query);
  const orderId = query.get('order_id');
  const found = activitiesOf(account).filter(
    (one) =>
      one.at > from &&
      one.at < to &&
      (orderId === null || one.orderId === orderId) &&
      (types.length === 0 || types.includes(one.type)) &&
      (category === null || (one.type === 'FILL') === (category === 'trade_activity')),
  );
  if ((query.get('direction') ?? 'desc') !== 'asc') found.reverse();
  const token = query.get('page_token');
  const start = token ? found.findIndex((one) => one.id === token) + 1 : 0;
  return ok(found.slice(start, start + pageSize(query)).map((one) => one.json()));
}

function pageSize(query: URLSearchParams): number {
  const text = query.get('page_size');
  if (text === null || text === '' || text === 'null') return query.get('date') === null ? 100 : Infinity;
  const size = Number(text);
  if (!Number.isInteger(size) || size < 1 || size > 100)
    throw badRequest('page_size must be between 1 and 100');
  return size;
}

function windowOf(query: URLSearchParams): [from: number, to: number] {
  const read = (name: string): number | null => {
    const text = query.get(name);
    if (text === null || text === '') return null;
    const instant = parseTime(text);
    if (instant === null) throw badRequest(`invalid ${name}`);
    return instant;
  };
  const date = query.get('date');
  if (date !== null && date !== '') {
    const instant = read('date') ?? 0;
    const day =
      date.length > 10
        ? Math.floor(Date.parse(`${date.slice(0, 10)}T00:00:00Z`) / 86_400_000)
        : newYorkDay(instant);
    return [instantOf(day, 0) - 1, instantOf(day + 1, 0)];
  }
  return [read('after') ?? -Infinity, read('until') ?? Infinity];
}
