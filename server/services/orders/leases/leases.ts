import { and, eq, isNull, notInArray, or, sql } from 'drizzle-orm';
import { orderEvents, orders, workers } from '@/db/schema';
import type { Database } from '@/db/client';
import type { OrderRow } from '../order-record';

/** The right to send one order. It ends when somebody takes the next token. */
export type Lease = { orderId: string; token: number };

export type Leases = {
  /** The columns of an order that is received by its sender; committed with it. */
  first(mayBeSent: boolean): Pick<OrderRow, 'leaseHolder' | 'leaseToken' | 'mayBeSent'>;
  /** Takes an order over from a sender that is gone, or anew from oneself. Null when it is another's by now. */
  take(row: Pick<OrderRow, 'id' | 'leaseToken'>): Promise<Lease | null>;
  /** What a sender must know just before it sends; null when the lease is no longer its own. */
  look(lease: Lease): Promise<{ mayBeSent: boolean; isUnwanted: boolean } | null>;
  /** Writes down whether the order may have left. False when the lease is no longer the caller's. */
  mark(lease: Lease, mayBeSent: boolean): Promise<boolean>;
};

const heldBy = ({ orderId, token }: Lease) => and(eq(orders.id, orderId), eq(orders.leaseToken, token));

const unwanted = sql<number>`exists (select 1 from ${orderEvents} where ${orderEvents.orderId} = ${orders.id} and ${orderEvents.type} = 'cancel_requested')`;

/**
 * Leases on orders, each taken by one statement, so that of two takers one gets it. Tokens come from the database
 * and only grow; no clock is compared. A lease lapses with its holder (see workers.ts), not by itself.
 */
export function createLeases({ db, write }: Pick<Database, 'db' | 'write'>, worker: string): Leases {
  return {
    first: (mayBeSent) => ({ leaseHolder: worker, leaseToken: 1, mayBeSent }),
    async take({ id, leaseToken }) {
      const living = db.select({ id: workers.id }).from(workers);
      const isFree = or(
        isNull(orders.leaseHolder),
        eq(orders.leaseHolder, worker),
        notInArray(orders.leaseHolder, living),
      );
      const token = leaseToken + 1;
      const { rowsAffected } = await write(() =>
        db
          .update(orders)
          .set({ leaseHolder: worker, leaseToken: token })
          .where(and(heldBy({ orderId: id, token: leaseToken }), isFree)),
      );
      return rowsAffected === 1 ? { orderId: id, token } : null;
    },
    async look(lease) {
      const [row] = await db
        .select({ mayBeSent: orders.mayBeSent, unwanted })
        .from(orders)
        .where(heldBy(lease))
        .limit(1);
      return row === undefined ? null : { mayBeSent: row.mayBeSent, isUnwanted: row.unwanted === 1 };
    },
    async mark(lease, mayBeSent) {
      const { rowsAffected } = await write(() => db.update(orders).set({ mayBeSent }).where(heldBy(lease)));
      return rowsAffected === 1;
    },
  };
}

/** Nothing of it ever left: its sender stopped before its turn came, and it may be sent without asking the venue. */
export const isUnsent = (row: Pick<OrderRow, 'status' | 'mayBeSent'>): boolean =>
  row.status === 'submitting' && !row.mayBeSent;
