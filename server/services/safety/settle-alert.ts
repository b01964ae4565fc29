import { and, eq, inArray } from 'drizzle-orm';
import { z } from 'zod';
import { orders } from '@/db/schema';
import { DeskError } from '@/domain/errors';
import { exact, plain } from '@/domain/money';
import type { UnprotectedAlert } from '@/domain/protection/alert';
import type { Order } from '@/domain/order/order';
import { phaseOf, UNCLOSED } from '@/domain/order/status';
import { idempotencyKeyInput, type SubmitOrderInput } from '@/domain/order/submit-order';
import { newId } from '@/server/platform/ids';
import { type AuthorizedAccount, authorizeAccount } from '../accounts/account-record';
import type { UserContext } from '../context';
import { cancelRow } from '../orders/cancel-order';
import { getOrderRow, type OrderRow } from '../orders/order-record';
import { submitOrder } from '../orders/submit-order';
import { untilClosed } from '../orders/until-closed';
import { findOwnAlert } from './alert-record';

export const settleAlertInput = z.strictObject({
  id: z.string().min(1).max(64),
  idempotencyKey: idempotencyKeyInput.optional(),
});
type Settle = z.infer<typeof settleAlertInput>;

/**
 * Closes the shares that have no stop, at market. The exits that still work hold them, so those end first. Errors:
 * `not_found`; `conflict` when the alert is settled or nothing is left; those of cancelling and submitting.
 */
export async function closeUnprotected(ctx: UserContext, input: Settle): Promise<Order> {
  const { alert, account } = await openAlert(ctx, input.id);
  const { qty } = await freeShares(ctx, account, alert);
  return submitOrder(ctx, { ...closing(ctx, alert, input), qty, type: 'market', timeInForce: 'day' });
}

/**
 * Places the stop again as it was asked for. Where the other exit still works it gives way to both as one (oco),
 * because shares are held by one exit alone. Errors: as of closing, and `conflict` where the order's stop is not
 * known to the desk.
 */
export async function placeStopAgain(ctx: UserContext, input: Settle): Promise<Order> {
  const { alert, account, entry } = await openAlert(ctx, input.id);
  const { stopLoss } = entry;
  if (stopLoss === null)
    throw new DeskError('conflict', 'The desk does not know the stop of this order. Place one yourself.');
  const { qty, profit } = await freeShares(ctx, account, alert);
  const base = { ...closing(ctx, alert, input), qty, timeInForce: entry.timeInForce };
  const takeProfit = entry.takeProfit ?? (profit === null ? null : { limitPrice: profit });
  if (profit !== null && takeProfit !== null)
    return submitOrder(ctx, { ...base, type: 'limit', orderClass: 'oco', takeProfit, stopLoss });
  const { stopPrice, limitPrice } = stopLoss;
  if (limitPrice === undefined) return submitOrder(ctx, { ...base, type: 'stop', stopPrice });
  return submitOrder(ctx, { ...base, type: 'stop_limit', stopPrice, limitPrice });
}

async function openAlert(ctx: UserContext, id: string) {
  const alert = await findOwnAlert(ctx, id);
  if (alert.clearedAt !== null)
    throw new DeskError('conflict', 'This alert is settled: the position is closed or has a stop again.');
  const account = await authorizeAccount(ctx, alert.accountId);
  return { alert, account, entry: await getOrderRow(ctx, alert.orderId) };
}

/** Ends the exits of the alert's order that still hold its shares; answers with what is left of them. */
async function freeShares(
  ctx: UserContext,
  account: AuthorizedAccount,
  alert: UnprotectedAlert,
): Promise<{ qty: string; profit: string | null }> {
  const held = await ctx.database.db
    .select()
    .from(orders)
    .where(and(eq(orders.parentId, alert.orderId), inArray(orders.status, UNCLOSED)));
  const entry = await getOrderRow(ctx, alert.orderId);
  const working: OrderRow[] = [...held, ...(phaseOf(entry.status) === 'closed' ? [] : [entry])];
  for (const row of working) await cancelRow(ctx, account, row);
  await untilClosed(
    ctx,
    working.map(({ id }) => id),
  );
  const positions = await ctx.sessions.of(account).execution.positions();
  const position = positions.find(({ symbol }) => symbol === alert.symbol);
  const isTheirs = position?.side === (alert.side === 'sell' ? 'long' : 'short');
  const left = isTheirs ? exact(position.qty).abs() : exact(0);
  if (left.isZero())
    throw new DeskError('conflict', `Nothing is left of ${alert.symbol} to close or protect.`);
  const qty = left.lt(alert.qty) ? plain(left) : alert.qty;
  return { qty, profit: working.find(({ type }) => type === 'limit')?.limitPrice ?? null };
}

function closing(
  ctx: UserContext,
  alert: UnprotectedAlert,
  { idempotencyKey }: Settle,
): Pick<
  SubmitOrderInput,
  'accountId' | 'symbol' | 'side' | 'extendedHours' | 'orderClass' | 'idempotencyKey'
> {
  return {
    accountId: alert.accountId,
    symbol: alert.symbol,
    side: alert.side,
    extendedHours: false,
    orderClass: 'simple',
    idempotencyKey: idempotencyKey ?? newId('alert', ctx.clock.now()),
  };
}
