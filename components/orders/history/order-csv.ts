import type { Order } from '@/domain/order/order';

type Column = readonly [name: string, read: (order: Order) => string | boolean | null];

/** Every field of an order under the names of the REST interface; times ISO in UTC, decimals digit for digit. */
const COLUMNS: readonly Column[] = [
  ['id', (order) => order.id],
  ['client_order_id', (order) => order.clientOrderId],
  ['venue_order_id', (order) => order.venueOrderId],
  ['symbol', (order) => order.symbol],
  ['side', (order) => order.side],
  ['type', (order) => order.type],
  ['time_in_force', (order) => order.timeInForce],
  ['qty', (order) => order.qty],
  ['notional', (order) => order.notional],
  ['limit_price', (order) => order.limitPrice],
  ['stop_price', (order) => order.stopPrice],
  ['trail_price', (order) => order.trailPrice],
  ['trail_percent', (order) => order.trailPercent],
  ['extended_hours', (order) => order.extendedHours],
  ['order_class', (order) => order.orderClass],
  ['parent_id', (order) => order.parentId],
  ['replaces_id', (order) => order.replacesId],
  ['position_intent', (order) => order.positionIntent],
  ['legs', (order) => order.legs?.map(legText).join('; ') ?? null],
  ['filled_qty', (order) => order.filledQty],
  ['filled_avg_price', (order) => order.filledAvgPrice],
  ['status', (order) => order.status],
  ['reason_code', (order) => order.reason?.code ?? null],
  ['reason_message', (order) => order.reason?.message ?? null],
  ['created_at', (order) => order.createdAt],
  ['submitted_at', (order) => order.submittedAt],
  ['updated_at', (order) => order.updatedAt],
  ['closed_at', (order) => order.closedAt],
];

const legText = ({ positionIntent, ratioQty, symbol }: NonNullable<Order['legs']>[number]): string =>
  `${positionIntent} ${ratioQty} ${symbol}`;

const NUMBER = /^-?\d+(\.\d+)?$/;

/**
 * One cell. Text that a spreadsheet would run as a formula is led by an apostrophe (OWASP, CSV
 * injection); a plain number is left to be a number.
 */
export function csvCell(value: string | boolean | null): string {
  const text = value === null ? '' : String(value);
  const safe = /^[=+\-@\t\r\n]/.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Orders as CSV after RFC 4180, with a head line. */
export function ordersCsv(orders: readonly Order[]): string {
  const head = COLUMNS.map(([name]) => name);
  const lines = orders.map((order) => COLUMNS.map(([, read]) => csvCell(read(order))));
  return [head, ...lines].map((cells) => `${cells.join(',')}\r\n`).join('');
}
