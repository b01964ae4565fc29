import { and, asc, eq, exists, inArray, isNotNull, isNull, notExists, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/sqlite-core';
import type { Db } from '@/db/client';
import { connections, orderEvents, orders, workers } from '@/db/schema';
import { accountRecords, isLive, type PaperRecord } from '../../accounts/account-record';
import type { OrderRow } from '../order-record';
import type { SendContext } from '../venue/send-order';

/** An order that this process alone may send now, with the lease that says so in its row. */
export type Claim = { account: PaperRecord; row: OrderRow };

type Ctx = Pick<SendContext, 'database' | 'workers'>;
/** The accounts whose venue a process can reach; never live ones, whose orders leave by the desk that arms them. */
export type Kinds = readonly PaperRecord['kind'][];

/** The order of intake: events are numbered as they commit. */
const intake = sql`(select min(${orderEvents.seq}) from ${orderEvents} where ${orderEvents.orderId} = ${orders.id})`;
const living = (holder: unknown) => sql<number>`${holder} in (select ${workers.id} from ${workers})`;

type Standing = { row: OrderRow; isHeld: number | null; isEntered: number };

/** The account's unanswered orders, in the order they came; few at any time, found by their status. */
function standing(db: Db, self: string, accountId: string): Promise<Standing[]> {
  return db
    .select({
      row: orders,
      isHeld: living(orders.leaseHolder),
      isEntered: living(sql`${self}`),
    })
    .from(orders)
    .where(and(eq(orders.status, 'submitting'), eq(sql`+${orders.accountId}`, accountId)))
    .orderBy(asc(intake));
}

/** The one that may leave next; none while a living worker is at an order of the account, or waits out a 429. */
function nextOf(rows: readonly Standing[]): OrderRow | undefined {
  if (rows.some(({ isHeld }) => isHeld === 1)) return undefined;
  return rows.find(({ row, isEntered }) => !row.mayBeSent && isEntered === 1)?.row;
}

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
  const row = nextOf(await standing(database.db, own.id, accountId));
  if (row === undefined) return null;
  const [account] = await accountRecords(database.db, eq(connections.id, accountId));
  if (account === undefined || isLive(account) || !kinds.includes(account.kind)) return null;
  const lease = { leaseHolder: own.id, leaseToken: row.leaseToken + 1, mayBeSent: true };
  const { rowsAffected } = await database.write((db) =>
    db
      .update(orders)
      .set(lease)
      .where(isStillFree(db, own.id, row)),
  );
  return rowsAffected === 1 ? { account, row: { ...row, ...lease } } : null;
}

/** That the order is as it was read, no living worker is at one of its account, and this one is entered. */
function isStillFree(db: Db, self: string, { id, accountId, leaseToken }: OrderRow) {
  const others = alias(orders, 'others');
  const held = db
    .select({ id: others.id })
    .from(others)
    .innerJoin(workers, eq(workers.id, others.leaseHolder))
    .where(and(eq(others.status, 'submitting'), eq(sql`+${others.accountId}`, accountId)));
  const entered = db.select({ id: workers.id }).from(workers).where(eq(workers.id, self));
  return and(
    eq(orders.id, id),
    eq(orders.leaseToken, leaseToken),
    eq(orders.status, 'submitting'),
    eq(orders.mayBeSent, false),
    notExists(held),
    exists(entered),
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
        sql`not coalesce(${living(orders.leaseHolder)}, 0)`,
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
