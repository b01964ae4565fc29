import { and, eq, sql } from 'drizzle-orm';
import { orderEvents, orders } from '@/db/schema';
import type { Db } from '@/db/client';
import { columnsOf, placeholdersOf, prepared, preparedItem } from '@/db/prepared';
import { DeskError } from '@/domain/errors';
import type { OrderEvent, OrderEventType } from '@/domain/order/event';
import type { Fill, Order } from '@/domain/order/order';
import type { OrderStatus } from '@/domain/order/status';
import type { ServiceContext, UserContext } from '../context';
import type { SealedRow } from '@/db/audit/digests';

export type OrderRow = typeof orders.$inferSelect;

/** An order as answers show it. */
export function toOrder(row: OrderRow): Order {
  const { reasonCode, reasonMessage, userId: _user, takeProfit: _profit, stopLoss: _loss, ...rest } = row;
  const { idempotencyKey: _key, requestHash: _hash, leaseHolder: _holder, ...more } = rest;
  const { leaseToken: _token, mayBeSent: _sent, storyDigest: _story, rowDigest: _row, ...order } = more;
  const reason = reasonMessage === null ? null : { code: reasonCode ?? '', message: reasonMessage };
  return { ...order, reason };
}

/** One of the actor's own orders; anybody else's reads as not found. */
export async function findOwnOrder(ctx: UserContext, orderId: string): Promise<OrderRow> {
  const [row] = await ctx.database.db
    .select()
    .from(orders)
    .where(and(eq(orders.id, orderId), eq(orders.userId, ctx.actor.userId)))
    .limit(1);
  if (row === undefined)
    throw new DeskError('not_found', 'There is no such order. List your orders to see their ids.');
  return row;
}

export type EventDraft = {
  type: OrderEventType;
  status: OrderStatus;
  fill?: Fill | null;
  message?: string | null;
  at: string;
};

const newRow = preparedItem((db) => db.insert(orders).values(placeholdersOf(orders, columnsOf(orders))));

/** The statement that adds an order's row. */
export const insertOrder = (db: Db, row: SealedRow) => newRow(db, row);

const changes = new Map<string, ReturnType<typeof changeOf>>();
const changeOf = (names: readonly (keyof OrderRow)[]) =>
  preparedItem((db) =>
    db
      .update(orders)
      .set(placeholdersOf(orders, names))
      .where(eq(orders.id, sql.placeholder('ofOrder'))),
  );

/** The statement that changes some columns of an order's row; there are few kinds of change. */
export function updateOrder(db: Db, id: string, set: Partial<OrderRow>) {
  const names = columnsOf(orders).filter((name) => set[name] !== undefined);
  const kind = names.join();
  const change = changes.get(kind) ?? changeOf(names);
  changes.set(kind, change);
  return change(db, { ...set, ofOrder: id });
}

const newEvent = preparedItem((db) =>
  db
    .insert(orderEvents)
    .values(
      placeholdersOf(orderEvents, [
        'orderId',
        'userId',
        'type',
        'status',
        'executionId',
        'message',
        'at',
        'digest',
      ]),
    )
    .returning({ seq: orderEvents.seq }),
);

/** The statement that appends an event to an order's story; the order's row, sealed with it, is written beside it. */
export const insertEvent = (
  db: Db,
  order: Pick<SealedRow, 'id' | 'userId' | 'storyDigest'>,
  draft: EventDraft,
) =>
  newEvent(db, {
    orderId: order.id,
    userId: order.userId,
    type: draft.type,
    status: draft.status,
    executionId: draft.fill?.executionId ?? null,
    message: draft.message ?? null,
    at: draft.at,
    digest: order.storyDigest,
  });

/** The statement that seals an order's row which an event leaves as it was. */
export const sealStatement = (db: Db, { id, storyDigest, rowDigest }: SealedRow) =>
  updateOrder(db, id, { storyDigest, rowDigest });

export function toEvent(seq: number, order: Pick<OrderRow, 'id'>, draft: EventDraft): OrderEvent {
  return {
    seq,
    orderId: order.id,
    type: draft.type,
    status: draft.status,
    fill: draft.fill ?? null,
    message: draft.message ?? null,
    at: draft.at,
  };
}

const byId = prepared((db) =>
  db
    .select()
    .from(orders)
    .where(eq(orders.id, sql.placeholder('id')))
    .prepare(),
);

/** An order's row as it stands, whoever owns it. */
export async function orderRow(db: Db, id: string): Promise<OrderRow> {
  const row = await byId(db).get({ id });
  if (row === undefined) throw new Error(`order ${id} has gone`);
  return row;
}

export const getOrderRow = ({ database }: Pick<ServiceContext, 'database'>, id: string): Promise<OrderRow> =>
  orderRow(database.db, id);

const byClientOrderId = prepared((db) =>
  db
    .select()
    .from(orders)
    .where(
      and(
        eq(orders.accountId, sql.placeholder('accountId')),
        eq(orders.clientOrderId, sql.placeholder('clientOrderId')),
      ),
    )
    .prepare(),
);

/** The account's order with this client order id; undefined when there is none. */
export const orderOfClientId = (db: Db, accountId: string, clientOrderId: string) =>
  byClientOrderId(db).get({ accountId, clientOrderId });

/** One of the actor's own orders. Errors: `not_found`. */
export async function getOrder(ctx: UserContext, input: { id: string }): Promise<Order> {
  return toOrder(await findOwnOrder(ctx, input.id));
}

/** An execution as answers show it. */
export const toFill = ({ executionId, qty, price, at }: Fill): Fill => ({ executionId, qty, price, at });
