import { DeskError } from '@/domain/errors';
import { isLeg, type Order } from '@/domain/order/order';
import { isClosed } from '@/domain/order/status';
import { type AccountRecord, authorizeAccount } from '../accounts/account-record';
import type { ServiceContext, UserContext } from '../context';
import { findOwnOrder, getOrderRow, type OrderRow, toOrder } from './order-record';
import { askToCancel, wantCancelled } from './venue/ask-to-cancel';

/**
 * Asks the venue to cancel an order. The answer shows `pending_cancel`; `canceled` follows when the venue
 * says so, and a fill may still come first. An order in doubt keeps its status: it is cancelled as soon as the
 * venue turns out to know it, and not sent again. Errors: `not_found`; `not_cancelable` when it is closed, or a leg
 * of a multi-leg order.
 */
export async function cancelOrder(ctx: UserContext, input: { id: string }): Promise<Order> {
  const row = await findOwnOrder(ctx, input.id);
  return cancelRow(ctx, await authorizeAccount(ctx, row.accountId), row);
}

/** Cancels an order of an account that the caller may act on. */
export async function cancelRow(ctx: ServiceContext, account: AccountRecord, row: OrderRow): Promise<Order> {
  if (isClosed(row.status)) {
    throw new DeskError(
      'not_cancelable',
      `This order is already ${row.status.replaceAll('_', ' ')}; there is nothing left to cancel.`,
    );
  }
  if (isLeg(row)) {
    throw new DeskError(
      'not_cancelable',
      `This is a leg of the multi-leg order ${row.parentId ?? ''}; cancel that order, and all its legs end.`,
    );
  }
  if (row.venueOrderId === null) {
    const wanted = await wantCancelled(ctx, row.id, 'cancelled at the venue should it turn up');
    ctx.followUp(account, row.id);
    return wanted;
  }
  const outcome = await askToCancel(ctx, account, row);
  if (outcome.kind === 'refused') {
    throw new DeskError('not_cancelable', `The venue would not cancel it: ${outcome.message}`, {
      venueCode: outcome.code,
    });
  }
  if (outcome.kind === 'doubted') ctx.followUp(account, row.id);
  return toOrder(await getOrderRow(ctx, row.id));
}
