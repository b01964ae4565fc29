import { eq } from 'drizzle-orm';
import { connections, killSwitches, users } from '@/db/schema';
import { DeskError } from '@/domain/errors';
import {
  type AccountRecord,
  accountRecords,
  authorizeAccount,
  ownerContext,
} from '../accounts/account-record';
import type { UserContext } from '../context';
import { cancelAccount } from '../orders/cancel-orders';
import { untilClosed } from '../orders/until-closed';
import { closePositions } from '../positions/close-positions';
import { changeStatement } from '../risk/risk-changes';
import { userScope, writeRisk } from '../risk/risk-profile';
import { disarmAccount } from './disarm-live';

type Stopped = { cancelled: number; closing: number; failed: string[] };
type Killed = Stopped & { accountId: string; blocked: boolean };

/** Accounts are stopped side by side; one that hangs holds up no other. */
const AT_ONCE = 16;

/**
 * Stops an account: first nothing new passes but orders that close, then working orders are cancelled, then, if
 * asked, positions are closed at market. What failed is named; pressing it again is safe.
 */
export async function pullKillSwitch(
  ctx: UserContext,
  input: { accountId?: string | undefined; flatten: boolean },
): Promise<Killed> {
  const account = await authorizeAccount(ctx, input.accountId);
  await writeRisk(ctx, account, { blocked: true });
  await disarmToo(ctx, account);
  return { accountId: account.id, blocked: true, ...(await stopAccount(ctx, account, input.flatten)) };
}

export async function releaseKillSwitch(ctx: UserContext, input: { accountId?: string | undefined }) {
  const account = await authorizeAccount(ctx, input.accountId);
  await writeRisk(ctx, account, { blocked: false });
  return { accountId: account.id, blocked: false };
}

async function stopAccount(ctx: UserContext, account: AccountRecord, flatten: boolean): Promise<Stopped> {
  const cancelled = await cancelAccount(ctx, account);
  if (flatten) {
    await untilClosed(
      ctx,
      cancelled.requested.map(({ id }) => id),
    );
  }
  const closed = flatten
    ? await closePositions(ctx, { accountId: account.id, cancelOrders: false })
    : { orders: [], failed: [] };
  return {
    cancelled: cancelled.requested.length,
    closing: closed.orders.length,
    failed: [...cancelled.failed, ...closed.failed].map(({ message }) => message),
  };
}

type Wide = { userId?: string | undefined };

/**
 * Stops a user, or with none named everyone: nothing passes any more but orders that close, then all their accounts
 * are stopped as by their own switch. For risk officers; the caller's right is checked before. Errors: `not_found`.
 */
export async function pullWideSwitch(
  ctx: UserContext,
  input: Wide & { flatten: boolean; reason?: string | undefined },
): Promise<Stopped & { accounts: number }> {
  const scope = await scopeOf(ctx, input);
  const at = ctx.clock.iso();
  const row = { scope, pulledBy: ctx.actor.userId, reason: input.reason ?? null, at };
  await ctx.database.write((db) =>
    db.batch([
      db.insert(killSwitches).values(row).onConflictDoUpdate({ target: killSwitches.scope, set: row }),
      changeStatement(db, ctx, { subject: scope, action: 'kill', after: { reason: row.reason } }),
    ]),
  );
  ctx.log.error({ scope, userId: ctx.actor.userId, reason: row.reason }, 'a kill switch was pulled');
  const ofUser = input.userId === undefined ? undefined : eq(connections.userId, input.userId);
  const accounts = await accountRecords(ctx.database.db, ofUser);
  const total = { accounts: accounts.length, cancelled: 0, closing: 0, failed: new Array<string>() };
  const waiting = [...accounts];
  const work = async () => {
    for (let account = waiting.shift(); account !== undefined; account = waiting.shift()) {
      await disarmToo(ctx, account);
      const stopped = await orFailed(
        account,
        stopAccount(ownerContext(ctx, account), account, input.flatten),
      );
      total.cancelled += stopped.cancelled;
      total.closing += stopped.closing;
      total.failed.push(...stopped.failed);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return total;
}

/**
 * Letting go of the switch alone must not let real money move again. The switch itself holds by now, so a failure here
 * keeps nobody's orders from being cancelled.
 */
async function disarmToo(ctx: UserContext, account: AccountRecord): Promise<void> {
  try {
    await disarmAccount(ctx, account);
  } catch (error) {
    ctx.log.error({ err: error, accountId: account.id }, 'a live account was not disarmed');
  }
}

async function orFailed({ id }: AccountRecord, stopping: Promise<Stopped>): Promise<Stopped> {
  try {
    return await stopping;
  } catch (error) {
    if (!(error instanceof DeskError)) throw error;
    return { cancelled: 0, closing: 0, failed: [`${id}: ${error.message}`] };
  }
}

/** Lets a user, or everyone, trade again; accounts that their owners stopped stay stopped. */
export async function releaseWideSwitch(ctx: UserContext, input: Wide) {
  const scope = await scopeOf(ctx, input);
  await ctx.database.write((db) =>
    db.batch([
      db.delete(killSwitches).where(eq(killSwitches.scope, scope)),
      changeStatement(db, ctx, { subject: scope, action: 'release' }),
    ]),
  );
  ctx.log.warn({ scope, userId: ctx.actor.userId }, 'a kill switch was released');
  return listSwitches(ctx);
}

/** The wide switches that are on. */
export async function listSwitches(ctx: UserContext) {
  const rows = await ctx.database.db
    .select({ pulled: killSwitches, by: users.username })
    .from(killSwitches)
    .leftJoin(users, eq(users.id, killSwitches.pulledBy));
  return {
    switches: rows.map(({ pulled: { scope, reason, at }, by }) => ({
      userId: scope === 'desk' ? null : scope.slice(userScope('').length),
      by: by ?? 'unknown',
      reason,
      at,
    })),
  };
}

async function scopeOf(ctx: UserContext, { userId }: Wide): Promise<string> {
  if (userId === undefined) return 'desk';
  const [user] = await ctx.database.db
    .select({ id: users.id })
    .from(users)
    .where(eq(users.id, userId))
    .limit(1);
  if (user === undefined) throw new DeskError('not_found', 'There is no such user.');
  return userScope(userId);
}
