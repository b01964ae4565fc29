import { and, asc, eq, gt, max, type SQL } from 'drizzle-orm';
import { fills, orderEvents, orders } from '@/db/schema';
import type { Database, Db } from '@/db/client';
import type { EventBus } from '@/server/platform/event-bus';
import type { OrderNotice } from '../context';
import { toEvent, toFill, toOrder } from '../orders/order-record';

/** The order side of a user's stream: what happened since a cursor, and what happens from now on. */
export type OrderStream = {
  /** The newest cursor of a user; '0' before the first event. */
  cursor(userId: string): Promise<string>;
  /** A page of the events after a cursor, oldest first; empty when nothing is left. */
  since(userId: string, cursor: string): Promise<OrderNotice[]>;
  subscribe(userId: string, listener: (notice: OrderNotice) => void): () => void;
};

/** So many events are read at a time; fewer mean that there are no more. */
export const PAGE_MAX = 500;

export function createOrderStream(database: Database, bus: EventBus<OrderNotice>): OrderStream {
  return {
    async cursor(userId) {
      const [row] = await database.db
        .select({ seq: max(orderEvents.seq) })
        .from(orderEvents)
        .where(eq(orderEvents.userId, userId));
      return String(row?.seq ?? 0);
    },
    async since(userId, cursor) {
      const after = gt(orderEvents.seq, Number(cursor));
      const told = await noticesOf(database.db, and(eq(orderEvents.userId, userId), after));
      return told.map(({ notice }) => notice);
    },
    subscribe: (userId, listener) => bus.subscribe(userId, listener),
  };
}

/** A page of what happened to anybody's orders after a cursor, oldest first. */
export const noticesSince = (db: Db, cursor: number) => noticesOf(db, gt(orderEvents.seq, cursor));

async function noticesOf(db: Db, which: SQL | undefined) {
  const rows = await db
    .select({ event: orderEvents, order: orders, fill: fills })
    .from(orderEvents)
    .innerJoin(orders, eq(orders.id, orderEvents.orderId))
    .leftJoin(
      fills,
      and(eq(fills.accountId, orders.accountId), eq(fills.executionId, orderEvents.executionId)),
    )
    .where(which)
    .orderBy(asc(orderEvents.seq))
    .limit(PAGE_MAX);
  return rows.map(({ event, order, fill }) => ({
    userId: event.userId,
    notice: {
      order: toOrder(order),
      event: toEvent(event.seq, order, { ...event, fill: fill === null ? null : toFill(fill) }),
    } satisfies OrderNotice,
  }));
}
