import { eq, or } from 'drizzle-orm';
import { users } from '@/db/schema';
import { DeskError } from '@/domain/errors';
import type { SecondFactor } from '@/domain/second-factor';
import type { RegisterInput, User } from '@/domain/user';
import type { ServiceContext, UserContext } from '@/server/services/context';
import { beginEnrolment, confirmEnrolment, disableSecondFactor } from '@/server/services/security/enrolment';
import { isEnrolled, secondFactorOf, spendCode } from '@/server/services/security/second-factor';
import { createUser, toUser } from '@/server/services/users/create-user';
import { ACCESS_TOKEN_SECONDS, type AccessTokens } from './access-token';
import { hashPassword, passwordFits } from './passwords';
import type { Sessions } from './sessions';

export type TokenPair = { accessToken: string; refreshToken: string; tokenType: 'bearer'; expiresIn: number };
/** `code` is of the second factor, of users who have one. */
export type Credentials = { login: string; password: string; code?: string | undefined };

/** Signing up, in and out, for the browser and for programs, and what else asks for the password. */
export type AuthService = {
  register(ctx: ServiceContext, input: RegisterInput): Promise<User>;
  /**
   * Opens a session of the browser's. Errors: `unauthenticated`, with the same words whatever is wrong;
   * `code_required` when the password is right and a code is wanted and was not given; `rate_limited`.
   */
  openBrowserSession(
    ctx: ServiceContext,
    credentials: Credentials,
  ): Promise<{ user: User; sessionId: string }>;
  /** Opens a session of a program's. Errors as for the browser. */
  login(ctx: ServiceContext, credentials: Credentials): Promise<TokenPair & { user: User }>;
  refresh(refreshToken: string): Promise<TokenPair>;
  logout(sessionId: string): Promise<void>;
  /** Begins to enrol a second factor. Errors: `invalid_input` for a wrong password, `conflict`. */
  enrol(ctx: UserContext, input: { password: string }): Promise<{ secret: string; uri: string }>;
  /** Ends an enrolment; every other session of the user was opened without a second factor, and ends with it. */
  confirmEnrolment(ctx: UserContext, input: { code: string }): Promise<{ recoveryCodes: string[] }>;
  /** Takes the second factor away. Errors: `invalid_input` for a wrong password or code, `conflict`, `rate_limited`. */
  disableSecondFactor(ctx: UserContext, input: { password: string; code: string }): Promise<SecondFactor>;
};

export function createAuthService(tokens: AccessTokens, sessions: Sessions): AuthService {
  async function pair(session: { userId: string; sessionId: string }): Promise<TokenPair> {
    const [accessToken, refreshToken] = await Promise.all([
      tokens.issue(session),
      sessions.addRefreshToken(session.sessionId),
    ]);
    return { accessToken, refreshToken, tokenType: 'bearer', expiresIn: ACCESS_TOKEN_SECONDS };
  }

  return {
    async register(ctx, { password, ...input }) {
      return createUser(ctx, { ...input, passwordHash: await hashPassword(password) });
    },
    async openBrowserSession(ctx, credentials) {
      const { user, hasProvedFactor } = await verify(ctx, credentials);
      return { user, ...(await sessions.open(user.id, 'browser', hasProvedFactor)) };
    },
    async login(ctx, credentials) {
      const { user, hasProvedFactor } = await verify(ctx, credentials);
      const { sessionId } = await sessions.open(user.id, 'api', hasProvedFactor);
      return { ...(await pair({ userId: user.id, sessionId })), user };
    },
    refresh: async (refreshToken) => pair(await sessions.spendRefreshToken(refreshToken)),
    logout: (sessionId) => sessions.revoke(sessionId),
    async enrol(ctx, { password }) {
      await refuseWrongPassword(ctx, password);
      return beginEnrolment(ctx);
    },
    async confirmEnrolment(ctx, input) {
      const answer = await confirmEnrolment(ctx, input);
      await sessions.revokeOthers(ctx.actor.userId, ctx.actor.sessionId);
      return answer;
    },
    async disableSecondFactor(ctx, { password, code }) {
      await refuseWrongPassword(ctx, password);
      return disableSecondFactor(ctx, { code });
    },
  };
}

/** Where a code was sent, what was wrong is not told: a guessed password must not show by it. */
async function verify(
  ctx: ServiceContext,
  { login, password, code }: Credentials,
): Promise<{ user: User; hasProvedFactor: boolean }> {
  const wrong = new DeskError(
    'unauthenticated',
    code === undefined
      ? 'The username or password is not right.'
      : 'The username, the password or the code is not right. A code works once, and for a minute.',
  );
  const key = login.trim().toLowerCase();
  const [row] = await ctx.database.db
    .select()
    .from(users)
    .where(or(eq(users.email, key), eq(users.usernameKey, key)))
    .limit(1);
  if (!(await passwordFits(row?.passwordHash ?? null, password)) || row === undefined) throw wrong;
  if (!isEnrolled(await secondFactorOf(ctx.database.db, row.id)))
    return { user: toUser(row), hasProvedFactor: false };
  if (code === undefined)
    throw new DeskError('code_required', 'Send the code of your authenticator, or a recovery code, as well.');
  if (!(await spendCode(ctx, row.id, code))) throw wrong;
  return { user: toUser(row), hasProvedFactor: true };
}

async function refuseWrongPassword(ctx: UserContext, password: string): Promise<void> {
  const [row] = await ctx.database.db
    .select({ passwordHash: users.passwordHash })
    .from(users)
    .where(eq(users.id, ctx.actor.userId))
    .limit(1);
  if (await passwordFits(row?.passwordHash ?? null, password)) return;
  throw new DeskError('invalid_input', 'The password is not right.', {
    fields: [{ field: 'password', message: 'is not right' }],
  });
}
