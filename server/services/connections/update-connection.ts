import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { connections } from '@/db/schema';
import { type Connection, connectionName } from '@/domain/account/connection';
import { DeskError } from '@/domain/errors';
import type { UserContext } from '../context';
import { authorizeAccount, isLive } from '../accounts/account-record';
import { feedKey } from '../market/own-feed';
import { toConnection } from './list-connections';

export const updateConnectionInput = z
  .strictObject({
    accountId: z.string().min(1).max(64),
    name: connectionName.optional(),
    isDefault: z.literal(true).optional().describe('makes it the account that a call means which names none'),
  })
  .refine((input) => input.name !== undefined || input.isDefault !== undefined, {
    path: ['name'],
    message: 'or isDefault is required',
  });

/** Renames an account, or makes it the default one. Errors: `not_found`, `conflict` for a live one as the default. */
export async function updateConnection(
  ctx: UserContext,
  input: z.infer<typeof updateConnectionInput>,
): Promise<Connection> {
  const account = await authorizeAccount(ctx, input.accountId);
  const { userId } = ctx.actor;
  if (input.isDefault === true && isLive(account)) {
    throw new DeskError(
      'conflict',
      'A live account is never the default: orders to it must name it, so that none moves real money by accident.',
    );
  }
  const { name, isDefault } = input;
  await ctx.database.write(async (db) => {
    const here = and(eq(connections.id, account.id), eq(connections.userId, userId));
    const others = eq(connections.userId, userId);
    await db.batch([
      db
        .update(connections)
        .set({ name: name ?? account.name })
        .where(here),
      ...(isDefault === true
        ? [
            db.update(connections).set({ isDefault: false }).where(others),
            db.update(connections).set({ isDefault: true }).where(here),
          ]
        : []),
    ]);
  });
  if (isDefault === true) ctx.feedByUser.delete(feedKey(userId));
  return toConnection(ctx, await authorizeAccount(ctx, account.id));
}
