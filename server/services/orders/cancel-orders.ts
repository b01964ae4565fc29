import { and, eq, inArray } from 'drizzle-orm';
import { orders } from '@/db/schema';
import { DeskError } from '@/domain/errors';
import type { Order } from '@/domain/order/order';
import { ORDER_STATUSES, phaseOf } from '@/domain/order/status';
import { authorizeAccount } from '../accounts/account-record';
import type { UserContext } from '../context';
import { cancelOrder } from './cancel-order';

export type CancelledOrders = { requested: Order[]; failed: { id: string; message: string }[] };

/** Those in doubt too: they must not come to life after everything was cancelled. */
const UNCLOSED = ORDER_STATUSES.filter(
  (status) => phaseOf(status) !== 'closed' && status !== 'pending_cancel',
);
const AT_ONCE = 8;

/** Asks the venue to cancel every working order of an account, or those of one symbol. One failure stops no other. */
export async function cancelOrders(
  ctx: UserContext,
  input: { accountId?: string | undefined; symbol?: string | undefined },
): Promise<CancelledOrders> {
  const account = await authorizeAccount(ctx, input.accountId);
  const rows = await ctx.database.db
    .select({ id: orders.id })
    .from(orders)
    .where(
      and(
        eq(orders.accountId, account.id),
        inArray(orders.status, UNCLOSED),
        input.symbol === undefined ? undefined : eq(orders.symbol, input.symbol),
      ),
    );
  const waiting = rows.map(({ id }) => id);
  const result: CancelledOrders = { requested: [], failed: [] };
  const work = async () => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      try {
        result.requested.push(await cancelOrder(ctx, { id }));
      } catch (error) {
        if (!(error instanceof DeskError)) throw error;
        result.failed.push({ id, message: error.message });
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return result;
}
