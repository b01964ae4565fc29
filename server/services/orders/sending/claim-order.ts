import { and, asc, eq, exists, inArray, isNotNull, isNull, notExists, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/sqlite-core';
import type { Db } from '@/db/client';
import { connections, orderEvents, orders, workers } from '@/db/schema';
import {
  leavesByDeskAlone,
  type PaperRecord,
  selectAccounts,
  toRecords,
} from '../../accounts/account-record';
import { changesOne } from '../leases/changes-one';
import type { OrderRow } from '../order-record';
import type { SendContext } from '../venue/send-order';

/** An order that this process alone may send now, with the lease that says so in its row. */
export type Claim = { account: PaperRecord; row: OrderRow };

type Ctx = Pick<SendContext, 'database' | 'workers'>;
/** The accounts whose venue a process can reach; never those whose orders leave by the desk alone. */
export type Kinds = readonly PaperRecord['kind'][];

/** The order of intake: events are numbered as they commit. */
const intake = sql`(select min(${orderEvents.seq}) from ${orderEvents} where ${orderEvents.orderId} = ${orders.id})`;

/** That a living worker is at an order of the account, or waits out a 429 with it. */
function heldOf(db: Db, accountId: string) {
  const others = alias(orders, 'others');
  return db
    .select({ id: others.id })
    .from(others)
    .innerJoin(workers, eq(workers.id, others.leaseHolder))
    .where(and(eq(others.status, 'submitting'), eq(sql`+${others.accountId}`, accountId)));
}

const enteredAs = (db: Db, self: string) =>
  db.select({ id: workers.id }).from(workers).where(eq(workers.id, self));

/** The order that may leave the account next, if one may: the oldest of those of which nothing has left. */
const nextOf = (db: Db, self: string, accountId: string) =>
  db
    .select()
    .from(orders)
    .where(
      and(
        eq(orders.status, 'submitting'),
        eq(orders.mayBeSent, false),
        eq(sql`+${orders.accountId}`, accountId),
        notExists(heldOf(db, accountId)),
        exists(enteredAs(db, self)),
      ),
    )
    .orderBy(asc(intake))
    .limit(1);

/**
 * Takes the lease of the account's next order and marks it as perhaps sent, by one statement, so that of all
 * processes one sends for an account at a time. Null when there is none to take.
 */
export async function claimNext(
  { database, workers: own }: Ctx,
  accountId: string,
  kinds: Kinds,
): Promise<Claim | null> {
  // Without a lock: mostly there is nothing, or another is at it. Nothing earlier can come in between.
  const { db } = database;
  const [[row], found] = await db.batch([
    nextOf(db, own.id, accountId),
    selectAccounts(db, eq(connections.id, accountId)),
  ]);
  const [account] = toRecords(found);
  if (
    row === undefined ||
    account === undefined ||
    leavesByDeskAlone(account) ||
    !kinds.includes(account.kind)
  )
    return null;
  const lease = { leaseHolder: own.id, leaseToken: row.leaseToken + 1, mayBeSent: true };
  const isTaken = await changesOne(database, (tx) =>
    tx
      .update(orders)
      .set(lease)
      .where(isStillFree(tx, own.id, row)),
  );
  return isTaken ? { account, row: { ...row, ...lease } } : null;
}

/** That the order is as it was read, no living worker is at one of its account, and this one is entered. */
function isStillFree(db: Db, self: string, { id, accountId, leaseToken }: OrderRow) {
  return and(
    eq(orders.id, id),
    eq(orders.leaseToken, leaseToken),
    eq(orders.status, 'submitting'),
    eq(orders.mayBeSent, false),
    notExists(heldOf(db, accountId)),
    exists(enteredAs(db, self)),
  );
}

/** Accounts of these kinds with an order that nobody is at and of which nothing has left. */
export async function accountsWithUnsent({ database }: Ctx, kinds: Kinds): Promise<string[]> {
  const rows = await database.db
    .selectDistinct({ id: orders.accountId })
    .from(orders)
    .innerJoin(connections, eq(connections.id, orders.accountId))
    .where(
      and(
        eq(orders.status, 'submitting'),
        eq(orders.mayBeSent, false),
        inArray(connections.kind, [...kinds]),
        isNull(connections.removedAt),
        sql`not coalesce(${orders.leaseHolder} in (select ${workers.id} from ${workers}), 0)`,
      ),
    );
  return rows.map(({ id }) => id);
}

/** Whether a process that lives, other than this one, is at the order. */
export async function isElsewhere({ database, workers: own }: Ctx, orderId: string): Promise<boolean> {
  const [found] = await database.db
    .select({ holder: orders.leaseHolder })
    .from(orders)
    .innerJoin(workers, eq(workers.id, orders.leaseHolder))
    .where(and(eq(orders.id, orderId), eq(orders.status, 'submitting'), isNotNull(orders.leaseHolder)))
    .limit(1);
  return found !== undefined && found.holder !== own.id;
}
