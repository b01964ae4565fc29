import { instantOf, newYorkDay } from '../../clock/new-york';
import { formatMoney, formatQty } from '../../decimal/decimal';
import type { Fill } from '../../ledger/account';
import { badRequest } from '../../orders/refusals';
import { type AccountCall, ok, type Reply } from '../call';
import { listOf, parseTime } from '../query';

function activityId(fill: Fill): string {
  const digits = new Date(fill.at).toISOString().replaceAll(/[-:T.Z]/g, '');
  return `${digits}::${fill.executionId}`;
}

function fillJson(fill: Fill): Record<string, unknown> {
  return {
    id: activityId(fill),
    activity_type: 'FILL',
    transaction_time: new Date(fill.at).toISOString().replace('Z', '000000Z'),
    type: fill.complete ? 'fill' : 'partial_fill',
    price: formatMoney(fill.price),
    qty: formatQty(fill.qty),
    side:
      fill.order.side === 'sell' && fill.order.positionIntent === 'sell_to_open'
        ? 'sell_short'
        : fill.order.side,
    symbol: fill.order.symbol,
    leaves_qty: formatQty(fill.leavesQty),
    order_id: fill.order.id,
    cum_qty: formatQty(fill.cumQty),
    order_status: fill.complete ? 'filled' : 'partially_filled',
  };
}

/** GET /v2/account/activities[/{type}]: executions. Nothing else happens to accounts here yet. */
export function listActivities(call: AccountCall): Reply {
  const { query, account } = call;
  const own = call.params['type'];
  const types = own === undefined ? listOf(query, 'activity_types') : [own];
  const category = query.get('category');
  if (types.length > 0 && !types.includes('FILL')) return ok([]);
  if (category === 'non_trade_activity') return ok([]);
  const [from, to] = windowOf(query);
  const orderId = query.get('order_id');
  const fills = account.fills.filter(
    (fill) => fill.at > from && fill.at < to && (orderId === null || fill.order.id === orderId),
  );
  if ((query.get('direction') ?? 'desc') !== 'asc') fills.reverse();
  const token = query.get('page_token');
  const start = token ? fills.findIndex((fill) => activityId(fill) === token) + 1 : 0;
  return ok(fills.slice(start, start + pageSize(query)).map(fillJson));
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
