import { z } from 'zod';
import { DeskError } from '@/domain/errors';
import type { Feed } from '@/server/market-data/feeds';
import { authorizeAccount } from '../accounts/account-record';
import type { ServiceContext } from '../context';

/** Whose prices are meant: those of the default account when left out. */
export const ofAccount = { accountId: z.string().min(1).max(64).optional() };

export const feedKey = (userId: string, accountId = ''): string => `${userId} ${accountId}`;

/**
 * The feed the actor sees: of this account or the default one, or the exchange in the box for callers not signed in.
 * Errors: `not_found` for an account that is not the actor's.
 */
export function ownFeed(ctx: ServiceContext, accountId?: string): Feed | Promise<Feed> {
  const { actor } = ctx;
  if (actor.kind === 'user')
    return ctx.feedByUser.get(feedKey(actor.userId, accountId)) ?? findFeed({ ...ctx, actor }, accountId);
  if (accountId === undefined) return ctx.feedOf(null);
  throw new DeskError('unauthenticated', 'Sign in first to see the prices of an account.');
}

async function findFeed(ctx: Parameters<typeof authorizeAccount>[0], accountId?: string): Promise<Feed> {
  const feed = ctx.feedOf(await authorizeAccount(ctx, accountId));
  ctx.feedByUser.set(feedKey(ctx.actor.userId, accountId), feed);
  return feed;
}
