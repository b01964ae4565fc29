import { createHash, randomBytes } from 'node:crypto';
import { and, eq, isNotNull, isNull } from 'drizzle-orm';
import { Secret, TOTP } from 'otpauth';
import type { Db } from '@/db/client';
import { recoveryCodes, secondFactors } from '@/db/schema';
import { DeskError } from '@/domain/errors';
import type { Sealer } from '@/server/platform/seal';
import type { ServiceContext } from '../context';

/** RFC 6238 as authenticator apps take it for granted: SHA-1, six digits, 30 s. */
const STEP_SECONDS = 30;
const ISSUER = 'Outcry';
/** A code of the step before or after is taken too: people type, and clocks differ. */
const STEPS_OFF = 1;
const TRIES = 5;
/** The wait after so many wrong codes doubles from a minute, and never keeps an owner out for longer than this. */
const LONGEST_WAIT_MINUTES = 15;
const RECOVERY_CODES = 10;
const RECOVERY_ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

export type SecondFactorRow = typeof secondFactors.$inferSelect;

const ownerOf = (userId: string) => ({ userId, recordId: userId, field: 'second_factors.sealed_secret' });

export function makeSecret(sealer: Sealer, userId: string): { secret: Secret; sealedSecret: string } {
  const secret = new Secret({ size: 20 });
  return { secret, sealedSecret: sealer.seal(secret.base32, ownerOf(userId)) };
}

export function authenticatorOf(secret: Secret, username: string): TOTP {
  return new TOTP({
    issuer: ISSUER,
    label: username,
    secret,
    algorithm: 'SHA1',
    digits: 6,
    period: STEP_SECONDS,
  });
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Codes to show once, and the rows that are kept of them. */
export function makeRecoveryCodes(userId: string) {
  const codes = Array.from({ length: RECOVERY_CODES }, () =>
    Array.from(randomBytes(25), (byte) => RECOVERY_ALPHABET.charAt(byte & 31)).join(''),
  );
  return {
    codes: codes.map((code) => code.replaceAll(/(.{5})(?=.)/g, '$1-')),
    rows: codes.map((code) => ({ hash: sha256(code), userId, usedAt: null })),
  };
}

export async function secondFactorOf(db: Db, userId: string): Promise<SecondFactorRow | null> {
  const [row] = await db.select().from(secondFactors).where(eq(secondFactors.userId, userId)).limit(1);
  return row ?? null;
}

/** Whether a user has to prove a second factor: one that was begun and not confirmed asks for nothing. */
export const isEnrolled = (row: SecondFactorRow | null): row is SecondFactorRow =>
  row !== null && row.confirmedAt !== null;

/** The step a code is of; null when it is of none that is taken now. */
export function stepOf(ctx: ServiceContext, row: SecondFactorRow, code: string): number | null {
  const secret = Secret.fromBase32(ctx.sealer.open(row.sealedSecret, ownerOf(row.userId)));
  const timestamp = ctx.clock.now();
  const off = authenticatorOf(secret, '').validate({ token: code, timestamp, window: STEPS_OFF });
  return off === null ? null : Math.floor(timestamp / 1000 / STEP_SECONDS) + off;
}

/**
 * Spends a code of an enrolled user: true when it was right and had not been used. After five wrong ones in a row
 * none is looked at for a while. Errors: `rate_limited`.
 */
export function spendCode(ctx: ServiceContext, userId: string, code: string): Promise<boolean> {
  return ctx.database.write(async (db) => {
    const row = await secondFactorOf(db, userId);
    if (!isEnrolled(row)) return false;
    refuseWaiting(ctx, row);
    const isRight = /^\d{6}$/.test(code)
      ? await spendStep(db, row, stepOf(ctx, row, code))
      : await spendRecoveryCode(ctx, db, userId, code);
    await db
      .update(secondFactors)
      .set(isRight ? { failures: 0, waitUntil: null } : afterFailure(ctx, row))
      .where(eq(secondFactors.userId, userId));
    if (!isRight) ctx.log.warn({ userId, failures: row.failures + 1 }, 'a wrong second factor');
    return isRight;
  });
}

function refuseWaiting(ctx: ServiceContext, { waitUntil }: SecondFactorRow): void {
  if (waitUntil === null || waitUntil <= ctx.clock.iso()) return;
  const minutes = Math.max(1, Math.ceil((Date.parse(waitUntil) - ctx.clock.now()) / 60_000));
  throw new DeskError(
    'rate_limited',
    `Too many wrong codes. Codes are looked at again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`,
  );
}

function afterFailure(ctx: ServiceContext, row: SecondFactorRow) {
  const failures = row.failures + 1;
  const minutes = Math.min(LONGEST_WAIT_MINUTES, 2 ** Math.min(10, failures - TRIES));
  const waitUntil = failures < TRIES ? null : ctx.clock.iso(ctx.clock.now() + minutes * 60_000);
  return { failures, waitUntil };
}

/** A step is taken once, and none before it; the condition stands in the statement, for there may be two at once. */
async function spendStep(db: Db, row: SecondFactorRow, step: number | null): Promise<boolean> {
  if (step === null || (row.lastStep !== null && step <= row.lastStep)) return false;
  const unchanged =
    row.lastStep === null ? isNull(secondFactors.lastStep) : eq(secondFactors.lastStep, row.lastStep);
  const { rowsAffected } = await db
    .update(secondFactors)
    .set({ lastStep: step })
    .where(and(eq(secondFactors.userId, row.userId), isNotNull(secondFactors.confirmedAt), unchanged));
  return rowsAffected === 1;
}

async function spendRecoveryCode(
  ctx: ServiceContext,
  db: Db,
  userId: string,
  code: string,
): Promise<boolean> {
  const { rowsAffected } = await db
    .update(recoveryCodes)
    .set({ usedAt: ctx.clock.iso() })
    .where(
      and(
        eq(recoveryCodes.hash, sha256(code)),
        eq(recoveryCodes.userId, userId),
        isNull(recoveryCodes.usedAt),
      ),
    );
  return rowsAffected === 1;
}
