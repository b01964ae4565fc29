import { DeskError } from '@/domain/errors';
import { classOf } from '@/domain/market/symbols';
import { tradingDayStart } from '@/domain/market/trading-day';
import type { Order } from '@/domain/order/order';
import type { SubmitOrderInput } from '@/domain/order/submit-order';
import type { OrderTerms } from '@/server/brokers/ports';
import { authorizeAccount, type AuthorizedAccount } from '../accounts/account-record';
import type { ServiceContext, SubmitContext } from '../context';
import { hashRequest, newOrder } from './new-order';
import { type OrderRow, toOrder } from './order-record';
import { checkRisk } from '../risk/check-risk';
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
  refuseUnsupported(ctx, account, input);
  // Of a paused account the venue is asked nothing; its order is refused below, or was made before.
  if (ctx.keys.since(account.id) === null) await refuseUntradable(ctx, account, input);
  const { row, isNew } = await judgeAndReceive(ctx, account, input);
  if (!isNew || row.status === 'denied') return { order: orThrowRejection(toOrder(row)), isNew };
  ctx.watchOrders(account);
  const { execution } = ctx.sessions.of(account);
  const sent = await sendOrder(ctx, account, row, () => execution.submit(row));
  return { order: orThrowRejection(sent), isNew };
}

/** Errors: `invalid_input` for what the account's venue does not take of an order, by field. */
export function refuseUnsupported(ctx: ServiceContext, account: AuthorizedAccount, order: OrderTerms): void {
  const fault = ctx.sessions.of(account).execution.faultOf(order);
  if (fault === null) return;
  throw new DeskError('invalid_input', `${fault.field}: ${fault.message}`, { fields: [fault] });
}

/** Errors: `invalid_input` for a symbol, of a leg too, that is not listed or not traded now. */
export async function refuseUntradable(
  ctx: ServiceContext,
  account: AuthorizedAccount,
  { symbol, legs }: Pick<SubmitOrderInput, 'symbol' | 'legs'>,
): Promise<void> {
  for (const { symbol: name } of legs ?? [{ symbol }]) {
    if (classOf(name) === 'us_option') await refuseUnlisted(ctx, account, name);
    else await refuseUnknown(ctx, account, name);
  }
}

async function refuseUnknown(ctx: ServiceContext, account: AuthorizedAccount, symbol: string): Promise<void> {
  const asset = await ctx.feedOf(account).assets.find(symbol);
  if (asset?.tradable === true) return;
  const message = asset === null ? `${symbol} is not listed` : `${symbol} cannot be traded now`;
  throw new DeskError('invalid_input', `${message}. Search by ticker or company name.`, {
    fields: [{ field: 'symbol', message }],
  });
}

async function refuseUnlisted(
  ctx: ServiceContext,
  account: AuthorizedAccount,
  symbol: string,
): Promise<void> {
  const contract = await ctx.feedOf(account).contracts.find(symbol);
  const today = ctx.clock.iso(tradingDayStart(ctx.clock.now())).slice(0, 10);
  const message =
    contract === null
      ? `${symbol} is not a listed option contract`
      : contract.expiresOn < today
        ? `${symbol} expired on ${contract.expiresOn}`
        : contract.tradable
          ? null
          : `${symbol} cannot be traded now`;
  if (message === null) return;
  throw new DeskError('invalid_input', `${message}. Look up the contract by its underlying.`, {
    fields: [{ field: 'symbol', message }],
  });
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
