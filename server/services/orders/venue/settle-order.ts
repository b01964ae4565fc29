import { DeskError } from '@/domain/errors';
import type { Order } from '@/domain/order/order';
import type { SubmitOutcome } from '@/server/brokers/ports';
import type { AccountRecord } from '../../accounts/account-record';
import { applyVenueOrder } from './apply-venue-order';
import { changeOrder } from '../change-order';
import { type OrderRow, toOrder } from '../order-record';
import type { SendContext } from './send-order';

/** Records the venue's answer to an order that was sent. */
export async function settleOrder(
  ctx: SendContext,
  account: AccountRecord,
  row: OrderRow,
  outcome: SubmitOutcome,
): Promise<Order> {
  if (outcome.kind === 'acknowledged') {
    return (await applyVenueOrder(ctx, account, outcome.order)) ?? toOrder(row);
  }
  if (outcome.kind === 'rejected') {
    return changeOrder(ctx, row.id, (current) =>
      current.venueOrderId === null
        ? {
            set: { status: 'rejected', reasonCode: outcome.code, reasonMessage: outcome.message },
            event: { type: 'status_changed', message: outcome.message },
          }
        : null,
    );
  }
  // No readable answer, or an id the venue has seen: it may exist there. Only the venue can say, and any process
  // may ask it.
  return changeOrder(ctx, row.id, (current) =>
    current.status === 'submitting'
      ? {
          set: { status: 'unknown', leaseHolder: null },
          event: { type: 'doubted', message: outcome.message },
        }
      : null,
  );
}

/** A denied or rejected order stays in the books, and its caller hears the reason. */
export function orThrowRejection(order: Order): Order {
  if (order.reason === null) return order;
  const { code, message } = order.reason;
  if (order.status === 'denied') throw new DeskError('order_denied', message, { rule: code });
  if (order.status !== 'rejected') return order;
  throw new DeskError('order_rejected', `The venue rejected this order: ${message}`, { venueCode: code });
}
