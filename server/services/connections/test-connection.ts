import type { UserContext } from '../context';
import { authorizeAccount } from '../accounts/account-record';

/** Asks the account's broker for it and tells how long that took. Errors: `not_found`, and the broker's. */
export async function testConnection(ctx: UserContext, input: { accountId?: string | undefined }) {
  const account = await authorizeAccount(ctx, input.accountId);
  // A paused account goes on with it, without waiting for the desk's own next look.
  await ctx.keys.ask(account);
  const startedAt = ctx.clock.now();
  const { accountNumber, status, tradingBlocked } = await ctx.sessions.of(account).execution.account();
  return {
    accountId: account.id,
    kind: account.kind,
    accountNumber,
    status,
    tradingBlocked,
    latencyMs: Math.max(0, ctx.clock.now() - startedAt),
  };
}
