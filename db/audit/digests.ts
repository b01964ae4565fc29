import { createHash } from 'node:crypto';
import { getTableColumns } from 'drizzle-orm';
import type { Fill } from '@/domain/order/order';
import { type ledgerTransfers, type orderEvents, orders } from '../schema';

type OrderRow = typeof orders.$inferSelect;
type Event = Pick<typeof orderEvents.$inferSelect, 'type' | 'status' | 'at'> & {
  message?: string | null;
  fill?: Fill | null;
};

/** Between values, and in the place of one that is null: signs that no text of the books has. */
const [BETWEEN, NONE] = ['\u001f', '\u001e'];

type Value = string | number | bigint | null | undefined;
const lineOf = (values: readonly Value[]): string =>
  values.map((value) => (value === null || value === undefined ? NONE : String(value))).join(BETWEEN);

/** SQL that makes the same line of columns, as bytes: the driver ends the process at a text that is not UTF-8. */
const lineIn = (columns: readonly string[]): string =>
  `cast(${columns.map((column) => `coalesce(${column}, char(30))`).join(' || char(31) || ')} as blob)`;

/** SHA-256 of a line, after the digest of what was there before it, base64url. */
export function digestOf(before: string | null, line: string | Uint8Array): string {
  return createHash('sha256')
    .update(`${before ?? NONE}${BETWEEN}`)
    .update(line)
    .digest('base64url');
}

/**
 * An order's terms and state, in the order in which they are digested; a change of this list needs a migration that
 * seals all rows anew. The lease is not covered: it changes without an event, and who holds it lives or does not.
 */
export const COVERED = [
  'id',
  'userId',
  'accountId',
  'clientOrderId',
  'venueOrderId',
  'symbol',
  'side',
  'positionIntent',
  'legs',
  'type',
  'timeInForce',
  'qty',
  'notional',
  'limitPrice',
  'stopPrice',
  'trailPrice',
  'trailPercent',
  'extendedHours',
  'orderClass',
  'takeProfit',
  'stopLoss',
  'parentId',
  'replacesId',
  'filledQty',
  'filledAvgPrice',
  'status',
  'reasonCode',
  'reasonMessage',
  'idempotencyKey',
  'requestHash',
  'createdAt',
  'submittedAt',
  'updatedAt',
  'closedAt',
] as const satisfies readonly (keyof OrderRow)[];

/** As the database holds it. */
function stored(value: OrderRow[(typeof COVERED)[number]]): Value {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
}

/** A row whose digests are those of its newest event and of itself. */
export type SealedRow = OrderRow & { storyDigest: string; rowDigest: string };

/** The row as an event leaves it, sealed: it is written together with the event. `row` is what was read, changed. */
export function sealed(row: OrderRow, { type, status, fill, message, at }: Event): SealedRow {
  const execution = fill ? [row.accountId, fill.qty, fill.price, fill.at] : [null, null, null, null];
  const event = [row.id, row.userId, type, status, fill?.executionId, message, at, ...execution];
  const storyDigest = digestOf(row.storyDigest, lineOf(event));
  const rowDigest = digestOf(storyDigest, lineOf(COVERED.map((name) => stored(row[name]))));
  return { ...row, storyDigest, rowDigest };
}

/** The digest of a transfer's row: it stands for itself, for transfers come from elsewhere than orders, too. */
export function transferDigest(row: Omit<typeof ledgerTransfers.$inferInsert, 'seq' | 'digest'>): string {
  const { accountId, source, sourceId, line, debit, credit, symbol, micros, at } = row;
  return digestOf(null, lineOf([accountId, source, sourceId, line, debit, credit, symbol, micros, at]));
}

const names = getTableColumns(orders);

/** What is digested, as bytes out of the database. */
export const LINES = {
  order: lineIn(COVERED.map((name) => `o.${names[name].name}`)),
  event: lineIn([
    ...['order_id', 'user_id', 'type', 'status', 'execution_id', 'message', 'at'].map((name) => `e.${name}`),
    ...['account_id', 'qty', 'price', 'at'].map((name) => `f.${name}`),
  ]),
  transfer: lineIn(
    ['account_id', 'source', 'source_id', 'line', 'debit', 'credit', 'symbol', 'micros', 'at'].map(
      (name) => `t.${name}`,
    ),
  ),
};
