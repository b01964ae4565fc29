import { asc, eq } from 'drizzle-orm';
import { watchlists } from '@/db/schema';
import type { Watchlist } from '@/domain/market/watchlist';
import type { UserContext } from '../context';

/** The actor's watchlists, the oldest first. */
export async function listWatchlists(ctx: UserContext): Promise<{ watchlists: Watchlist[] }> {
  const rows = await ctx.database.db
    .select({ id: watchlists.id, name: watchlists.name, symbols: watchlists.symbols })
    .from(watchlists)
    .where(eq(watchlists.userId, ctx.actor.userId))
    .orderBy(asc(watchlists.createdAt));
  return { watchlists: rows };
}
