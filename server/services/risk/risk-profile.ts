import { eq } from 'drizzle-orm';
import { riskProfiles } from '@/db/schema';
import { FIRST_RISK_PROFILE, type RiskProfile } from '@/domain/risk/profile';
import { type AccountRecord, authorizeAccount } from '../accounts/account-record';
import { comparisonOf } from '../books/comparison';
import type { ServiceContext, UserContext } from '../context';

/** `drifts` counts where the books differ from the broker's. */
export type AccountRisk = { profile: RiskProfile; blocked: boolean; drifts: number };

/** The limits that hold for an account: its own, or those every account starts with. */
export async function riskOf(
  ctx: Pick<ServiceContext, 'database'>,
  account: AccountRecord,
): Promise<AccountRisk> {
  const [row] = await ctx.database.db
    .select()
    .from(riskProfiles)
    .where(eq(riskProfiles.accountId, account.id))
    .limit(1);
  const compared = await comparisonOf(ctx, account.id);
  return {
    // A rule that came later starts as it does for everyone.
    profile: { ...FIRST_RISK_PROFILE, ...row?.profile },
    blocked: row?.blocked ?? false,
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

/** The one place that writes limits and the kill switch's state. */
export async function writeRisk(
  ctx: UserContext,
  account: AccountRecord,
  change: { profile: RiskProfile } | { blocked: boolean },
): Promise<void> {
  const updatedAt = ctx.clock.iso();
  await ctx.database.write((db) =>
    db
      .insert(riskProfiles)
      .values({ accountId: account.id, blocked: false, updatedAt, ...change })
      .onConflictDoUpdate({ target: riskProfiles.accountId, set: { ...change, updatedAt } }),
  );
  ctx.log.info({ accountId: account.id, userId: ctx.actor.userId, change }, 'risk settings changed');
}
