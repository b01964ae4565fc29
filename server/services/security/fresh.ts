import { and, eq } from 'drizzle-orm';
import { sessions } from '@/db/schema';
import { FRESH_MINUTES } from '@/domain/account/connection';
import { DeskError } from '@/domain/errors';
import type { UserContext } from '../context';
import { isEnrolled, secondFactorOf, spendCode } from './second-factor';

/** Until when this session's second factor counts as fresh; null when it does not, or never was proved. */
export async function freshUntil(ctx: UserContext): Promise<string | null> {
  const [row] = await ctx.database.db
    .select({ at: sessions.secondFactorAt })
    .from(sessions)
    .where(and(eq(sessions.id, ctx.actor.sessionId), eq(sessions.userId, ctx.actor.userId)))
    .limit(1);
  if (row === undefined || row.at === null) return null;
  const until = ctx.clock.iso(Date.parse(row.at) + FRESH_MINUTES * 60_000);
  return until > ctx.clock.iso() ? until : null;
}

/**
 * Lets a sensitive act pass only in a session that proved a second factor minutes ago. Errors: `forbidden` without
 * one, `code_required` when it was too long ago.
 */
export async function refuseStale(ctx: UserContext): Promise<void> {
  if (!isEnrolled(await secondFactorOf(ctx.database.db, ctx.actor.userId))) {
    throw new DeskError(
      'forbidden',
      'This needs a second factor, and you have none. Set one up under Security.',
    );
  }
  if ((await freshUntil(ctx)) === null) {
    throw new DeskError(
      'code_required',
      `This needs a code of your authenticator that is no older than ${FRESH_MINUTES} minutes. Confirm one under Security, then try again.`,
    );
  }
}

/** The same for acts that users without a second factor may do too. */
export async function refuseStaleIfEnrolled(ctx: UserContext): Promise<void> {
  if (isEnrolled(await secondFactorOf(ctx.database.db, ctx.actor.userId))) await refuseStale(ctx);
}

/** Proves the second factor for this session. Errors: `invalid_input` for a wrong code, `forbidden`, `rate_limited`. */
export async function confirmSecondFactor(ctx: UserContext, { code }: { code: string }) {
  const { userId, sessionId } = ctx.actor;
  if (!isEnrolled(await secondFactorOf(ctx.database.db, userId)))
    throw new DeskError('forbidden', 'You have no second factor. Set one up under Security.');
  await orWrong(spendCode(ctx, userId, code));
  await ctx.database.write((db) =>
    db.update(sessions).set({ secondFactorAt: ctx.clock.iso() }).where(eq(sessions.id, sessionId)),
  );
  return { freshUntil: await freshUntil(ctx) };
}

export async function orWrong(spending: Promise<boolean>): Promise<void> {
  if (await spending) return;
  throw new DeskError('invalid_input', 'This code is not right, or was used before. Wait for the next one.', {
    fields: [{ field: 'code', message: 'is not right, or was used before' }],
  });
}
