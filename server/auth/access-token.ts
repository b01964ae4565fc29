import { jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { Clock } from '@/server/platform/clock';

export const ACCESS_TOKEN_SECONDS = 15 * 60;
const ISSUER = 'outcry';
const AUDIENCE = 'outcry-api';
const TYPE = 'at+jwt';

const claims = z.object({ sub: z.string(), sid: z.string(), exp: z.number() });

export type AccessTokens = {
  issue(session: { userId: string; sessionId: string }): Promise<string>;
  /** The session a token names, and until when (epoch ms); null for anything that is not a valid token. */
  read(token: string): Promise<{ userId: string; sessionId: string; expiresAt: number } | null>;
};

/** Short-lived HS256 tokens for programs; algorithm, type, issuer and audience are pinned. */
export function createAccessTokens(secretHex: string, clock: Clock): AccessTokens {
  const key = Buffer.from(secretHex, 'hex');
  return {
    issue: ({ userId, sessionId }) => {
      const now = Math.floor(clock.now() / 1000);
      return new SignJWT({ sid: sessionId })
        .setProtectedHeader({ alg: 'HS256', typ: TYPE })
        .setSubject(userId)
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setIssuedAt(now)
        .setExpirationTime(now + ACCESS_TOKEN_SECONDS)
        .sign(key);
    },
    async read(token) {
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: ['HS256'],
          typ: TYPE,
          issuer: ISSUER,
          audience: AUDIENCE,
          currentDate: new Date(clock.now()),
        });
        const { sub, sid, exp } = claims.parse(payload);
        return { userId: sub, sessionId: sid, expiresAt: exp * 1000 };
      } catch {
        return null;
      }
    },
  };
}
