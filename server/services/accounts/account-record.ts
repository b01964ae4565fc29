import { and, desc, eq } from 'drizzle-orm';
import { connections } from '@/db/schema';
import { DeskError } from '@/domain/errors';
import type { SubmitContext, UserContext } from '../context';

export type AccountRecord = typeof connections.$inferSelect;

const authorized: unique symbol = Symbol('authorized');
/** An account the actor may use; only `authorizeAccount` makes one. */
export type AuthorizedAccount = AccountRecord & { readonly [authorized]: true };

/**
 * The actor's own account, by id or the default one. Another user's id reads as not found, exactly like
 * one that does not exist; to a hook, every account but its own does.
 */
export async function authorizeAccount(ctx: SubmitContext, accountId?: string): Promise<AuthorizedAccount> {
  const { actor } = ctx;
  const own = and(
    eq(connections.userId, actor.userId),
    actor.kind === 'webhook' ? eq(connections.id, actor.accountId) : undefined,
  );
  const [record] = await ctx.database.db
    .select()
    .from(connections)
    .where(accountId === undefined ? own : and(own, eq(connections.id, accountId)))
    .orderBy(desc(connections.isDefault))
    .limit(1);
  if (record === undefined)
    throw new DeskError('not_found', 'There is no such account. List your accounts to see their ids.');
  return { ...record, [authorized]: true };
}

/** All of the actor's accounts. */
export function ownAccounts(ctx: UserContext): Promise<AccountRecord[]> {
  return ctx.database.db.select().from(connections).where(eq(connections.userId, ctx.actor.userId));
}

/** The context of an account's owner, for what the desk does to the account on a risk officer's word. */
export function ownerContext(ctx: UserContext, account: AccountRecord): UserContext {
  const { sessionId } = ctx.actor;
  return { ...ctx, actor: { kind: 'user', userId: account.userId, sessionId, role: 'trader' } };
}
