import { and, eq, inArray } from 'drizzle-orm';
import { orders } from '@/db/schema';
import { exact, plain } from '@/domain/money';
import type { Order } from '@/domain/order/order';
import { isClosed, UNCLOSED } from '@/domain/order/status';
import { type ChangeContext, changeOrder } from '../change-order';

/**
 * An order filled further while a change of it was on its way. The venue trades the changed order's quantity all the
 * same, so that more is traded than was asked for: its story must say so.
 * @param before what had filled as far as the desk knew until now
 */
export async function noteExcess(ctx: ChangeContext, old: Order, before: string): Promise<void> {
  const excess = plain(exact(old.filledQty).minus(before));
  const isOver = isClosed(old.status) && old.status !== 'replaced';
  if (isOver || exact(excess).lte(0)) return;
  const [heir] = await ctx.database.db
    .select({ id: orders.id })
    .from(orders)
    .where(
      and(
        eq(orders.accountId, old.accountId),
        inArray(orders.status, UNCLOSED),
        eq(orders.replacesId, old.id),
      ),
    )
    .limit(1);
  if (heir === undefined) return;
  const message = `${excess} more of the order it is to replace filled after this change was sent: with its own quantity that is ${excess} more than was asked for. Change or cancel it if that is too much.`;
  await changeOrder(ctx, heir.id, ({ status }) =>
    isClosed(status) ? null : { set: {}, event: { type: 'status_changed', message } },
  );
}
