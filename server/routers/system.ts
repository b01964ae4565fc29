import { z } from 'zod';
import { marketClock } from '@/domain/market/session';
import { ofAccount, ownFeed } from '@/server/services/market/own-feed';
import { publicProcedure, quoteProcedure, router } from '@/server/trpc/init';

export const systemRouter = router({
  info: publicProcedure
    .meta({ summary: 'Name and version of this desk', limit: 'general' })
    .output(
      z.object({ name: z.string(), version: z.string(), environment: z.string(), startedAt: z.string() }),
    )
    .query(({ ctx }) => ctx.system),

  clock: quoteProcedure
    .meta({ summary: "The market's session by the venue's clock", limit: 'general' })
    .input(z.strictObject(ofAccount).prefault({}))
    .output(marketClock)
    .query(async ({ ctx, input }) => (await ownFeed(ctx.services, input.accountId)).clock()),
});
