import { createHash } from 'node:crypto';
import { and, eq, gt, isNull, ne } from 'drizzle-orm';
import type { Database } from '@/db/client';
import { refreshTokens, sessions, users } from '@/db/schema';
import type { UserActor } from '@/domain/actor';
import { DeskError } from '@/domain/errors';
import type { Clock } from '@/server/platform/clock';
import { newId, newSecret } from '@/server/platform/ids';

export const BROWSER_SESSION_SECONDS = 12 * 60 * 60;
const API_SESSION_SECONDS = 30 * 24 * 60 * 60;

export type Sessions = {
  /** `hasProvedFactor`: a second factor was proved to open it. */
  open(userId: string, kind: 'browser' | 'api', hasProvedFactor: boolean): Promise<{ sessionId: string }>;
  /** Who a live session belongs to; null when it ended, was revoked, or never was. */
  actorOf(sessionId: string, userId: string): Promise<UserActor | null>;
  /** Idempotent. */
  revoke(sessionId: string): Promise<void>;
  /** Ends every session of a user but this one. */
  revokeOthers(userId: string, sessionId: string): Promise<void>;
  addRefreshToken(sessionId: string): Promise<string>;
  /** Spends a refresh token. One that was spent before ends its whole session: it has leaked. */
  spendRefreshToken(token: string): Promise<{ sessionId: string; userId: string }>;
};

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

export function createSessions(
  database: Database,
  clock: Clock,
  onRevoked: (sessionId: string) => void,
): Sessions {
  const after = (seconds: number) => clock.iso(clock.now() + seconds * 1000);

  async function revoke(sessionId: string): Promise<void> {
    const live = and(eq(sessions.id, sessionId), isNull(sessions.revokedAt));
    await database.write((db) => db.update(sessions).set({ revokedAt: clock.iso() }).where(live));
    onRevoked(sessionId);
  }

  return {
    revoke,

    async revokeOthers(userId, sessionId) {
      const others = and(
        eq(sessions.userId, userId),
        ne(sessions.id, sessionId),
        isNull(sessions.revokedAt),
        gt(sessions.expiresAt, clock.iso()),
      );
      const rows = await database.db.select({ id: sessions.id }).from(sessions).where(others);
      for (const { id } of rows) await revoke(id);
    },

    async open(userId, kind, hasProvedFactor) {
      const sessionId = newId('ses', clock.now());
      const expiresAt = after(kind === 'browser' ? BROWSER_SESSION_SECONDS : API_SESSION_SECONDS);
      const createdAt = clock.iso();
      const secondFactorAt = hasProvedFactor ? createdAt : null;
      const row = { id: sessionId, userId, kind, createdAt, expiresAt, secondFactorAt };
      await database.write((db) => db.insert(sessions).values(row));
      return { sessionId };
    },

    async actorOf(sessionId, userId) {
      const [row] = await database.db
        .select({ role: users.role, expiresAt: sessions.expiresAt, revokedAt: sessions.revokedAt })
        .from(sessions)
        .innerJoin(users, eq(users.id, sessions.userId))
        .where(and(eq(sessions.id, sessionId), eq(sessions.userId, userId)))
        .limit(1);
      if (row === undefined || row.revokedAt !== null || row.expiresAt <= clock.iso()) return null;
      return { kind: 'user', userId, sessionId, role: row.role };
    },

    async addRefreshToken(sessionId) {
      const token = newSecret();
      const row = {
        hash: sha256(token),
        sessionId,
        expiresAt: after(API_SESSION_SECONDS),
        createdAtMs: clock.now(),
      };
      await database.write((db) => db.insert(refreshTokens).values(row));
      return token;
    },

    async spendRefreshToken(token) {
      const hash = sha256(token);
      const spent = await database.write(async (db) => {
        const [row] = await db
          .select({
            sessionId: sessions.id,
            userId: sessions.userId,
            usedAt: refreshTokens.usedAt,
            expiresAt: refreshTokens.expiresAt,
            revokedAt: sessions.revokedAt,
          })
          .from(refreshTokens)
          .innerJoin(sessions, eq(sessions.id, refreshTokens.sessionId))
          .where(eq(refreshTokens.hash, hash))
          .limit(1);
        if (row !== undefined && row.usedAt === null) {
          await db.update(refreshTokens).set({ usedAt: clock.iso() }).where(eq(refreshTokens.hash, hash));
        }
        return row;
      });
      if (spent !== undefined && spent.usedAt !== null) await revoke(spent.sessionId);
      if (
        spent === undefined ||
        spent.usedAt !== null ||
        spent.revokedAt !== null ||
        spent.expiresAt <= clock.iso()
      ) {
        throw new DeskError('unauthenticated', 'This refresh token is not valid any more. Sign in again.');
      }
      return { sessionId: spent.sessionId, userId: spent.userId };
    },
  };
}
