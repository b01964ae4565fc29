import { and, desc, eq, inArray, lt, sql } from 'drizzle-orm';
import { prepared } from '@/db/prepared';
import { killSwitches, riskChanges, riskProfiles, users } from '@/db/schema';
import { DeskError } from '@/domain/errors';
import { FIRST_RISK_PROFILE, NO_LIMITS, type RiskProfile, TIER_LIMITS } from '@/domain/risk/profile';
import type { KillScope, LiveStop } from '@/domain/risk/facts';
import type { Tier } from '@/domain/user';
import { type AccountRecord, anyAccount, authorizeAccount } from '../accounts/account-record';
import { liveStopOf } from '../accounts/live-stop';
import { comparisonOf } from '../books/comparison';
import type { ServiceContext, UserContext } from '../context';
import { changeStatement } from './risk-changes';

/**
 * What holds for an account. `profile` are the owner's limits, `imposed` those of the desk: every order must pass
 * both. `drifts` counts where the books differ from the broker's.
 */
export type AccountRisk = {
  profile: RiskProfile;
  imposed: RiskProfile;
  blocked: KillScope | null;
  liveStop: LiveStop | null;
  drifts: number;
};

export const userScope = (userId: string) => `user:${userId}`;

const limitsOf = prepared((db) =>
  db
    .select({ own: riskProfiles, tier: users.tier })
    .from(users)
    .leftJoin(riskProfiles, eq(riskProfiles.accountId, sql.placeholder('accountId')))
    .where(eq(users.id, sql.placeholder('userId')))
    .prepare(),
);
const switchesOf = prepared((db) =>
  db
    .select({ scope: killSwitches.scope })
    .from(killSwitches)
    .where(inArray(killSwitches.scope, ['desk', sql.placeholder('scope')]))
    .prepare(),
);

export async function riskOf(
  ctx: Pick<ServiceContext, 'clock' | 'database' | 'liveTrading'>,
  account: AccountRecord,
): Promise<AccountRisk> {
  const { db } = ctx.database;
  const { id: accountId, userId } = account;
  const [row, switches, compared, liveStop] = await Promise.all([
    limitsOf(db).get({ accountId, userId }),
    switchesOf(db).all({ scope: userScope(userId) }),
    comparisonOf(ctx, account.id),
    liveStopOf(ctx, account),
  ]);
  const pulled = new Set(switches.map(({ scope }) => scope));
  return {
    // A rule that came later starts as it does for everyone.
    profile: { ...FIRST_RISK_PROFILE, ...row?.own?.profile },
    imposed: row?.own?.imposed ? { ...NO_LIMITS, ...row.own.imposed } : TIER_LIMITS[row?.tier ?? 'free'],
    blocked: pulled.has('desk')
      ? 'desk'
      : pulled.has(userScope(account.userId))
        ? 'user'
        : row?.own?.blocked === true
          ? 'account'
          : null,
    liveStop,
    drifts: compared?.drifts.length ?? 0,
  };
}

type OfAccount = { accountId?: string | undefined };
type Answer = AccountRisk & { accountId: string };

export async function getRiskProfile(ctx: UserContext, input: OfAccount): Promise<Answer> {
  const account = await authorizeAccount(ctx, input.accountId);
  return { accountId: account.id, ...(await riskOf(ctx, account)) };
}

/** Sets the whole profile of an account; the kill switch stays as it is. */
export async function putRiskProfile(
  ctx: UserContext,
  input: OfAccount & { profile: RiskProfile },
): Promise<Answer> {
  const account = await authorizeAccount(ctx, input.accountId);
  await writeRisk(ctx, account, { profile: input.profile });
  return { accountId: account.id, ...(await riskOf(ctx, account)) };
}

type Change = { profile: RiskProfile } | { imposed: RiskProfile | null } | { blocked: boolean };

/** The one place that writes an account's limits and kill switch, with the row that says who did. */
export async function writeRisk(ctx: UserContext, account: AccountRecord, change: Change): Promise<void> {
  const at = ctx.clock.iso();
  await ctx.database.write(async (db) => {
    const [before] = await db
      .select()
      .from(riskProfiles)
      .where(eq(riskProfiles.accountId, account.id))
      .limit(1);
    await db.batch([
      db
        .insert(riskProfiles)
        .values({ accountId: account.id, blocked: false, updatedAt: at, ...change })
        .onConflictDoUpdate({ target: riskProfiles.accountId, set: { ...change, updatedAt: at } }),
      changeStatement(db, ctx, {
        subject: account.id,
        ...('blocked' in change
          ? {
              action: change.blocked ? 'kill' : 'release',
              before: before?.blocked ?? false,
              after: change.blocked,
            }
          : 'profile' in change
            ? { action: 'limits', before: before?.profile ?? null, after: change.profile }
            : { action: 'impose', before: before?.imposed ?? null, after: change.imposed }),
      }),
    ]);
  });
  ctx.log.info({ accountId: account.id, userId: ctx.actor.userId, change }, 'risk settings changed');
}

/** Who changed the limits and switches that hold for an account, the newest first. */
export async function listRiskChanges(
  ctx: UserContext,
  input: OfAccount & { limit: number; cursor?: number | undefined },
) {
  const account = await authorizeAccount(ctx, input.accountId);
  const rows = await ctx.database.db
    .select({ change: riskChanges, by: users.username })
    .from(riskChanges)
    .leftJoin(users, eq(users.id, riskChanges.actorId))
    .where(
      and(
        inArray(riskChanges.subject, [account.id, userScope(account.userId), 'desk']),
        input.cursor === undefined ? undefined : lt(riskChanges.seq, input.cursor),
      ),
    )
    .orderBy(desc(riskChanges.seq))
    .limit(input.limit + 1);
  const page = rows.slice(0, input.limit);
  return {
    changes: page.map(({ change: { actorId: _actor, ...change }, by }) => ({
      ...change,
      by: by ?? 'unknown',
    })),
    nextCursor: rows.length > input.limit ? (page.at(-1)?.change.seq ?? null) : null,
  };
}

/** Sets limits of the desk for anyone's account; null gives back those of the owner's plan. For risk officers. */
export async function imposeLimits(
  ctx: UserContext,
  input: { accountId: string; limits: RiskProfile | null },
): Promise<Answer> {
  const account = await anyAccount(ctx, input.accountId);
  await writeRisk(ctx, account, { imposed: input.limits });
  return { accountId: account.id, ...(await riskOf(ctx, account)) };
}

/** Puts anyone on a plan. For risk officers. Errors: `not_found`. */
export async function putOnPlan(ctx: UserContext, { userId, plan }: { userId: string; plan: Tier }) {
  await ctx.database.write(async (db) => {
    const [user] = await db.select({ tier: users.tier }).from(users).where(eq(users.id, userId)).limit(1);
    if (user === undefined) throw new DeskError('not_found', 'There is no such user.');
    const subject = userScope(userId);
    await db.batch([
      db.update(users).set({ tier: plan }).where(eq(users.id, userId)),
      changeStatement(db, ctx, { subject, action: 'plan', before: user.tier, after: plan }),
    ]);
  });
  ctx.log.info({ userId, plan, by: ctx.actor.userId }, 'a user was put on a plan');
  return { userId, plan };
}
