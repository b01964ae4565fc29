import type { AccountRecord } from '../../accounts/account-record';
import type { OrderRow } from '../order-record';
import { type SendContext, leaveInTurn } from './send-order';
import { senderOf } from './sender-of';

/**
 * Takes over an order of which nothing has left, because its sender stopped while it waited for its turn, and puts
 * it in its account's lane. Resolves when it stands there; of several that try, one gets it.
 */
export async function sendUnsent(ctx: SendContext, account: AccountRecord, row: OrderRow): Promise<void> {
  const failed = (error: unknown) => {
    ctx.log.error({ err: error, orderId: row.id }, 'an order was not sent');
    return null;
  };
  const lease = await ctx.leases.take(row).catch(failed);
  if (lease === null) return;
  ctx.log.warn(lease, 'an order whose sender stopped before sending it is taken over');
  const sending = leaveInTurn(ctx, account, { ...row, leaseToken: lease.token }, async () => {
    const submit = await senderOf(ctx, account, row);
    return submit === null ? { kind: 'pointless' } : submit();
  });
  void sending.catch(failed);
}
