import type { Feed } from '@/server/market-data/feeds';
import { authorizeAccount } from '../accounts/account-record';
import type { ServiceContext } from '../context';

/** The feed the actor sees: of the default account, or the exchange in the box for callers not signed in. */
export async function ownFeed(ctx: ServiceContext): Promise<Feed> {
  const { actor } = ctx;
  if (actor.kind !== 'user') return ctx.feedOf(null);
  return ctx.feedOf(await authorizeAccount({ ...ctx, actor }));
}
