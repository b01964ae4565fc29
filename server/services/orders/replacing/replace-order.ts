import { DeskError } from '@/domain/errors';
import type { Order } from '@/domain/order/order';
import { changeFault, type ReplaceOrderInput, restFault, restOf } from '@/domain/order/replace-order';
import { isClosed } from '@/domain/order/status';
import { authorizeAccount } from '../../accounts/account-record';
import type { UserContext } from '../../context';
import { checkRisk } from '../../risk/check-risk';
import { termsOf } from '../../risk/terms-of';
import { changeInPlace } from './change-in-place';
import { denied, newOrder } from '../new-order';
import { findOwnOrder, toOrder } from '../order-record';
import { receiveOrder, refuseUnsettled } from '../receive-order';
import { sendOrder } from '../venue/send-order';
import { orThrowRejection } from '../venue/settle-order';

/**
 * Asks the venue to put a changed order in the place of a working one, or to change it where it stands. The answer is the new order; the old
 * one ends as `replaced` when the venue says so, or fills first, and then the new one is rejected. Errors:
 * `not_found`, `conflict` when it is not working, `invalid_input` for what its kind does not take, `order_rejected` with the venue's words.
 */
export async function replaceOrder(ctx: UserContext, input: ReplaceOrderInput): Promise<Order> {
  const old = await findOwnOrder(ctx, input.id);
  const { venueOrderId } = old;
  if (isClosed(old.status) || venueOrderId === null) {
    throw new DeskError(
      'conflict',
      `This order is ${old.status.replaceAll('_', ' ')}; only an order that works at the venue can be changed.`,
    );
  }
  const account = await authorizeAccount(ctx, old.accountId);
  const { execution } = ctx.sessions.of(account);
  const qty = input.qty ?? old.qty;
  const isNewOrder = !execution.changesInPlace;
  const rest = isNewOrder ? restOf(old, qty) : null;
  const fault = changeFault(old, input) ?? (rest === null ? null : restFault(old, rest));
  if (fault !== null) {
    throw new DeskError('invalid_input', `${fault.field}: ${fault.message}`, { fields: [fault] });
  }
  refuseUnsettled(ctx, account);
  const intent = newOrder(ctx.clock, account, {
    symbol: old.symbol,
    side: old.side,
    positionIntent: old.positionIntent,
    legs: old.legs,
    type: old.type,
    orderClass: old.orderClass,
    extendedHours: old.extendedHours,
    parentId: old.parentId,
    timeInForce: input.timeInForce ?? old.timeInForce,
    qty: rest ?? qty,
    limitPrice: input.limitPrice ?? old.limitPrice,
    stopPrice: input.stopPrice ?? old.stopPrice,
    trailPrice: old.trailPrice === null ? null : (input.trail ?? old.trailPrice),
    trailPercent: old.trailPercent === null ? null : (input.trail ?? old.trailPercent),
    replacesId: old.id,
    requestHash: 'replacement',
  });
  if (!isNewOrder) return changeInPlace(ctx, account, { old, intent, input });
  const note = rest === null ? null : `for the ${rest} of ${qty} that had not filled`;
  const { row } = await ctx.oneAtATime(account.id, async () =>
    // A replacement is judged like an order, but is never a slip of sending the same one twice.
    receiveOrder(
      ctx,
      account,
      denied(intent, await checkRisk(ctx, account, { ...termsOf(intent), idempotencyKey: intent.id })),
      note,
    ),
  );
  if (row.status === 'denied') return orThrowRejection(toOrder(row));
  const change = {
    clientOrderId: row.clientOrderId,
    qty: rest ?? input.qty ?? null,
    limitPrice: input.limitPrice ?? null,
    stopPrice: input.stopPrice ?? null,
    trail: input.trail ?? null,
    timeInForce: input.timeInForce ?? null,
  };
  ctx.watchOrders(account);
  return orThrowRejection(await sendOrder(ctx, account, row, () => execution.replace(venueOrderId, change)));
}
