import { authorizeAccount } from '../accounts/account-record';
import type { UserContext } from '../context';
import { cancelOrders } from '../orders/cancel-orders';
import { untilClosed } from '../orders/until-closed';
import { closePositions } from '../positions/close-positions';
import { writeRisk } from '../risk/risk-profile';

type Killed = { accountId: string; blocked: boolean; cancelled: number; closing: number; failed: string[] };

/**
 * Stops an account: first nothing new passes but orders that close, then working orders are cancelled, then, if
 * asked, positions are closed at market. What failed is named; pressing it again is safe.
 */
export async function pullKillSwitch(
  ctx: UserContext,
  input: { accountId?: string | undefined; flatten: boolean },
): Promise<Killed> {
  const account = await authorizeAccount(ctx, input.accountId);
  await writeRisk(ctx, account, { blocked: true });
  const cancelled = await cancelOrders(ctx, { accountId: account.id });
  if (input.flatten) {
    await untilClosed(
      ctx,
      cancelled.requested.map(({ id }) => id),
    );
  }
  const closed = input.flatten
    ? await closePositions(ctx, { accountId: account.id, cancelOrders: false })
    : { orders: [], failed: [] };
  return {
    accountId: account.id,
    blocked: true,
    cancelled: cancelled.requested.length,
    closing: closed.orders.length,
    failed: [...cancelled.failed, ...closed.failed].map(({ message }) => message),
  };
}

export async function releaseKillSwitch(ctx: UserContext, input: { accountId?: string | undefined }) {
  const account = await authorizeAccount(ctx, input.accountId);
  await writeRisk(ctx, account, { blocked: false });
  return { accountId: account.id, blocked: false };
}
