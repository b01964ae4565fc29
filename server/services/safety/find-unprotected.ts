import { and, desc, eq, inArray, or } from 'drizzle-orm';
import { fills, holdings, orderEvents, orders } from '@/db/schema';
import { exact } from '@/domain/money';
import { UNCLOSED } from '@/domain/order/status';
import { type GroupOrder, type Unprotected, unprotected } from '@/domain/protection/unprotected';
import type { ServiceContext } from '../context';
import { type OrderRow, toOrder } from '../orders/order-record';

type Ctx = Pick<ServiceContext, 'database'>;
export type Place = { accountId: string; symbol: string };

export const inGroups = inArray(orders.orderClass, ['bracket', 'oco', 'oto']);
const PAGE = 500;
const wasStop = and(
  eq(orders.status, 'canceled'),
  inArray(orders.type, ['stop', 'stop_limit', 'trailing_stop']),
);

/** Signed shares by the desk's own books. */
export async function heldIn({ database: { db } }: Ctx, { accountId, symbol }: Place): Promise<string> {
  const [row] = await db
    .select({ qty: holdings.qty })
    .from(holdings)
    .where(and(eq(holdings.accountId, accountId), eq(holdings.symbol, symbol)))
    .limit(1);
  return row?.qty ?? '0';
}

/** What of a symbol's position has lost its stop, by the books as they stand. */
export async function findUnprotected(ctx: Ctx, place: Place): Promise<Unprotected[]> {
  const held = await heldIn(ctx, place);
  if (exact(held).isZero()) return [];
  const { db } = ctx.database;
  const here = and(eq(orders.accountId, place.accountId), eq(orders.symbol, place.symbol));
  const grouped = await db.select().from(orders).where(and(here, inGroups));
  if (grouped.length === 0) return [];
  const single = await db
    .select()
    .from(orders)
    .where(and(here, eq(orders.orderClass, 'simple'), or(inArray(orders.status, UNCLOSED), wasStop)));
  const meant = await cancelMeant(ctx, [...grouped, ...single]);
  const opened = await openedAt(ctx, place, held);
  const ofNow = grouped.filter(({ parentId, closedAt }) => {
    return parentId !== null || closedAt === null || Date.parse(closedAt) >= opened;
  });
  return unprotected(
    held,
    [...ofNow, ...single].map((row) => groupOrder(row, meant)),
  );
}

function groupOrder(row: OrderRow, meant: ReadonlySet<string>): GroupOrder {
  return { ...toOrder(row), isCancelMeant: meant.has(row.id), wantsStop: row.stopLoss !== null };
}

async function cancelMeant({ database: { db } }: Ctx, rows: readonly OrderRow[]): Promise<Set<string>> {
  const ids = rows.filter(({ status }) => status === 'canceled').map(({ id }) => id);
  if (ids.length === 0) return new Set();
  const asked = await db
    .selectDistinct({ id: orderEvents.orderId })
    .from(orderEvents)
    .where(and(inArray(orderEvents.orderId, ids), eq(orderEvents.type, 'cancel_requested')));
  return new Set(asked.map(({ id }) => id));
}

/**
 * When the position was opened (epoch ms): the execution after which it was never flat, nor on the other side. An
 * order that was over before has no part in it.
 */
async function openedAt({ database: { db } }: Ctx, place: Place, held: string): Promise<number> {
  const here = and(eq(fills.accountId, place.accountId), eq(orders.symbol, place.symbol));
  const side = exact(held).s;
  let qty = exact(held);
  for (let offset = 0; ; offset += PAGE) {
    const page = await db
      .select({ qty: fills.qty, side: orders.side, at: fills.at })
      .from(fills)
      .innerJoin(orders, eq(orders.id, fills.orderId))
      .where(here)
      .orderBy(desc(fills.at))
      .limit(PAGE)
      .offset(offset);
    for (const fill of page) {
      qty = fill.side === 'buy' ? qty.minus(fill.qty) : qty.plus(fill.qty);
      if (qty.isZero() || qty.s !== side) return Date.parse(fill.at);
    }
    // What was held before the books were opened has no execution.
    if (page.length < PAGE) return 0;
  }
}
