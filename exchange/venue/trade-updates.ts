import { formatMoney, formatQty } from '../decimal/decimal';
import type { JournalRecord } from '../journal/records';
import type { Account } from '../ledger/account';
import { nestedJson, type Order } from '../orders/order';
import type { Books } from './books';
import { ulid } from './ids';

/** `data` of a `trade_updates` message (Alpaca docs: websocket streaming). */
export type TradeUpdate = Readonly<Record<string, unknown>>;

const EVENTS: Partial<Record<JournalRecord['type'], string>> = {
  order_working: 'new',
  order_rejected: 'rejected',
  cancel_requested: 'pending_cancel',
  order_canceled: 'canceled',
  order_expired: 'expired',
  replace_requested: 'pending_replace',
  cancel_rejected: 'order_cancel_rejected',
  order_replaced: 'replaced',
};

/** A message, and the account whose listeners it is for. */
export interface Addressed {
  readonly account: Account;
  readonly order: Order;
  readonly update: TradeUpdate;
}

/** The messages that a record makes, in the order they are sent. */
export function tradeUpdatesOf(books: Books, record: JournalRecord): Addressed[] {
  if (record.type === 'order_accepted') {
    if (record.order.order_class === 'mleg') {
      return updateOf(books, record, record.order.id, birthOf(record.order));
    }
    const legs = record.legs.flatMap((leg) => updateOf(books, record, leg.id, 'held'));
    return [...updateOf(books, record, record.order.id, birthOf(record.order)), ...legs];
  }
  if (record.type === 'replace_rejected') {
    const ended = updateOf(books, record, record.by, 'rejected');
    return [...updateOf(books, record, record.order_id, 'order_replace_rejected'), ...ended];
  }
  if (record.type === 'day_opened') {
    const restated = record.splits.flatMap(({ orders }) => orders);
    return restated.flatMap(({ order_id }) => updateOf(books, record, order_id, 'restated'));
  }
  if (record.type === 'legs_filled') return updateOf(books, record, record.order_id, 'fill');
  const event = record.type === 'order_filled' ? fillEvent(record.complete) : EVENTS[record.type];
  return event === undefined || !('order_id' in record)
    ? []
    : updateOf(books, record, record.order_id, event);
}

const fillEvent = (complete: boolean): string => (complete ? 'fill' : 'partial_fill');

function birthOf({ held, queued }: { held: boolean; queued: boolean }): string {
  if (held) return 'held';
  return queued ? 'accepted' : 'pending_new';
}

function updateOf(books: Books, record: JournalRecord, orderId: string, event: string): Addressed[] {
  const order = books.orders.get(orderId);
  const account = order === undefined ? undefined : books.accounts.get(order.accountId);
  if (order === undefined || account === undefined) return [];
  const at = new Date(record.at).toISOString().replace('Z', '000000Z');
  const id = ulid(record.at, record.seq, orderId);
  const base = { event, timestamp: at, event_id: id, at, order: nestedJson(order) };
  if (record.type === 'legs_filled') {
    return [
      { account, order, update: { ...base, ...legsJson(record, account, order), price: record.price } },
    ];
  }
  if (record.type !== 'order_filled') return [{ account, order, update: base }];
  const fill = account.fills.at(-1);
  const execution = {
    execution_id: record.execution_id,
    price: formatMoney(fill?.price ?? 0n),
    qty: formatQty(fill?.qty ?? 0n),
    position_qty: formatQty(fill?.positionQty ?? 0n),
  };
  return [{ account, order, update: { ...base, ...execution } }];
}

/** What each leg traded, and what is held of it now. */
function legsJson(
  { qty, executions, at }: Extract<JournalRecord, { type: 'legs_filled' }>,
  account: Account,
  { legs }: Order,
): Record<string, unknown> {
  const timestamp = new Date(at).toISOString().replace('Z', '000000Z');
  const held = ({ symbol }: Order): string => formatQty(account.positions.get(symbol)?.qty ?? 0n);
  return {
    qty,
    position_qtys: Object.fromEntries(legs.map((leg) => [leg.symbol, held(leg)])),
    legs: executions.map((execution, index) => ({ ...execution, symbol: legs[index]?.symbol, timestamp })),
  };
}
