import { z } from 'zod';
import { positionSchema } from '@/domain/account/position';
import { listPositions } from '@/server/services/accounts/list-positions';
import { authedProcedure, router } from '@/server/trpc/init';

export const positionsRouter = router({
  list: authedProcedure
    .meta({
      summary: 'Open positions of an account',
      limit: 'general',
      rest: [{ method: 'GET', path: '/api/v1/positions' }],
    })
    .input(z.strictObject({ accountId: z.string().max(64).optional() }).default({}))
    .output(z.object({ positions: z.array(positionSchema) }))
    .query(({ ctx, input }) => listPositions(ctx.services, input)),
});
