import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { watchlists } from '@/db/schema';
import { DeskError } from '@/domain/errors';
import { symbolSchema } from '@/domain/market/symbols';
import { WATCHLIST_MAX, type Watchlist } from '@/domain/market/watchlist';
import type { Feed } from '@/server/market-data/feeds';
import type { UserContext } from '../context';
import { ofAccount, ownFeed } from '../market/own-feed';

export const updateWatchlistInput = z.strictObject({
  ...ofAccount,
  id: z.string().max(64),
  name: z.string().trim().min(1).max(64).optional(),
  symbols: z
    .array(symbolSchema)
    .max(WATCHLIST_MAX, `holds at most ${WATCHLIST_MAX} symbols`)
    .transform((list) => [...new Set(list)])
    .optional(),
});

/** Renames a watchlist or replaces its symbols. Errors: `not_found`; `invalid_input` names unlisted symbols. */
export async function updateWatchlist(
  ctx: UserContext,
  input: z.infer<typeof updateWatchlistInput>,
): Promise<Watchlist> {
  const mine = and(eq(watchlists.id, input.id), eq(watchlists.userId, ctx.actor.userId));
  const [row] = await ctx.database.db.select().from(watchlists).where(mine).limit(1);
  if (row === undefined) throw new DeskError('not_found', 'There is no such watchlist.');
  const symbols = input.symbols ?? row.symbols;
  const added = symbols.filter((symbol) => !row.symbols.includes(symbol));
  if (added.length > 0) await refuseUnlisted(await ownFeed(ctx, input.accountId), added);
  const name = input.name ?? row.name;
  await ctx.database.write((db) => db.update(watchlists).set({ name, symbols }).where(mine));
  return { id: row.id, name, symbols };
}

async function refuseUnlisted({ assets }: Feed, added: string[]): Promise<void> {
  for (const symbol of added) {
    if ((await assets.find(symbol)) === null) {
      throw new DeskError(
        'invalid_input',
        `${symbol} is not listed here. Search by ticker or company name.`,
        {
          fields: [{ field: 'symbols', message: `${symbol} is not listed` }],
        },
      );
    }
  }
}
