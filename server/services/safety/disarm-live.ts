import { and, eq, inArray, isNotNull, isNull } from 'drizzle-orm';
import { liveConnections, orders } from '@/db/schema';
import { may } from '@/domain/actor';
import { UNCLOSED } from '@/domain/order/status';
import { type AccountRecord, anyAccount, authorizeAccount, isLive } from '../accounts/account-record';
import { armedUntil, notLive } from '../accounts/live-stop';
import type { UserContext } from '../context';
import { wantCancelled } from '../orders/venue/ask-to-cancel';
import { changeStatement } from '../risk/risk-changes';

type Disarmed = { accountId: string; stopped: number; working: number };

/**
 * Disarms a live account at once: the owner's own, or for a risk officer anyone's. What is on its way to the venue
 * is stopped, or cancelled should it have arrived; orders that work there stay, and are counted. Errors: `not_found`.
 */
export async function disarmLive(ctx: UserContext, input: { accountId: string }): Promise<Disarmed> {
  const account = may(ctx.actor, 'risk')
    ? await anyAccount(ctx, input.accountId)
    : await authorizeAccount(ctx, input.accountId);
  if (!isLive(account)) throw notLive();
  const stopped = (await disarmAccount(ctx, account)) ? await stopUnsent(ctx, account) : 0;
  const works = and(inArray(orders.status, UNCLOSED), isNotNull(orders.venueOrderId));
  const working = await ctx.database.db.$count(orders, and(eq(orders.accountId, account.id), works));
  return { accountId: account.id, stopped, working };
}

/** Disarms an account that the caller may stop; false when it is not live or was not armed. */
export async function disarmAccount(ctx: UserContext, account: AccountRecord): Promise<boolean> {
  if (!isLive(account)) return false;
  const wasArmed = await ctx.database.write(async (db) => {
    const here = eq(liveConnections.accountId, account.id);
    const [before] = await db.select().from(liveConnections).where(here).limit(1);
    const until = before === undefined ? null : armedUntil(ctx, before);
    if (until === null) return false;
    await db.batch([
      db.update(liveConnections).set({ armedUntil: null }).where(here),
      changeStatement(db, ctx, { subject: account.id, action: 'disarm', before: { until } }),
    ]);
    return true;
  });
  if (wasArmed)
    ctx.log.warn({ accountId: account.id, userId: ctx.actor.userId }, 'a live account was disarmed');
  return wasArmed;
}

/** Stops orders that were let in while it was armed and of which the venue has not spoken. */
export async function stopUnsent(ctx: UserContext, account: AccountRecord): Promise<number> {
  // An order that was judged before the disarming is received by the time this turn comes.
  const rows = await ctx.oneAtATime(account.id, () =>
    ctx.database.db
      .select({ id: orders.id })
      .from(orders)
      .where(
        and(eq(orders.accountId, account.id), inArray(orders.status, UNCLOSED), isNull(orders.venueOrderId)),
      ),
  );
  for (const { id } of rows) {
    await wantCancelled(ctx, id, 'the live account was disarmed');
    ctx.followUp(account, id);
  }
  return rows.length;
}
