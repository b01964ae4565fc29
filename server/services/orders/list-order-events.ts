import { and, asc, eq } from 'drizzle-orm';
import { fills, orderEvents } from '@/db/schema';
import type { OrderEvent } from '@/domain/order/event';
import type { UserContext } from '../context';
import { findOwnOrder, toEvent, toFill } from './order-record';

/** What happened to one of the actor's orders, from the first event on. Errors: `not_found`. */
export async function listOrderEvents(
  ctx: UserContext,
  input: { id: string },
): Promise<{ events: OrderEvent[] }> {
  const order = await findOwnOrder(ctx, input.id);
  const rows = await ctx.database.db
    .select({ event: orderEvents, fill: fills })
    .from(orderEvents)
    .leftJoin(
      fills,
      and(eq(fills.accountId, order.accountId), eq(fills.executionId, orderEvents.executionId)),
    )
    .where(eq(orderEvents.orderId, order.id))
    .orderBy(asc(orderEvents.seq));
  return {
    events: rows.map(({ event, fill }) =>
      toEvent(event.seq, order, { ...event, fill: fill === null ? null : toFill(fill) }),
    ),
  };
}
