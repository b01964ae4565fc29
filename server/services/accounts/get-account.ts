import type { Account } from '@/domain/account/account';
import type { UserContext } from '../context';
import { authorizeAccount } from './account-record';

/** Balances of the actor's account, fresh from its broker. */
export async function getAccount(
  ctx: UserContext,
  input: { accountId?: string | undefined },
): Promise<Account> {
  const record = await authorizeAccount(ctx, input.accountId);
  const balances = await ctx.sessions.of(record).execution.account();
  return { id: record.id, name: record.name, kind: record.kind, ...balances };
}
