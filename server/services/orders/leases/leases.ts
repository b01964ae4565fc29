import { and, eq, isNull, notInArray, or, sql } from 'drizzle-orm';
import { orderEvents, orders, workers } from '@/db/schema';
import type { Database } from '@/db/client';
import { prepared } from '@/db/prepared';
import { type AccountRecord, leavesByDeskAlone } from '../../accounts/account-record';
import type { OrderRow } from '../order-record';
import { changesOne } from './changes-one';

/** The right to send one order. It ends when somebody takes the next token. */
export type Lease = { orderId: string; token: number };

export type Leases = {
  /** The columns of an order that is received by its sender; committed with it. What leaves by the desk alone has it at once. */
  first(
    account: AccountRecord,
    mayBeSent: boolean,
  ): Pick<OrderRow, 'leaseHolder' | 'leaseToken' | 'mayBeSent'>;
  /** Takes an order over from a sender that is gone, or anew from oneself. Null when it is another's by now. */
  take(row: Pick<OrderRow, 'id' | 'leaseToken'>): Promise<Lease | null>;
  /** What a sender must know just before it sends; null when the lease is no longer its own. */
  look(lease: Lease): Promise<(Pick<OrderRow, 'mayBeSent' | 'status'> & { isUnwanted: boolean }) | null>;
  /** Writes down whether the order may have left. False when the lease is no longer the caller's. */
  mark(lease: Lease, mayBeSent: boolean): Promise<boolean>;
  /** Leaves an order to whoever asks its venue. False when the lease is no longer the caller's. */
  giveUp(lease: Lease): Promise<boolean>;
};

/** An answer that took so long may be from before a freeze of this process, and is asked for again. */
const STALE_MS = 1_000;

type Parts = Pick<Database, 'db' | 'write' | 'writeWhen'> & {
  worker: string;
  /** Orders are received for whichever worker takes them, not for this one; what leaves by the desk alone never. */
  shared: boolean;
  /** Milliseconds that only grow, also over a freeze. */
  elapsed: () => number;
};

const heldBy = ({ orderId, token }: Lease) => and(eq(orders.id, orderId), eq(orders.leaseToken, token));

const unwanted = sql<number>`exists (select 1 from ${orderEvents} where ${orderEvents.orderId} = ${orders.id} and ${orderEvents.type} = 'cancel_requested')`;

const stand = prepared((db) =>
  db
    .select({ mayBeSent: orders.mayBeSent, status: orders.status, unwanted })
    .from(orders)
    .where(and(eq(orders.id, sql.placeholder('orderId')), eq(orders.leaseToken, sql.placeholder('token'))))
    .prepare(),
);

/**
 * Leases on orders, each taken by one statement, so that of two takers one gets it. Tokens come from the database
 * and only grow; no clock is compared. A lease lapses with its holder (see workers.ts), not by itself.
 */
export function createLeases({ worker, shared, elapsed, ...database }: Parts): Leases {
  const { db } = database;
  return {
    first: (account, mayBeSent) =>
      shared && !leavesByDeskAlone(account)
        ? { leaseHolder: null, leaseToken: 0, mayBeSent: false }
        : { leaseHolder: worker, leaseToken: 1, mayBeSent },
    async take({ id, leaseToken }) {
      const isFree = or(
        isNull(orders.leaseHolder),
        eq(orders.leaseHolder, worker),
        notInArray(orders.leaseHolder, db.select({ id: workers.id }).from(workers)),
      );
      const token = leaseToken + 1;
      const isTaken = await changesOne(database, (tx) =>
        tx
          .update(orders)
          .set({ leaseHolder: worker, leaseToken: token })
          .where(and(heldBy({ orderId: id, token: leaseToken }), isFree)),
      );
      return isTaken ? { orderId: id, token } : null;
    },
    async look(lease) {
      for (;;) {
        const askedAt = elapsed();
        const row = await stand(db).get(lease);
        if (elapsed() - askedAt > STALE_MS) continue;
        if (row === undefined) return null;
        return { mayBeSent: row.mayBeSent, status: row.status, isUnwanted: row.unwanted === 1 };
      }
    },
    mark: (lease, mayBeSent) =>
      changesOne(database, (tx) => tx.update(orders).set({ mayBeSent }).where(heldBy(lease))),
    giveUp: (lease) =>
      changesOne(database, (tx) => tx.update(orders).set({ leaseHolder: null }).where(heldBy(lease))),
  };
}

/** Nothing of it ever left: its sender stopped before its turn came, and it may be sent without asking the venue. */
export const isUnsent = (row: Pick<OrderRow, 'status' | 'mayBeSent'>): boolean =>
  row.status === 'submitting' && !row.mayBeSent;
