import { DeskError } from '@/domain/errors';
import { type AgedQuote, withAge } from '@/domain/market/quote';
import type { Feed } from '@/server/market-data/feeds';
import type { ServiceContext } from '../context';
import { ownFeed } from './own-feed';

/** The newest quote of one symbol with its age. Errors: `not_found` when the venue does not list it. */
export async function getQuote(
  ctx: ServiceContext,
  { symbol, accountId }: { symbol: string; accountId?: string | undefined },
): Promise<AgedQuote> {
  const feed = await ownFeed(ctx, accountId);
  const live = feed.hub.peek(symbol);
  return live === undefined ? fetchQuote(ctx, feed, symbol) : withAge(live, ctx.clock.now());
}

async function fetchQuote(ctx: ServiceContext, feed: Feed, symbol: string): Promise<AgedQuote> {
  const listed = await feed.assets.find(symbol);
  const quote = listed === null ? null : (await feed.hub.latest([symbol])).get(symbol);
  if (quote == null) {
    throw new DeskError('not_found', `${symbol} is not listed here. Search by ticker or company name.`);
  }
  return withAge(quote, ctx.clock.now());
}
