import { Secret, TOTP } from 'otpauth';
import { createTRPCClient, httpLink, type TRPCClient } from '@trpc/client';
import type { User } from '@/domain/user';
import type { AppRouter } from '@/server/routers/root';
import { type Headers, type Reply, sendJson } from './http-caller';

export type DeskClient = TRPCClient<AppRouter>;

/** A signed-up user of a running desk, with ways to call it as a program would. */
export type Trader = {
  readonly user: User;
  readonly password: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly bearer: { authorization: string };
  readonly trpc: DeskClient;
  rest(method: string, path: string, body?: unknown, headers?: Headers): Promise<Reply>;
};

/** A tRPC client without a user, or with the headers given. */
export function clientOf(url: string, headers: Headers = {}): DeskClient {
  return createTRPCClient<AppRouter>({ links: [httpLink({ url: `${url}/api/trpc`, headers })] });
}

let made = 0;

/** Signs a new user up and in; each has a name of its own. */
export async function signUp(url: string, more: { password?: string } = {}): Promise<Trader> {
  made += 1;
  const username = `trader-${process.pid}-${made}`;
  const password = more.password ?? `correct horse ${username}`;
  const anonymous = clientOf(url);
  await anonymous.auth.register.mutate({ username, email: `${username}@desk.test`, password });
  return signIn(url, username, password);
}

/** Another session of a user who has signed up. */
export async function signIn(url: string, username: string, password: string): Promise<Trader> {
  const { user, accessToken, refreshToken } = await clientOf(url).auth.login.mutate({ username, password });
  const bearer = { authorization: `Bearer ${accessToken}` };
  return {
    user,
    password,
    accessToken,
    refreshToken,
    bearer,
    trpc: clientOf(url, bearer),
    rest: (method, path, body, headers = {}) => sendJson(url, method, path, body, { ...bearer, ...headers }),
  };
}

/** The authenticator app of a trader who has enrolled one; each code is of a step of its own, as none works twice. */
export type Authenticator = {
  readonly secret: string;
  readonly recoveryCodes: readonly string[];
  /** The code of the present step, or of one `steps` away. */
  readonly code: (steps?: number) => string;
};

export function authenticatorFor(secret: string, now: () => number = Date.now) {
  const totp = new TOTP({ secret: Secret.fromBase32(secret), algorithm: 'SHA1', digits: 6, period: 30 });
  return (steps = 0) => totp.generate({ timestamp: now() + steps * 30_000 });
}

/** Enrols a trader, which spends the code of the step before: that of the present one is still good. */
export async function enrol({ trpc, password }: Trader): Promise<Authenticator> {
  const { secret } = await trpc.security.enrol.mutate({ password });
  const code = authenticatorFor(secret);
  const { recoveryCodes } = await trpc.security.confirmEnrolment.mutate({ code: code(-1) });
  return { secret, recoveryCodes, code };
}
