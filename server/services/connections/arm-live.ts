import { eq } from 'drizzle-orm';
import { liveConnections } from '@/db/schema';
import { ARMED_HOURS, armingPhrase } from '@/domain/account/connection';
import { DeskError } from '@/domain/errors';
import { authorizeAccount, isLive } from '../accounts/account-record';
import { notLive, refuseLiveOff } from '../accounts/live-stop';
import type { UserContext } from '../context';
import { changeStatement } from '../risk/risk-changes';
import { refuseStale } from '../security/fresh';

/**
 * Lets orders to a live account through for half a day. It takes a second factor proved minutes ago and the phrase
 * that names the account. Errors: `not_found`, `invalid_input`, `forbidden` while live trading is off or without a
 * second factor, `code_required`, and the broker's.
 */
export async function armLive(
  ctx: UserContext,
  input: { accountId: string; confirmation: string },
): Promise<{ accountId: string; armedUntil: string }> {
  const account = await authorizeAccount(ctx, input.accountId);
  if (!isLive(account)) throw notLive();
  refuseLiveOff(ctx);
  await refuseStale(ctx);
  if (input.confirmation.trim() !== armingPhrase(account.accountNumber)) {
    const message = 'must be the phrase that names this account, letter by letter';
    throw new DeskError('invalid_input', `confirmation ${message}.`, {
      fields: [{ field: 'confirmation', message }],
    });
  }
  const { accountNumber } = await ctx.sessions.of(account).execution.account();
  if (accountNumber !== account.accountNumber)
    throw new DeskError(
      'conflict',
      'The keys now open another account than when they were added. Add it anew.',
    );
  const until = ctx.clock.iso(ctx.clock.now() + ARMED_HOURS * 3_600_000);
  await ctx.database.write((db) =>
    db.batch([
      db.update(liveConnections).set({ armedUntil: until }).where(eq(liveConnections.accountId, account.id)),
      changeStatement(db, ctx, { subject: account.id, action: 'arm', after: { until } }),
    ]),
  );
  ctx.log.warn({ accountId: account.id, userId: ctx.actor.userId, until }, 'a live account was armed');
  return { accountId: account.id, armedUntil: until };
}
