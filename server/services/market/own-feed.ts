import type { Feed } from '@/server/market-data/feeds';
import { authorizeAccount } from '../accounts/account-record';
import type { ServiceContext } from '../context';

/** The feed the actor sees: of the default account, or the exchange in the box for callers not signed in. */
export function ownFeed(ctx: ServiceContext): Feed | Promise<Feed> {
  const { actor } = ctx;
  if (actor.kind !== 'user') return ctx.feedOf(null);
  return ctx.feedByUser.get(actor.userId) ?? findFeed({ ...ctx, actor });
}

async function findFeed(ctx: Parameters<typeof authorizeAccount>[0]): Promise<Feed> {
  const feed = ctx.feedOf(await authorizeAccount(ctx));
  ctx.feedByUser.set(ctx.actor.userId, feed);
  return feed;
}
