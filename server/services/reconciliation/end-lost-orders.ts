import { and, eq, inArray } from 'drizzle-orm';
import { orders } from '@/db/schema';
import { isClosed, UNCLOSED } from '@/domain/order/status';
import type { AccountRecord } from '../accounts/account-record';
import { type ChangeContext, changeOrder } from '../orders/change-order';

const MESSAGE = 'The broker replaced the account by another one; what was open in it went with it.';

/** Ends what was open in an account that is no more, on the word of the owner who took over the one in its place. */
export async function endLostOrders(ctx: ChangeContext, account: AccountRecord): Promise<void> {
  const lost = await ctx.database.db
    .select({ id: orders.id })
    .from(orders)
    .where(and(eq(orders.accountId, account.id), inArray(orders.status, UNCLOSED)));
  for (const { id } of lost) {
    await changeOrder(ctx, id, ({ status }) =>
      isClosed(status)
        ? null
        : {
            set: { status: 'canceled', reasonCode: 'account_replaced', reasonMessage: MESSAGE },
            event: { type: 'status_changed', message: MESSAGE },
          },
    );
  }
}
