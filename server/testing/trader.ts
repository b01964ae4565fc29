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
