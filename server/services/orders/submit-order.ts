import type { Order } from '@/domain/order/order';
import type { SubmitOrderInput } from '@/domain/order/submit-order';
import { authorizeAccount, type AuthorizedAccount } from '../accounts/account-record';
import type { SubmitContext } from '../context';
import { hashRequest, newOrder } from './new-order';
import { type OrderRow, toOrder } from './order-record';
import { checkRisk } from '../risk/check-risk';
import { refuseUnsendable } from '../risk/refuse-unsendable';
import { denied } from './new-order';
import { orderOfKey, receiveOrder, refuseUnsettled } from './receive-order';
import { sendOrder } from './venue/send-order';
import { orThrowRejection } from './venue/settle-order';

/**
 * Takes an order in, durably, and only then sends it. The answer is the order as the venue first spoke of
 * it; `submitting` means that its answer is not here yet, `unknown` that none came, and the desk is asking.
 * Errors: `invalid_input`, `idempotency_mismatch`, `conflict` (a client order id used before), `unavailable`
 * while the account is being settled, `order_denied` by our own risk rules, `order_rejected` with the venue's
 * code and words.
 */
export async function submitOrder(ctx: SubmitContext, input: SubmitOrderInput): Promise<Order> {
  return (await placeOrder(ctx, input)).order;
}

/** Like `submitOrder`, and says whether this call made the order or found the one that its key had made. */
export async function placeOrder(
  ctx: SubmitContext,
  input: SubmitOrderInput,
): Promise<{ order: Order; isNew: boolean }> {
  const account = await authorizeAccount(ctx, input.accountId);
  await refuseUnsendable(ctx, account, input);
  const { row, isNew } = await judgeAndReceive(ctx, account, input);
  if (!isNew || row.status === 'denied') return { order: orThrowRejection(toOrder(row)), isNew };
  ctx.watchOrders(account);
  const { execution } = ctx.sessions.of(account);
  const sent = await sendOrder(ctx, account, row, () => execution.submit(row));
  return { order: orThrowRejection(sent), isNew };
}

/** Risk rules first, then the books: a denied order is kept there too, and goes no further. */
function judgeAndReceive(ctx: SubmitContext, account: AuthorizedAccount, input: SubmitOrderInput) {
  return ctx.oneAtATime(account.id, async () => {
    const intent = intentOf(ctx, account, input);
    const before = await orderOfKey(ctx.database.db, intent);
    if (before !== null) return { row: before, isNew: false };
    refuseUnsettled(ctx, account);
    const denials = await checkRisk(ctx, account, input);
    return receiveOrder(ctx, account, denied(intent, denials));
  });
}

function intentOf(ctx: SubmitContext, account: AuthorizedAccount, input: SubmitOrderInput): OrderRow {
  const { idempotencyKey, accountId: _accountId, clientOrderId, ...terms } = input;
  return newOrder(ctx.clock, account, {
    ...terms,
    ...(clientOrderId === undefined ? {} : { clientOrderId }),
    idempotencyKey: idempotencyKey ?? null,
    requestHash: hashRequest('submit', { ...terms, clientOrderId, accountId: account.id }),
  });
}
