import { eq, or } from 'drizzle-orm';
import { users } from '@/db/schema';
import { DeskError } from '@/domain/errors';
import type { RegisterInput, User } from '@/domain/user';
import type { ServiceContext } from '@/server/services/context';
import { createUser, toUser } from '@/server/services/users/create-user';
import { ACCESS_TOKEN_SECONDS, type AccessTokens } from './access-token';
import { hashPassword, passwordFits } from './passwords';
import type { Sessions } from './sessions';

export type TokenPair = { accessToken: string; refreshToken: string; tokenType: 'bearer'; expiresIn: number };
export type Credentials = { login: string; password: string };

/** Signing up, in and out, for the browser and for programs. */
export type AuthService = {
  register(ctx: ServiceContext, input: RegisterInput): Promise<User>;
  /** Checks the password only. Errors: `unauthenticated`, with the same words whatever is wrong. */
  verify(ctx: ServiceContext, credentials: Credentials): Promise<User>;
  openBrowserSession(userId: string): Promise<{ sessionId: string }>;
  login(ctx: ServiceContext, credentials: Credentials): Promise<TokenPair & { user: User }>;
  refresh(refreshToken: string): Promise<TokenPair>;
  logout(sessionId: string): Promise<void>;
};

export function createAuthService(tokens: AccessTokens, sessions: Sessions): AuthService {
  async function pair(session: { userId: string; sessionId: string }): Promise<TokenPair> {
    const [accessToken, refreshToken] = await Promise.all([
      tokens.issue(session),
      sessions.addRefreshToken(session.sessionId),
    ]);
    return { accessToken, refreshToken, tokenType: 'bearer', expiresIn: ACCESS_TOKEN_SECONDS };
  }

  async function verify(ctx: ServiceContext, { login, password }: Credentials): Promise<User> {
    const key = login.trim().toLowerCase();
    const [row] = await ctx.database.db
      .select()
      .from(users)
      .where(or(eq(users.email, key), eq(users.usernameKey, key)))
      .limit(1);
    if (!(await passwordFits(row?.passwordHash ?? null, password)) || row === undefined) {
      throw new DeskError('unauthenticated', 'The username or password is not right.');
    }
    return toUser(row);
  }

  return {
    verify,
    async register(ctx, { password, ...input }) {
      return createUser(ctx, { ...input, passwordHash: await hashPassword(password) });
    },
    openBrowserSession: (userId) => sessions.open(userId, 'browser'),
    async login(ctx, credentials) {
      const user = await verify(ctx, credentials);
      const { sessionId } = await sessions.open(user.id, 'api');
      return { ...(await pair({ userId: user.id, sessionId })), user };
    },
    refresh: async (refreshToken) => pair(await sessions.spendRefreshToken(refreshToken)),
    logout: (sessionId) => sessions.revoke(sessionId),
  };
}
