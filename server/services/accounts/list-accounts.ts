import { asc, eq } from 'drizzle-orm';
import { connections } from '@/db/schema';
import type { UserContext } from '../context';

/** The actor's accounts, the oldest first. */
export async function listAccounts(ctx: UserContext) {
  const accounts = await ctx.database.db
    .select({
      id: connections.id,
      name: connections.name,
      kind: connections.kind,
      isDefault: connections.isDefault,
    })
    .from(connections)
    .where(eq(connections.userId, ctx.actor.userId))
    .orderBy(asc(connections.createdAt));
  return { accounts };
}
