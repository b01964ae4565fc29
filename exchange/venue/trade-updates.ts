import { formatMoney, formatQty } from '../decimal/decimal';
import type { JournalRecord } from '../journal/records';
import type { Account } from '../ledger/account';
import { orderJson } from '../orders/order';
import type { Books } from './books';
import { ulid } from './ids';

/** `data` of a `trade_updates` message (Alpaca docs: websocket streaming). */
export type TradeUpdate = Readonly<Record<string, unknown>>;

const EVENTS: Partial<Record<JournalRecord['type'], string>> = {
  order_working: 'new',
  cancel_requested: 'pending_cancel',
  order_canceled: 'canceled',
  order_expired: 'expired',
  replace_requested: 'pending_replace',
  order_replaced: 'replaced',
};

/** The message that a record makes for its account's listeners, null when it makes none. */
export function tradeUpdateOf(
  books: Books,
  record: JournalRecord,
): { account: Account; update: TradeUpdate } | null {
  const orderId = 'order' in record ? record.order.id : 'order_id' in record ? record.order_id : null;
  const order = orderId === null ? undefined : books.orders.get(orderId);
  const account = order === undefined ? undefined : books.accounts.get(order.accountId);
  const event = eventOf(record);
  if (order === undefined || account === undefined || event === null) return null;
  const at = new Date(record.at).toISOString().replace('Z', '000000Z');
  const base = { event, timestamp: at, event_id: ulid(record.at, record.seq), at, order: orderJson(order) };
  if (record.type !== 'order_filled') return { account, update: base };
  const fill = account.fills.at(-1);
  const execution = {
    execution_id: record.execution_id,
    price: formatMoney(fill?.price ?? 0n),
    qty: formatQty(fill?.qty ?? 0n),
    position_qty: formatQty(fill?.positionQty ?? 0n),
  };
  return { account, update: { ...base, ...execution } };
}

function eventOf(record: JournalRecord): string | null {
  if (record.type === 'order_filled') return record.complete ? 'fill' : 'partial_fill';
  if (record.type === 'order_accepted') return record.order.queued ? 'accepted' : 'pending_new';
  return EVENTS[record.type] ?? null;
}
