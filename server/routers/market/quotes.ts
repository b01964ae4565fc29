import { z } from 'zod';
import { agedQuote } from '@/domain/market/quote';
import { symbolList, symbolSchema } from '@/domain/market/symbols';
import { getQuote } from '@/server/services/market/get-quote';
import { getQuotes } from '@/server/services/market/get-quotes';
import { ofAccount } from '@/server/services/market/own-feed';
import { quoteProcedure, router } from '@/server/trpc/init';

export const quotesRouter = router({
  get: quoteProcedure
    .meta({
      summary: 'Newest quote of one symbol',
      limit: 'quotes',
      rest: [
        { method: 'GET', path: '/api/v1/stocks/quote' },
        { method: 'POST', path: '/api/v1/stocks/quote' },
        { method: 'GET', path: '/api/v1/stocks/{symbol}/quote' },
      ],
    })
    .input(z.strictObject({ ...ofAccount, symbol: symbolSchema }))
    .output(agedQuote)
    .query(({ ctx, input }) => getQuote(ctx.services, input)),

  batch: quoteProcedure
    .meta({
      summary: 'Newest quotes of up to 100 symbols',
      limit: 'batch',
      rest: [{ method: 'POST', path: '/api/v1/stocks/quotes/batch' }],
    })
    .input(z.strictObject({ ...ofAccount, symbols: symbolList }))
    .output(
      z.object({
        quotes: z.record(z.string(), agedQuote.nullable()),
        reasons: z.record(z.string(), z.string()),
      }),
    )
    .query(({ ctx, input }) => getQuotes(ctx.services, input)),
});
