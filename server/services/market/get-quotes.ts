import { type AgedQuote, withAge } from '@/domain/market/quote';
import type { ServiceContext } from '../context';
import { ownFeed } from './own-feed';

export type QuoteBatch = { quotes: Record<string, AgedQuote | null>; reasons: Record<string, string> };

/** Newest quotes of many symbols: one that cannot be quoted is null with a reason, and fails no other. */
export async function getQuotes(
  ctx: ServiceContext,
  { symbols, accountId }: { symbols: readonly string[]; accountId?: string | undefined },
): Promise<QuoteBatch> {
  const feed = await ownFeed(ctx, accountId);
  const listed = await Promise.all(
    symbols.map(async (symbol) => ((await feed.assets.find(symbol)) === null ? [] : [symbol])),
  );
  const found = await feed.hub.latest(listed.flat());
  const now = ctx.clock.now();
  const batch: QuoteBatch = { quotes: {}, reasons: {} };
  for (const symbol of symbols) {
    const quote = found.get(symbol);
    batch.quotes[symbol] = quote == null ? null : withAge(quote, now);
    if (quote == null)
      batch.reasons[symbol] = found.has(symbol) ? 'the feed has no quote for it' : 'not listed';
  }
  return batch;
}
