import { and, eq, inArray, ne } from 'drizzle-orm';
import type { Db } from '@/db/client';
import {
  alerts,
  connections,
  gatewayConnections,
  liveConnections,
  orders,
  paperConnections,
  webhooks,
} from '@/db/schema';
import { DeskError } from '@/domain/errors';
import { UNCLOSED } from '@/domain/order/status';
import type { UserContext } from '../context';
import { refuseStaleIfEnrolled } from '../security/fresh';
import {
  type AccountRecord,
  authorizeAccount,
  isBehindGateway,
  isLive,
  ownAccounts,
} from '../accounts/account-record';
import { openKeysAlert } from '../safety/keys-watch';

/**
 * Removes an account: its keys are deleted, its hooks turned off, its history kept. Errors: `not_found`,
 * `code_required`, `conflict` while orders are open or in doubt, and for the last account that is not live.
 */
export async function removeConnection(
  ctx: UserContext,
  input: { accountId: string },
): Promise<{ accountId: string }> {
  const account = await authorizeAccount(ctx, input.accountId);
  await refuseStaleIfEnrolled(ctx);
  const heir = (await ownAccounts(ctx)).find((other) => other.id !== account.id && !isLive(other));
  if (heir === undefined && !isLive(account)) {
    throw new DeskError(
      'conflict',
      'This is your last account that is not live, and calls that name no account need one. Add another first.',
    );
  }
  const at = ctx.clock.iso();
  // In the turn of the account's orders: none is taken in between the count and the end.
  await ctx.oneAtATime(account.id, () =>
    ctx.database.write(async (db) => {
      const open = and(eq(orders.accountId, account.id), inArray(orders.status, UNCLOSED));
      const count = await db.$count(orders, open);
      if (count > 0) {
        throw new DeskError(
          'conflict',
          `This account has ${count} ${count === 1 ? 'order that is' : 'orders that are'} open or in doubt. Cancel them and wait until the broker has said so.`,
        );
      }
      const heirs = and(eq(connections.id, heir?.id ?? ''), ne(connections.id, account.id));
      await db.batch([
        db.update(connections).set({ removedAt: at, isDefault: false }).where(eq(connections.id, account.id)),
        // That its keys were refused concerns nobody any more.
        db.update(alerts).set({ clearedAt: at }).where(openKeysAlert(account.id)),
        db.update(webhooks).set({ enabled: false }).where(eq(webhooks.accountId, account.id)),
        ...(account.isDefault ? [db.update(connections).set({ isDefault: true }).where(heirs)] : []),
        deletionOf(db, account),
      ]);
    }),
  );
  ctx.forgetAccount(account);
  ctx.log.info({ accountId: account.id, userId: account.userId }, 'an account was removed');
  return { accountId: account.id };
}

/** The row of how the account is reached. */
function deletionOf(db: Db, account: AccountRecord) {
  if (isLive(account)) return db.delete(liveConnections).where(eq(liveConnections.accountId, account.id));
  if (isBehindGateway(account))
    return db.delete(gatewayConnections).where(eq(gatewayConnections.accountId, account.id));
  return db.delete(paperConnections).where(eq(paperConnections.accountId, account.id));
}
