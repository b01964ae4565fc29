import { DeskError } from '@/domain/errors';
import type { Order } from '@/domain/order/order';
import type { SubmitOrderInput } from '@/domain/order/submit-order';
import { authorizeAccount, type AuthorizedAccount } from '../accounts/account-record';
import type { UserContext } from '../context';
import { hashRequest, newOrder } from './new-order';
import { type OrderRow, toOrder } from './order-record';
import { checkRisk } from '../risk/check-risk';
import { denied } from './new-order';
import { orderOfKey, receiveOrder } from './receive-order';
import { orThrowRejection, settleOrder } from './venue/settle-order';

/**
 * Takes an order in, durably, and only then sends it. The answer is the order as the venue first spoke of
 * it; `unknown` means the venue's answer did not come, and the desk is asking. Errors: `invalid_input`,
 * `idempotency_mismatch`, `conflict` (a client order id used before), `order_denied` by our own risk rules,
 * `order_rejected` with the venue's code and words.
 */
export async function submitOrder(ctx: UserContext, input: SubmitOrderInput): Promise<Order> {
  const account = await authorizeAccount(ctx, input.accountId);
  await refuseUntradable(ctx, account, input.symbol);
  const { row, isNew } = await judgeAndReceive(ctx, account, input);
  if (!isNew || row.status === 'denied') return orThrowRejection(toOrder(row));
  ctx.watchOrders(account);
  const outcome = await ctx.sessions.of(account).execution.submit(row);
  return orThrowRejection(await settleOrder(ctx, account, row, outcome));
}

async function refuseUntradable(ctx: UserContext, account: AuthorizedAccount, symbol: string): Promise<void> {
  const asset = await ctx.feedOf(account).assets.find(symbol);
  if (asset?.tradable === true) return;
  const message = asset === null ? `${symbol} is not listed` : `${symbol} cannot be traded now`;
  throw new DeskError('invalid_input', `${message}. Search by ticker or company name.`, {
    fields: [{ field: 'symbol', message }],
  });
}

/** Risk rules first, then the books: a denied order is kept there too, and goes no further. */
function judgeAndReceive(ctx: UserContext, account: AuthorizedAccount, input: SubmitOrderInput) {
  return ctx.oneAtATime(account.id, async () => {
    const intent = intentOf(ctx, account, input);
    const before = await orderOfKey(ctx, intent);
    if (before !== null) return { row: before, isNew: false };
    const denials = await checkRisk(ctx, account, input);
    return receiveOrder(ctx, denied(intent, denials));
  });
}

function intentOf(ctx: UserContext, account: AuthorizedAccount, input: SubmitOrderInput): OrderRow {
  const { idempotencyKey, accountId: _accountId, clientOrderId, ...terms } = input;
  return newOrder(ctx.clock, account, {
    ...terms,
    ...(clientOrderId === undefined ? {} : { clientOrderId }),
    idempotencyKey: idempotencyKey ?? null,
    requestHash: hashRequest('submit', { ...terms, clientOrderId, accountId: account.id }),
  });
}
