import { z } from 'zod';
import { assetSchema } from '@/domain/market/asset';
import { ofAccount, ownFeed } from '@/server/services/market/own-feed';
import { authedProcedure, router } from '@/server/trpc/init';

export const assetsRouter = router({
  search: authedProcedure
    .meta({ summary: 'Find what can be traded, by ticker or name', limit: 'general' })
    .input(
      z.strictObject({
        ...ofAccount,
        query: z.string().trim().min(1).max(64),
        limit: z.number().int().min(1).max(50).default(10),
      }),
    )
    .output(z.object({ assets: z.array(assetSchema) }))
    .query(async ({ ctx, input }) => {
      const { assets } = await ownFeed(ctx.services, input.accountId);
      return { assets: await assets.search(input.query, input.limit) };
    }),
});
