import { eq, sql } from 'drizzle-orm';
import { prepared } from '@/db/prepared';
import { fills, orders } from '@/db/schema';
import { exact } from '@/domain/money';
import type { OrderEvent } from '@/domain/order/event';
import type { Fill, Order } from '@/domain/order/order';
import { isClosed } from '@/domain/order/status';
import type { ServiceContext } from '../context';
import { fillStatements } from '../books/post';
import { sealed } from '@/db/audit/digests';
import type { Lease } from './leases/leases';
import {
  type EventDraft,
  insertEvent,
  orderRow,
  type OrderRow,
  toEvent,
  toOrder,
  updateOrder,
} from './order-record';

export type OrderChange = {
  set: Partial<
    Pick<
      OrderRow,
      | 'status'
      | 'venueOrderId'
      | 'qty'
      | 'limitPrice'
      | 'stopPrice'
      | 'parentId'
      | 'filledQty'
      | 'filledAvgPrice'
      | 'reasonCode'
      | 'reasonMessage'
      | 'submittedAt'
      | 'closedAt'
      | 'leaseHolder'
    >
  >;
  event: Omit<EventDraft, 'at' | 'status'>;
  fill?: Fill | null;
};

export type PostedFill = Pick<Fill, 'executionId' | 'qty'>;

const postedOf = prepared((db) =>
  db
    .select({ executionId: fills.executionId, qty: fills.qty })
    .from(fills)
    .where(eq(fills.orderId, sql.placeholder('orderId')))
    .prepare(),
);

/**
 * The execution if it is not in the books yet. Its id tells, and so does the sum: the venue's own records may
 * name the same execution otherwise than its stream, and no order fills beyond what the venue says it filled.
 */
export function newFill(fill: Fill | null, posted: readonly PostedFill[], filledQty: string): Fill | null {
  if (fill === null || posted.some(({ executionId }) => executionId === fill.executionId)) return null;
  const sum = posted.reduce((total, { qty }) => total.plus(qty), exact(fill.qty));
  return sum.gt(filledQty) ? null : fill;
}

export type ChangeContext = Pick<ServiceContext, 'clock' | 'database' | 'log' | 'orderBus'> & {
  /** Under which the caller acts; when somebody took the order over meanwhile, the caller changes nothing of it. */
  lease?: Lease;
};

type Decide = (row: OrderRow, posted: readonly PostedFill[]) => OrderChange | null;
type Changed = { row: OrderRow; event: OrderEvent | null };

/**
 * The one way an order's row changes: reads it, lets `decide` say what follows, and commits row, event, fill and
 * ledger together before anyone hears of it. `decide` answers null when there is nothing new; where the row moved
 * meanwhile it is asked again.
 */
export async function changeOrder(ctx: ChangeContext, orderId: string, decide: Decide): Promise<Order> {
  const changed = (await changeAtOnce(ctx, orderId, decide)) ?? (await changeAlone(ctx, orderId, decide));
  const order = toOrder(changed.row);
  if (changed.event !== null) ctx.orderBus.publish(changed.row.userId, { order, event: changed.event });
  return order;
}

/** Alone among all writers from the reading on. */
function changeAlone(ctx: ChangeContext, orderId: string, decide: Decide): Promise<Changed> {
  return ctx.database.write(async (db) => {
    const row = await orderRow(db, orderId);
    if (ctx.lease?.orderId === orderId && ctx.lease.token !== row.leaseToken) {
      ctx.log.warn({ ...ctx.lease, newest: row.leaseToken }, 'a late sender changed nothing');
      return { row, event: null };
    }
    const posted = await postedOf(db).all({ orderId });
    const change = decide(row, posted);
    if (change === null) return { row, event: null };
    const { fill = null } = change;
    const { set, next, draft } = outcomeOf(ctx, row, change);
    const booked =
      fill === null
        ? []
        : [
            db.insert(fills).values({ ...fill, accountId: row.accountId, orderId }),
            ...(await fillStatements(db, row, fill)),
          ];
    const [inserted] = await db.batch([
      insertEvent(db, next, draft),
      updateOrder(db, orderId, set),
      ...booked,
    ]);
    return { row: next, event: toEvent(inserted[0]?.seq ?? 0, row, draft) };
  });
}

/**
 * On a server: two round trips and no lock between them. Every change of an order adds to its story and every taking
 * of it a token, so the story's digest and the token say that nothing came in between. Null when something did, and for
 * an execution, which reads and changes more than its order.
 */
async function changeAtOnce(ctx: ChangeContext, orderId: string, decide: Decide): Promise<Changed | null> {
  const { db, writeWhen } = ctx.database;
  if (writeWhen === null) return null;
  const [[row], posted] = await db.batch([
    db.select().from(orders).where(eq(orders.id, orderId)).limit(1),
    db
      .select({ executionId: fills.executionId, qty: fills.qty })
      .from(fills)
      .where(eq(fills.orderId, orderId)),
  ]);
  const isLate = ctx.lease?.orderId === orderId && ctx.lease.token !== row?.leaseToken;
  if (row === undefined || isLate) return null;
  const change = decide(row, posted);
  if (change === null) return { row, event: null };
  if (change.fill) return null;
  const { set, next, draft } = outcomeOf(ctx, row, change);
  const isAsRead = sql`exists (select 1 from ${orders} where ${orders.id} = ${orderId} and ${orders.leaseToken} = ${row.leaseToken} and ${orders.storyDigest} is ${row.storyDigest})`;
  const written = await writeWhen(isAsRead, [insertEvent(db, next, draft), updateOrder(db, orderId, set)]);
  return written && { row: next, event: toEvent(written[0][0]?.seq ?? 0, row, draft) };
}

/** What a change makes of a row, and what is told of it. */
function outcomeOf(
  { clock }: ChangeContext,
  row: OrderRow,
  { set: wanted, event, fill = null }: OrderChange,
) {
  const at = clock.iso();
  const set: Partial<OrderRow> = { ...wanted, updatedAt: at };
  if (isClosed(set.status ?? row.status) && (set.closedAt ?? row.closedAt) === null) set.closedAt = at;
  const draft: EventDraft = { ...event, fill, status: set.status ?? row.status, at };
  const next = sealed({ ...row, ...set }, draft);
  const { storyDigest, rowDigest } = next;
  return { set: { ...set, storyDigest, rowDigest }, next, draft };
}
