import { z } from 'zod';
import { type Bar, type Timeframe, timeframe } from '@/domain/market/bar';
import { DeskError } from '@/domain/errors';
import { symbolSchema } from '@/domain/market/symbols';
import { instant } from '@/domain/time';
import type { ServiceContext } from '../context';
import { ofAccount, ownFeed } from './own-feed';

export const listBarsInput = z
  .strictObject({
    ...ofAccount,
    symbol: symbolSchema,
    timeframe: timeframe.default('1Day'),
    start: instant.optional().describe('first bar; without it the newest bars are given'),
    end: instant.optional(),
    limit: z.coerce.number().int().min(1).max(1000).default(300),
    pageToken: z.string().max(256).optional(),
  })
  .superRefine((input, issue) => {
    if (
      input.start !== undefined &&
      input.end !== undefined &&
      Date.parse(input.start) > Date.parse(input.end)
    ) {
      issue.addIssue({ code: 'custom', path: ['start'], message: 'must not be after end' });
    }
  });

type BarPage = { symbol: string; timeframe: Timeframe; bars: Bar[]; nextPageToken: string | null };

/** Candles in ascending order. Errors: `not_found` for an unlisted symbol. */
export async function listBars(ctx: ServiceContext, input: z.infer<typeof listBarsInput>): Promise<BarPage> {
  const feed = await ownFeed(ctx, input.accountId);
  if ((await feed.assets.find(input.symbol)) === null) {
    throw new DeskError('not_found', `${input.symbol} is not listed here. Search by ticker or company name.`);
  }
  const page = await feed.bars({
    symbol: input.symbol,
    timeframe: input.timeframe,
    start: input.start ?? null,
    end: input.end ?? null,
    limit: input.limit,
    pageToken: input.pageToken ?? null,
  });
  return { symbol: input.symbol, timeframe: input.timeframe, ...page };
}
