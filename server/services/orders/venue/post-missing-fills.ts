import { and, eq } from 'drizzle-orm';
import { orders } from '@/db/schema';
import type { AccountRecord } from '../../accounts/account-record';
import type { SendContext } from './send-order';
import { changeOrder, newFill } from '../change-order';

type Ctx = Pick<SendContext, 'clock' | 'database' | 'log' | 'orderBus' | 'sessions'>;

/**
 * Posts the executions since `since` (RFC 3339) that the stream did not bring: those before it opened, and
 * those lost while it was down. Posting one that is in the books changes nothing.
 */
export async function postMissingFills(ctx: Ctx, account: AccountRecord, since: string): Promise<void> {
  for (const { venueOrderId, ...fill } of await ctx.sessions.of(account).execution.listFills(since)) {
    const [order] = await ctx.database.db
      .select({ id: orders.id })
      .from(orders)
      .where(and(eq(orders.accountId, account.id), eq(orders.venueOrderId, venueOrderId)))
      .limit(1);
    if (order === undefined) continue;
    await changeOrder(ctx, order.id, (row, posted) => {
      const fresh = newFill(fill, posted, row.filledQty);
      return fresh === null ? null : { set: {}, event: { type: 'filled' }, fill: fresh };
    });
  }
}
