import { DeskError } from '@/domain/errors';
import { classOf } from '@/domain/market/symbols';
import { tradingDayStart } from '@/domain/market/trading-day';
import type { SubmitOrderInput } from '@/domain/order/submit-order';
import type { OrderTerms } from '@/server/brokers/ports';
import type { AuthorizedAccount } from '../accounts/account-record';
import type { ServiceContext } from '../context';

/** What no venue or not this one takes, whatever the limits are. Errors: `invalid_input`, by field. */
export async function refuseUnsendable(
  ctx: ServiceContext,
  account: AuthorizedAccount,
  input: SubmitOrderInput,
): Promise<void> {
  refuseUnsupported(ctx, account, input);
  // Of a paused account the venue is asked nothing; its order is refused later, or was made before.
  if (ctx.keys.since(account.id) === null) await refuseUntradable(ctx, account, input);
}

/** Errors: `invalid_input` for what the account's venue does not take of an order, by field. */
function refuseUnsupported(ctx: ServiceContext, account: AuthorizedAccount, order: OrderTerms): void {
  const fault = ctx.sessions.of(account).execution.faultOf(order);
  if (fault === null) return;
  throw new DeskError('invalid_input', `${fault.field}: ${fault.message}`, { fields: [fault] });
}

/** Errors: `invalid_input` for a symbol, of a leg too, that is not listed or not traded now. */
async function refuseUntradable(
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
