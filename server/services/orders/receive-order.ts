import { and, eq, notExists, or, sql } from 'drizzle-orm';
import type { Db } from '@/db/client';
import { prepared } from '@/db/prepared';
import { orders } from '@/db/schema';
import { DeskError } from '@/domain/errors';
import type { AccountRecord } from '../accounts/account-record';
import type { SubmitContext } from '../context';
import { type SealedRow, sealed } from '@/db/audit/digests';
import {
  type EventDraft,
  insertEvent,
  insertOrder,
  orderOfClientId,
  type OrderRow,
  toEvent,
  toOrder,
} from './order-record';

/**
 * Commits an order and its first event in one transaction, before anything is sent; or finds the order that
 * its idempotency key already made. The lease to send it comes with it. Errors: `idempotency_mismatch`, `conflict`.
 * @param note what its story says of it first, for people to read
 */
export async function receiveOrder(
  ctx: SubmitContext,
  account: AccountRecord,
  intent: OrderRow,
  note: string | null = null,
): Promise<{ row: OrderRow; isNew: boolean }> {
  const isDenied = intent.status === 'denied';
  // To say later that it leaves would cost another fsync: only what waits behind the venue's 429 is worth that.
  const lease = isDenied ? null : ctx.leases.first(account, !ctx.lanes.isPaused(account.id));
  const taken = { ...intent, ...lease };
  const draft: EventDraft = {
    type: isDenied ? 'denied' : 'received',
    status: taken.status,
    message: taken.reasonMessage ?? note ?? senderOf(ctx.actor),
    at: taken.createdAt,
  };
  const row = sealed(taken, draft);
  const received = (await receiveAtOnce(ctx, row, draft)) ?? (await receiveAlone(ctx, row, draft));
  if (received.seq !== null) {
    ctx.orderBus.publish(row.userId, { order: toOrder(row), event: toEvent(received.seq, row, draft) });
  }
  return { row: received.row, isNew: received.seq !== null };
}

type Received = { row: OrderRow; seq: number | null };

/** Alone among all writers from the look whether it is there already. */
function receiveAlone(ctx: SubmitContext, row: SealedRow, draft: EventDraft): Promise<Received> {
  return ctx.database.write(async (db) => {
    const before = await orderOfKey(db, row);
    if (before !== null) return { row: before, seq: null };
    if ((await orderOfClientId(db, row.accountId, row.clientOrderId)) !== undefined) {
      throw new DeskError(
        'conflict',
        `The client order id ${row.clientOrderId} was used before in this account. Choose another one.`,
        { fields: [{ field: 'clientOrderId', message: 'was used before' }] },
      );
    }
    const [, inserted] = await db.batch([insertOrder(db, row), insertEvent(db, row, draft)]);
    return { row, seq: inserted[0]?.seq ?? 0 };
  });
}

/** On a server, where neither its key nor its id was used before: in one round trip. */
async function receiveAtOnce(
  { database: { db, writeWhen } }: SubmitContext,
  row: SealedRow,
  draft: EventDraft,
): Promise<Received | null> {
  if (writeWhen === null) return null;
  const sameId = and(eq(orders.accountId, row.accountId), eq(orders.clientOrderId, row.clientOrderId));
  const sameKey =
    row.idempotencyKey === null
      ? undefined
      : and(eq(orders.userId, row.userId), eq(orders.idempotencyKey, row.idempotencyKey));
  const isNew = notExists(db.select({ id: orders.id }).from(orders).where(or(sameId, sameKey)));
  const written = await writeWhen(isNew, [insertOrder(db, row), insertEvent(db, row, draft)]);
  return written && { row, seq: written[1][0]?.seq ?? 0 };
}

/** Who sent it, where that is not the account's owner; for people to read. */
const senderOf = (actor: SubmitContext['actor']): string | null =>
  actor.kind === 'webhook' ? `By the webhook “${actor.hookName}”.` : null;

/** No new order leaves an account whose books were not compared with the venue's since the desk started, or whose keys are refused. */
export function refuseUnsettled(ctx: SubmitContext, account: Pick<AccountRecord, 'id'>): void {
  if (ctx.keys.since(account.id) !== null) {
    throw new DeskError(
      'unavailable',
      'The broker refuses the keys of this account, so it is paused: this order was not taken in, and nothing was sent. Replace the keys under Accounts; the desk also asks the broker again by itself, and goes on when it takes them.',
    );
  }
  if (!ctx.lanes.isHeld(account.id)) return;
  throw new DeskError(
    'unavailable',
    'The desk has just started and is settling the open orders of this account with the venue. Nothing was sent; send it again in a moment.',
  );
}

const byKey = prepared((db) =>
  db
    .select()
    .from(orders)
    .where(
      and(eq(orders.userId, sql.placeholder('userId')), eq(orders.idempotencyKey, sql.placeholder('key'))),
    )
    .prepare(),
);

/** The order that this row's idempotency key already made. Errors: `idempotency_mismatch`. */
export async function orderOfKey(db: Db, row: OrderRow): Promise<OrderRow | null> {
  if (row.idempotencyKey === null) return null;
  const before = await byKey(db).get({ userId: row.userId, key: row.idempotencyKey });
  if (before !== undefined && before.requestHash !== row.requestHash) {
    throw new DeskError(
      'idempotency_mismatch',
      'This idempotency key already belongs to a different order. Use a new key for a new order.',
    );
  }
  return before ?? null;
}
