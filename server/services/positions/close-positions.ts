import { DeskError } from '@/domain/errors';
import type { Order } from '@/domain/order/order';
import type { UserContext } from '../context';
import { cancelOrders } from '../orders/cancel-orders';
import { untilClosed } from '../orders/until-closed';
import { authorizeAccount } from '../accounts/account-record';
import { closePosition } from './close-position';

type Closed = { orders: Order[]; failed: { symbol: string; message: string }[] };

/** Closes every position of an account, if asked after cancelling its working orders. One failure stops no other. */
export async function closePositions(
  ctx: UserContext,
  input: { accountId?: string | undefined; cancelOrders: boolean },
): Promise<Closed> {
  const account = await authorizeAccount(ctx, input.accountId);
  if (input.cancelOrders) {
    const { requested } = await cancelOrders(ctx, { accountId: account.id });
    await untilClosed(
      ctx,
      requested.map(({ id }) => id),
    );
  }
  const positions = await ctx.sessions.of(account).execution.positions();
  const closed: Closed = { orders: [], failed: [] };
  for (const { symbol } of positions) {
    try {
      closed.orders.push(await closePosition(ctx, { accountId: account.id, symbol }));
    } catch (error) {
      if (!(error instanceof DeskError)) throw error;
      closed.failed.push({ symbol, message: error.message });
    }
  }
  return closed;
}
