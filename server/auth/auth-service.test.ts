import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { refreshTokens, users } from '@/db/schema';
import { startDesk, type TestDesk } from '@/server/testing/desk';
import { sendJson } from '@/server/testing/http-caller';
import { clientOf, signIn } from '@/server/testing/trader';

let desk: TestDesk;
beforeAll(async () => {
  desk = await startDesk();
});
afterAll(() => desk.dispose());

const post = (path: string, body: object, headers = {}) => sendJson(desk.url, 'POST', path, body, headers);

describe('signing up', () => {
  test('stores argon2id with at least 64 MiB and 3 passes, and no password', async () => {
    const trader = await desk.signUp();
    const { db } = desk.parts.database;
    const [row] = await db.select().from(users).where(eq(users.id, trader.user.id));
    const cost = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$/.exec(row?.passwordHash ?? '');
    expect(cost?.slice(1).map(Number)).toEqual([65_536, 3, 1]);
    expect(JSON.stringify(row)).not.toContain(trader.password);
  });

  test('makes the first user of a desk its admin and the next a trader', async () => {
    const fresh = await startDesk();
    const roles = [(await fresh.signUp()).user.role, (await fresh.signUp()).user.role];
    await fresh.dispose();
    expect(roles).toEqual(['admin', 'trader']);
  });

  test.each([
    ['username', { email: 'else@desk.test' }],
    ['username in capitals', { email: 'else@desk.test', capitals: true }],
    ['e-mail address', { username: 'somebody-else' }],
  ])(
    'answers 409 for a taken %s',
    async (_title, { capitals = false, ...change }: Record<string, unknown>) => {
      const { user, password } = await desk.signUp();
      const taken = {
        username: capitals === true ? user.username.toUpperCase() : user.username,
        email: user.email,
      };
      const reply = await post('/api/v1/auth/register', { ...taken, password, ...change });
      expect(reply).toMatchObject({ status: 409, json: { code: 'conflict' } });
    },
  );

  test('of ten for one name at once lets one through', async () => {
    const input = { username: 'contested', email: 'contested@desk.test', password: 'correct horse battery' };
    const replies = await Promise.all(Array.from({ length: 10 }, () => post('/api/v1/auth/register', input)));
    expect(replies.map(({ status }) => status).sort((a, b) => a - b)).toEqual([
      201,
      ...Array.from({ length: 9 }, () => 409),
    ]);
  });

  test('shows neither hash nor keys in its answer', async () => {
    const keys = { alpaca_api_key: 'PKTESTKEY123', alpaca_secret_key: 'a-secret-of-alpaca' };
    const input = {
      username: 'keyholder',
      email: 'keyholder@desk.test',
      password: 'correct horse battery',
      ...keys,
    };
    const reply = await post('/api/v1/auth/register', input);
    expect(reply.status).toBe(201);
    expect(Object.keys(reply.json).sort()).toEqual([
      'email',
      'full_name',
      'id',
      'permissions',
      'role',
      'username',
    ]);
  });
});

describe('signing in', () => {
  test('answers the same to a wrong password and to a user who does not exist', async () => {
    const { user } = await desk.signUp();
    const wrong = await post('/api/v1/auth/login', { username: user.username, password: 'wrong password' });
    const nobody = await post('/api/v1/auth/login', { username: 'nobody', password: 'wrong password' });
    const withoutId = ({ status, json }: typeof wrong) => ({ status, json: { ...json, request_id: '' } });
    expect(wrong.status).toBe(401);
    expect(withoutId(nobody)).toEqual(withoutId(wrong));
  });

  test.each(['username', 'email'] as const)('works by %s, however it is capitalised', async (field) => {
    const { user, password } = await desk.signUp();
    const reply = await post('/api/v1/auth/login', { [field]: ` ${user[field].toUpperCase()} `, password });
    expect(reply.json).toMatchObject({ token_type: 'bearer', expires_in: 900 });
  });

  test('counts every character of a long password', async () => {
    const password = `${'p'.repeat(127)}1`;
    const { user } = await desk.signUp({ password });
    const cut = await post('/api/v1/auth/login', {
      username: user.username,
      password: `${'p'.repeat(127)}2`,
    });
    expect(cut.status).toBe(401);
    expect((await post('/api/v1/auth/login', { username: user.username, password })).status).toBe(200);
  });

  test('turns a flood away instead of keeping it, and lets the next one in', async () => {
    const { user, password } = await desk.signUp();
    const login = () => post('/api/v1/auth/login', { username: user.username, password });
    const statuses = (await Promise.all(Array.from({ length: 60 }, login))).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([200, 503]));
    const nobody = await post('/api/v1/auth/login', { username: 'nobody', password });
    expect(nobody.status).toBe(401);
    expect((await login()).status).toBe(200);
  });
});

describe('a refresh token', () => {
  const refresh = (token: string) => post('/api/v1/auth/refresh', { refresh_token: token });
  const tokenIn = ({ json }: { json: Record<string, unknown> }) => String(json['refresh_token']);

  test('is changed for a new pair, which works', async () => {
    const trader = await desk.signUp();
    const reply = await refresh(trader.refreshToken);
    expect(tokenIn(reply)).not.toBe(trader.refreshToken);
    const renewed = clientOf(desk.url, { authorization: `Bearer ${String(reply.json['access_token'])}` });
    expect((await renewed.auth.me.query()).id).toBe(trader.user.id);
  });

  test('used twice ends its whole family, and no other session', async () => {
    const trader = await desk.signUp();
    const second = await signIn(desk.url, trader.user.username, trader.password);
    const renewed = tokenIn(await refresh(trader.refreshToken));
    expect((await refresh(trader.refreshToken)).status).toBe(401);
    expect((await refresh(renewed)).status).toBe(401);
    await expect(trader.trpc.auth.me.query()).rejects.toThrow(/Sign in first/);
    expect((await second.trpc.auth.me.query()).id).toBe(trader.user.id);
  });

  test('of twenty uses at once serves one', async () => {
    const trader = await desk.signUp();
    const replies = await Promise.all(Array.from({ length: 20 }, () => refresh(trader.refreshToken)));
    expect(replies.filter(({ status }) => status === 200).length).toBe(1);
  });

  test('is stored as a hash', async () => {
    const trader = await desk.signUp();
    const rows = await desk.parts.database.db.select().from(refreshTokens);
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(trader.refreshToken);
  });

  test('that nobody was given is refused', async () => {
    expect((await refresh('made-up')).status).toBe(401);
  });
});

describe('signing out', () => {
  test('ends access and refresh at once, and leaves the other session', async () => {
    const trader = await desk.signUp();
    const second = await signIn(desk.url, trader.user.username, trader.password);
    await trader.trpc.auth.me.query();
    expect((await trader.rest('POST', '/api/v1/auth/logout')).status).toBe(204);
    expect((await trader.rest('GET', '/api/v1/users/me')).status).toBe(401);
    expect((await post('/api/v1/auth/refresh', { refresh_token: trader.refreshToken })).status).toBe(401);
    expect((await second.trpc.auth.me.query()).id).toBe(trader.user.id);
  });
});
