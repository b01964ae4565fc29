import { z } from 'zod';
import { watchlistSchema } from '@/domain/market/watchlist';
import { listWatchlists } from '@/server/services/watchlists/list-watchlists';
import { updateWatchlist, updateWatchlistInput } from '@/server/services/watchlists/update-watchlist';
import { authedProcedure, router } from '@/server/trpc/init';

export const watchlistsRouter = router({
  list: authedProcedure
    .meta({ summary: 'Your watchlists', limit: 'general' })
    .output(z.object({ watchlists: z.array(watchlistSchema) }))
    .query(({ ctx }) => listWatchlists(ctx.services)),

  update: authedProcedure
    .meta({ summary: 'Rename a watchlist or replace its symbols', limit: 'general' })
    .input(updateWatchlistInput)
    .output(watchlistSchema)
    .mutation(({ ctx, input }) => updateWatchlist(ctx.services, input)),
});
