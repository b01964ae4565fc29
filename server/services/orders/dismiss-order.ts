import { DeskError } from '@/domain/errors';
import type { Order } from '@/domain/order/order';
import { isClosed } from '@/domain/order/status';
import { authorizeAccount } from '../accounts/account-record';
import type { UserContext } from '../context';
import { changeOrder } from './change-order';
import { findOwnOrder, getOrderRow, toOrder } from './order-record';
import { wantCancelled } from './venue/ask-to-cancel';
import { applyVenueOrder, DISMISSED } from './venue/apply-venue-order';
import { differingTerms } from './venue/terms';

/**
 * Closes an order in review on its owner's word that the venue never had it, after asking the venue once more:
 * found, it is adopted instead. Should it turn up later all the same, the venue's word stands and it is cancelled
 * there. Errors: `not_found`; `conflict` when it is not in review, or while the venue works an order under its id.
 */
export async function dismissOrder(ctx: UserContext, input: { id: string }): Promise<Order> {
  const row = await findOwnOrder(ctx, input.id);
  if (row.status !== 'needs_review') {
    throw new DeskError('conflict', 'This order is not in review, so there is nothing to decide about it.');
  }
  const account = await authorizeAccount(ctx, row.accountId);
  const venue = await ctx.sessions.of(account).execution.findByClientOrderId(row.clientOrderId);
  if (venue !== null && differingTerms(row, venue).length === 0) {
    await applyVenueOrder(ctx, account, venue);
    return toOrder(await getOrderRow(ctx, row.id));
  }
  if (venue !== null && !isClosed(venue.status)) {
    throw new DeskError(
      'conflict',
      'The venue still works an order under this id, with other terms. Cancel it first.',
    );
  }
  await wantCancelled(ctx, row.id, 'not placed, says its owner; cancelled at the venue should it turn up');
  const message = 'Its owner said that it was never placed.';
  return changeOrder(ctx, row.id, (current) =>
    current.status === 'needs_review'
      ? {
          set: { status: 'canceled', reasonCode: DISMISSED, reasonMessage: message },
          event: { type: 'status_changed', message },
        }
      : null,
  );
}
