import { and, eq } from 'drizzle-orm';
import { orders } from '@/db/schema';
import { DeskError } from '@/domain/errors';
import type { Order } from '@/domain/order/order';
import { contentOf } from '@/domain/webhook/alert';
import { orderOfAlert } from '@/domain/webhook/mapping';
import { authorizeAccount } from '../accounts/account-record';
import type { WebhookContext } from '../context';
import { toOrder } from '../orders/order-record';
import { placeOrder } from '../orders/submit-order';
import { orThrowRejection } from '../orders/venue/settle-order';
import { type Alert, claimAlert, keyOfAlert } from './claim-alert';
import { AlertFieldsError, type HookRow } from './hook-record';
import { judgeAlert } from './judge-alert';

/**
 * Makes the order of an alert that has proved itself, once: its id is bound to its body first, and the order's
 * idempotency key comes of hook and id. A repeat gets the order of the first, whatever the hook allows by now.
 * Errors: those of `claimAlert` and `submitOrder`; `invalid_input` for an alert that is no order; `order_denied`
 * by a limit of the hook.
 */
export async function receiveAlert(
  ctx: WebhookContext,
  hook: HookRow,
  alert: Alert,
): Promise<{ order: Order; isNew: boolean }> {
  await claimAlert(ctx, alert);
  const before = await orderMadeBy(ctx, alert.id);
  if (before !== null) return { order: orThrowRejection(before), isNew: false };
  const { order, faults } = orderOfAlert(contentOf(alert.body), hook.mapping);
  if (faults !== null) throw new AlertFieldsError(faults);
  const account = await authorizeAccount(ctx);
  const [denial] = await judgeAlert(ctx, account, hook, order);
  if (denial !== undefined) throw new DeskError('order_denied', denial.message, { rule: denial.rule });
  return placeOrder(ctx, { ...order, idempotencyKey: keyOfAlert(hook.id, alert.id) });
}

/** The order that an alert has made, if it has made one. */
export async function orderMadeBy(ctx: WebhookContext, alertId: string): Promise<Order | null> {
  const { userId, hookId } = ctx.actor;
  const [row] = await ctx.database.db
    .select()
    .from(orders)
    .where(and(eq(orders.userId, userId), eq(orders.idempotencyKey, keyOfAlert(hookId, alertId))))
    .limit(1);
  return row === undefined ? null : toOrder(row);
}
