import { and, count, eq, isNull } from 'drizzle-orm';
import { recoveryCodes, secondFactors, sessions } from '@/db/schema';
import { DeskError } from '@/domain/errors';
import type { SecondFactor } from '@/domain/second-factor';
import { ownAccounts } from '../accounts/account-record';
import { disarmAccount, stopUnsent } from '../safety/disarm-live';
import type { UserContext } from '../context';
import { getUser } from '../users/get-user';
import { freshUntil, orWrong, refuseStale } from './fresh';
import {
  authenticatorOf,
  isEnrolled,
  makeRecoveryCodes,
  makeSecret,
  secondFactorOf,
  spendCode,
  stepOf,
} from './second-factor';

export async function getSecondFactor(ctx: UserContext): Promise<SecondFactor> {
  const { db } = ctx.database;
  const row = await secondFactorOf(db, ctx.actor.userId);
  if (!isEnrolled(row)) return { enrolledAt: null, recoveryCodesLeft: 0, freshUntil: null };
  const mine = and(eq(recoveryCodes.userId, ctx.actor.userId), isNull(recoveryCodes.usedAt));
  const [left] = await db.select({ codes: count() }).from(recoveryCodes).where(mine);
  return {
    enrolledAt: row.confirmedAt,
    recoveryCodesLeft: left?.codes ?? 0,
    freshUntil: await freshUntil(ctx),
  };
}

/**
 * Begins an enrolment: the secret is in this answer and in no other. It asks for nothing until it is confirmed;
 * beginning again makes a new one. The caller's password is checked before. Errors: `conflict` when enrolled.
 */
export async function beginEnrolment(ctx: UserContext): Promise<{ secret: string; uri: string }> {
  const { userId } = ctx.actor;
  const { username } = await getUser(ctx);
  const { secret, sealedSecret } = makeSecret(ctx.sealer, userId);
  const begun = {
    sealedSecret,
    confirmedAt: null,
    lastStep: null,
    failures: 0,
    waitUntil: null,
    createdAt: ctx.clock.iso(),
  };
  await ctx.database.write(async (db) => {
    refuseEnrolled(isEnrolled(await secondFactorOf(db, userId)));
    await db
      .insert(secondFactors)
      .values({ userId, ...begun })
      .onConflictDoUpdate({ target: secondFactors.userId, set: begun });
  });
  return { secret: secret.base32, uri: authenticatorOf(secret, username).toString() };
}

/**
 * Ends an enrolment by a first code of the authenticator. The recovery codes are in this answer and in no other.
 * Errors: `invalid_input` for a wrong code, `conflict` when there is nothing to confirm.
 */
export async function confirmEnrolment(
  ctx: UserContext,
  { code }: { code: string },
): Promise<{ recoveryCodes: string[] }> {
  const { userId, sessionId } = ctx.actor;
  const at = ctx.clock.iso();
  const { codes, rows } = makeRecoveryCodes(userId);
  const isRight = await ctx.database.write(async (db) => {
    const row = await secondFactorOf(db, userId);
    refuseEnrolled(isEnrolled(row));
    if (row === null) throw new DeskError('conflict', 'There is no enrolment to confirm. Begin one first.');
    const lastStep = stepOf(ctx, row, code);
    if (lastStep === null) return false;
    await db.batch([
      db.update(secondFactors).set({ confirmedAt: at, lastStep }).where(eq(secondFactors.userId, userId)),
      db.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId)),
      db.insert(recoveryCodes).values(rows),
      db.update(sessions).set({ secondFactorAt: at }).where(eq(sessions.id, sessionId)),
    ]);
    return true;
  });
  await orWrong(Promise.resolve(isRight));
  ctx.log.info({ userId }, 'a second factor was enrolled');
  return { recoveryCodes: codes };
}

/** New recovery codes in place of the old. Errors: `forbidden`, `code_required`. */
export async function renewRecoveryCodes(ctx: UserContext): Promise<{ recoveryCodes: string[] }> {
  await refuseStale(ctx);
  const { userId } = ctx.actor;
  const { codes, rows } = makeRecoveryCodes(userId);
  await ctx.database.write((db) =>
    db.batch([
      db.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId)),
      db.insert(recoveryCodes).values(rows),
    ]),
  );
  ctx.log.info({ userId }, 'recovery codes were renewed');
  return { recoveryCodes: codes };
}

/**
 * Takes the second factor away, and disarms the user's live accounts, which need one. The caller's password is
 * checked before. Errors: `invalid_input` for a wrong code, `conflict` when there is none, `rate_limited`.
 */
export async function disableSecondFactor(
  ctx: UserContext,
  { code }: { code: string },
): Promise<SecondFactor> {
  const { userId } = ctx.actor;
  if (!isEnrolled(await secondFactorOf(ctx.database.db, userId)))
    throw new DeskError('conflict', 'You have no second factor to take away.');
  await orWrong(spendCode(ctx, userId, code));
  for (const account of await ownAccounts(ctx))
    if (await disarmAccount(ctx, account)) await stopUnsent(ctx, account);
  await ctx.database.write((db) =>
    db.batch([
      db.delete(secondFactors).where(eq(secondFactors.userId, userId)),
      db.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId)),
      db.update(sessions).set({ secondFactorAt: null }).where(eq(sessions.userId, userId)),
    ]),
  );
  ctx.log.warn({ userId }, 'a second factor was taken away');
  return getSecondFactor(ctx);
}

function refuseEnrolled(enrolled: boolean): void {
  if (enrolled)
    throw new DeskError('conflict', 'You have a second factor already. Take it away to set up another one.');
}
