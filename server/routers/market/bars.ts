import { z } from 'zod';
import { barSchema, timeframe } from '@/domain/market/bar';
import { listBars, listBarsInput } from '@/server/services/market/list-bars';
import { quoteProcedure, router } from '@/server/trpc/init';

export const barsRouter = router({
  list: quoteProcedure
    .meta({
      summary: 'Candles of a symbol',
      limit: 'quotes',
      rest: [
        { method: 'GET', path: '/api/v1/stocks/{symbol}/bars' },
        { method: 'GET', path: '/api/v1/market/candles/{symbol}' },
      ],
    })
    .input(listBarsInput)
    .output(
      z.object({
        symbol: z.string(),
        timeframe,
        bars: z.array(barSchema),
        nextPageToken: z.string().nullable(),
      }),
    )
    .query(({ ctx, input }) => listBars(ctx.services, input)),
});
