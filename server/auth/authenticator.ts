import { decode } from 'next-auth/jwt';
import { z } from 'zod';
import type { UserActor } from '@/domain/actor';
import type { Clock } from '@/server/platform/clock';
import { Lru } from '@/server/platform/lru';
import type { AccessTokens } from './access-token';
import type { Sessions } from './sessions';

/** What a request brings: the raw header values. */
export type CredentialHeaders = { authorization?: string | undefined; cookie?: string | undefined };

export type Authenticated = { actor: UserActor; via: 'bearer' | 'cookie' };

export type Authenticator = {
  /** The verified actor when this very credential was checked moments ago: no await on the hot path. */
  remembered(headers: CredentialHeaders): Authenticated | undefined;
  /** Null when the request carries no credential, or none that holds. */
  authenticate(headers: CredentialHeaders): Promise<Authenticated | null>;
  /** Drops what is remembered of a session that ended. */
  forget(sessionId: string): void;
};

/** A verified token is trusted this long before its session row is looked at again. */
const RECHECK_MS = 5_000;
const REMEMBERED = 10_000;
const BEARER = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i;
export const SESSION_COOKIES = ['__Secure-next-auth.session-token', 'next-auth.session-token'];

const browserClaims = z.object({ sub: z.string(), sid: z.string(), exp: z.number() });

type Found = { token: string; via: Authenticated['via'] };
type Known = Authenticated & { recheckAt: number };

/** The session cookie's value; where a name repeats, the first one counts. */
function sessionCookie(cookie: string): string | undefined {
  for (const part of cookie.split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && SESSION_COOKIES.includes(part.slice(0, at).trim())) return part.slice(at + 1).trim();
  }
  return undefined;
}

function find(headers: CredentialHeaders): Found | undefined {
  const bearer = headers.authorization === undefined ? undefined : BEARER.exec(headers.authorization)?.[1];
  if (bearer !== undefined) return { token: bearer, via: 'bearer' };
  // A credential that was sent and is not understood must not fall through to a weaker one.
  if (headers.authorization !== undefined || headers.cookie === undefined) return undefined;
  const token = sessionCookie(headers.cookie);
  return token === undefined ? undefined : { token, via: 'cookie' };
}

type Options = { tokens: AccessTokens; sessions: Sessions; sessionSecret: string; clock: Clock };

export function createAuthenticator({ tokens, sessions, sessionSecret, clock }: Options): Authenticator {
  // One memory a kind: a token that holds as a bearer is nothing as a cookie, and the other way round.
  const known = { bearer: new Lru<string, Known>(REMEMBERED), cookie: new Lru<string, Known>(REMEMBERED) };

  async function claimsOf({ token, via }: Found) {
    if (via === 'bearer') return tokens.read(token);
    const claims = await decode({ token, secret: sessionSecret }).catch(() => null);
    const parsed = browserClaims.safeParse(claims);
    if (!parsed.success) return null;
    return { userId: parsed.data.sub, sessionId: parsed.data.sid, expiresAt: parsed.data.exp * 1000 };
  }

  return {
    remembered(headers) {
      const found = find(headers);
      if (found === undefined) return undefined;
      const entry = known[found.via].get(found.token);
      return entry !== undefined && entry.recheckAt > clock.now() ? entry : undefined;
    },
    async authenticate(headers) {
      const found = find(headers);
      if (found === undefined) return null;
      const claims = await claimsOf(found);
      const now = clock.now();
      const actor =
        claims === null || claims.expiresAt <= now
          ? null
          : await sessions.actorOf(claims.sessionId, claims.userId);
      if (actor === null || claims === null) {
        known[found.via].delete(found.token);
        return null;
      }
      const entry: Known = { actor, via: found.via, recheckAt: Math.min(now + RECHECK_MS, claims.expiresAt) };
      known[found.via].set(found.token, entry);
      return entry;
    },
    forget(sessionId) {
      for (const entries of Object.values(known))
        entries.deleteWhere((entry) => entry.actor.sessionId === sessionId);
    },
  };
}
