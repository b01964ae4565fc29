import { DeskError } from '@/domain/errors';
import type { Order } from '@/domain/order/order';
import { isClosed } from '@/domain/order/status';
import { authorizeAccount } from '../accounts/account-record';
import type { UserContext } from '../context';
import { changeOrder } from './change-order';
import { findOwnOrder } from './order-record';

/**
 * Asks the venue to cancel an order. The answer shows `pending_cancel`; `canceled` follows when the venue
 * says so, and a fill may still come first. Errors: `not_found`; `not_cancelable` when it is closed.
 */
export async function cancelOrder(ctx: UserContext, input: { id: string }): Promise<Order> {
  const row = await findOwnOrder(ctx, input.id);
  if (isClosed(row.status)) {
    throw new DeskError(
      'not_cancelable',
      `This order is already ${row.status.replaceAll('_', ' ')}; there is nothing left to cancel.`,
    );
  }
  if (row.venueOrderId === null) {
    throw new DeskError(
      'not_cancelable',
      'The venue has not confirmed this order yet; the desk is asking. Try again in a few seconds.',
    );
  }
  const account = await authorizeAccount(ctx, row.accountId);
  const outcome = await ctx.sessions.of(account).execution.cancel(row.venueOrderId);
  if (outcome.kind === 'refused') {
    throw new DeskError('not_cancelable', `The venue would not cancel it: ${outcome.message}`, {
      venueCode: outcome.code,
    });
  }
  if (outcome.kind === 'doubted') {
    throw new DeskError(
      'broker_timeout',
      'The venue did not answer; the order may or may not be cancelled. Cancelling again is safe.',
    );
  }
  return changeOrder(ctx, row.id, (current) =>
    isClosed(current.status) || current.status === 'pending_cancel'
      ? null
      : { set: { status: 'pending_cancel' }, event: { type: 'cancel_requested' } },
  );
}
