import { DeskError } from '@/domain/errors';
import type { Order } from '@/domain/order/order';
import type { ReplaceOrderInput } from '@/domain/order/replace-order';
import { isClosed } from '@/domain/order/status';
import { authorizeAccount } from '../accounts/account-record';
import type { UserContext } from '../context';
import { checkRisk } from '../risk/check-risk';
import { denied, newOrder } from './new-order';
import { findOwnOrder, type OrderRow, toOrder } from './order-record';
import { receiveOrder } from './receive-order';
import { orThrowRejection, settleOrder } from './venue/settle-order';

/**
 * Asks the venue to put a changed order in the place of a working one. The answer is the new order; the old
 * one ends as `replaced` when the venue says so, or fills first, and then the new one is rejected. Errors:
 * `not_found`, `conflict` when it is not working, `order_rejected` with the venue's words.
 */
export async function replaceOrder(ctx: UserContext, input: ReplaceOrderInput): Promise<Order> {
  const old = await findOwnOrder(ctx, input.id);
  if (isClosed(old.status) || old.venueOrderId === null) {
    throw new DeskError(
      'conflict',
      `This order is ${old.status.replaceAll('_', ' ')}; only an order that works at the venue can be changed.`,
    );
  }
  const account = await authorizeAccount(ctx, old.accountId);
  const intent = newOrder(ctx.clock, account, {
    symbol: old.symbol,
    side: old.side,
    type: old.type,
    orderClass: old.orderClass,
    extendedHours: old.extendedHours,
    parentId: old.parentId,
    timeInForce: input.timeInForce ?? old.timeInForce,
    qty: input.qty ?? old.qty,
    limitPrice: input.limitPrice ?? old.limitPrice,
    stopPrice: input.stopPrice ?? old.stopPrice,
    trailPrice: old.trailPrice === null ? null : (input.trail ?? old.trailPrice),
    trailPercent: old.trailPercent === null ? null : (input.trail ?? old.trailPercent),
    replacesId: old.id,
    requestHash: 'replacement',
  });
  const { row } = await ctx.oneAtATime(account.id, async () =>
    receiveOrder(ctx, denied(intent, await checkRisk(ctx, account, termsOf(intent)))),
  );
  if (row.status === 'denied') return orThrowRejection(toOrder(row));
  const outcome = await ctx.sessions.of(account).execution.replace(old.venueOrderId, {
    clientOrderId: row.clientOrderId,
    qty: input.qty ?? null,
    limitPrice: input.limitPrice ?? null,
    stopPrice: input.stopPrice ?? null,
    trail: input.trail ?? null,
    timeInForce: input.timeInForce ?? null,
  });
  return orThrowRejection(await settleOrder(ctx, account, row, outcome));
}

/** A replacement is judged like an order, but is never a slip of sending the same one twice. */
function termsOf(row: OrderRow) {
  return {
    ...row,
    idempotencyKey: row.id,
    qty: row.qty ?? undefined,
    notional: row.notional ?? undefined,
    limitPrice: row.limitPrice ?? undefined,
    stopPrice: row.stopPrice ?? undefined,
    trailPrice: row.trailPrice ?? undefined,
    trailPercent: row.trailPercent ?? undefined,
    takeProfit: undefined,
    stopLoss: undefined,
  };
}
