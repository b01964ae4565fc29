import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient } from '@libsql/client';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type DeskProcess, startDeskProcess } from '@/server/testing/desk-process';
import { type Headers, type Reply, send, sendJson } from '@/server/testing/http-caller';
import { signUp, type Trader } from '@/server/testing/trader';
import { until } from '@/server/testing/until';

/** A word that no other text contains; found in the log, it leaked. */
const canary = (name: string) => `canary-${name}-${randomBytes(6).toString('hex')}`;

let desk: DeskProcess;
let trader: Trader;
let other: Trader;
let theirOrder: string;
let tokenSecret: string;
const canaries: string[] = [];
const note = (secret: string) => {
  canaries.push(secret);
  return secret;
};

beforeAll(async () => {
  desk = await startDeskProcess({ LOG_LEVEL: 'trace' });
  trader = await signUp(desk.url, { password: note(canary('password')) });
  other = await signUp(desk.url, { password: note(canary('password')) });
  for (const { accessToken, refreshToken } of [trader, other]) canaries.push(accessToken, refreshToken);
  const limit = { symbol: 'AAPL', side: 'buy', type: 'limit', limitPrice: '1', qty: '1' } as const;
  theirOrder = (await other.trpc.orders.submit.mutate(limit)).id;
  // From here on nothing changes by itself.
  await until('their order works', async () => {
    const { status } = await other.trpc.orders.get.query({ id: theirOrder });
    return status === 'new';
  });
  const secrets = await readFile(join(desk.dataDir, 'secrets.json'), 'utf8');
  const parsed = z.object({ tokenSecret: z.string() }).catchall(z.string()).parse(JSON.parse(secrets));
  tokenSecret = parsed.tokenSecret;
  for (const [name, value] of Object.entries(parsed)) if (!name.endsWith('KeyId')) canaries.push(value);
});
afterAll(() => desk.dispose());

type Wire = 'trpc' | 'rest';
type Expected = { status: number; says: RegExp };

/** The fields both wires give a refusal. */
function refusalOf(reply: Reply, wire: Wire) {
  const trpc = z.object({
    error: z.object({ message: z.string(), data: z.object({ code: z.string(), requestId: z.string() }) }),
  });
  const rest = z.object({ detail: z.string(), code: z.string(), request_id: z.string() });
  if (wire === 'rest') {
    const { detail, code, request_id: requestId } = rest.parse(reply.json);
    return { message: detail, code, requestId };
  }
  const first: unknown = Array.isArray(JSON.parse(reply.text)) ? reply.json['0'] : reply.json;
  const { message, data } = trpc.parse(first).error;
  return { message, ...data };
}

async function state() {
  const orders = async ({ trpc }: Trader) => (await trpc.orders.list.query({ status: 'all' })).orders;
  return {
    mine: await orders(trader),
    theirs: await orders(other),
    exchange: (await desk.exchangeJournal()).split('\n').filter((line) => line.includes('order')),
  };
}

/** Sends it, and holds the answer to what every refusal must be: clear, traceable, without effect. */
async function expectRefused(
  wire: Wire,
  call: () => Promise<Reply>,
  { status, says }: Expected,
): Promise<Reply> {
  const before = await state();
  const reply = await call();
  expect({ status: reply.status, text: reply.text }).toMatchObject({ status });
  const refusal = refusalOf(reply, wire);
  expect(refusal.message).toMatch(says);
  expect(refusal.requestId).toBe(reply.headers['x-request-id']);
  expect(reply.text).not.toMatch(/node_modules|\n\s+at |SQLITE|select |insert /);
  expect(await state()).toEqual(before);
  return reply;
}

const good = { symbol: 'AAPL', side: 'buy', type: 'limit', limitPrice: '1', qty: '1' };
const snake = (text: string) => text.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Orders by their raw JSON text, because not every bad number survives a serialiser. */
const order = (fields: Record<string, unknown>) => JSON.stringify({ ...good, ...fields });
const withQty = (qty: string) => JSON.stringify(good).replace('"qty":"1"', `"qty":${qty}`);

const ORDERS: { title: string; body: string; status: number; says: RegExp }[] = [
  {
    title: 'an unknown symbol',
    body: order({ symbol: 'ZZZZZZ' }),
    status: 422,
    says: /ZZZZZZ is not listed/,
  },
  {
    title: 'a symbol that is none',
    body: order({ symbol: '../etc' }),
    status: 422,
    says: /symbol: must be a ticker/,
  },
  { title: 'quantity 0', body: withQty('0'), status: 422, says: /^qty: must be above 0/ },
  { title: 'quantity -1', body: withQty('-1'), status: 422, says: /^qty: must be above 0/ },
  { title: 'quantity "-1"', body: withQty('"-1"'), status: 422, says: /^qty: must be above 0/ },
  { title: 'quantity "NaN"', body: withQty('"NaN"'), status: 422, says: /^qty: must be a plain decimal/ },
  { title: 'quantity NaN', body: withQty('NaN'), status: 400, says: /JSON/ },
  { title: 'quantity null', body: withQty('null'), status: 422, says: /^qty: must be a plain decimal/ },
  { title: 'quantity 1e309', body: withQty('1e309'), status: 422, says: /^qty: must be a plain decimal/ },
  { title: 'quantity "1e309"', body: withQty('"1e309"'), status: 422, says: /^qty: must be a plain decimal/ },
  {
    title: 'quantity 0.0000000001',
    body: withQty('0.0000000001'),
    status: 422,
    says: /^qty: (must be a plain|has at most 9)/,
  },
  {
    title: 'quantity "0.0000000001"',
    body: withQty('"0.0000000001"'),
    status: 422,
    says: /^qty: has at most 9 decimals/,
  },
  { title: 'quantity 10^12', body: withQty('1000000000000'), status: 422, says: /^qty: must not be above/ },
  {
    title: 'a quantity of 5,000 digits',
    body: withQty(`"${'9'.repeat(5000)}"`),
    status: 422,
    says: /^qty: must be a plain decimal/,
  },
  {
    title: 'a quantity left out',
    body: JSON.stringify({ ...good, qty: undefined }),
    status: 422,
    says: /^qty: is required/,
  },
  {
    title: 'a price finer than the cent',
    body: order({ limitPrice: '100.001' }),
    status: 422,
    says: /limit_?price: 100\.001 is finer/i,
  },
  {
    title: 'a price finer than a hundredth of a cent',
    body: order({ limitPrice: '0.00001' }),
    status: 422,
    says: /limit_?price: .* is finer/i,
  },
  {
    title: 'a price below 0',
    body: order({ limitPrice: '-5' }),
    status: 422,
    says: /limit_?price: must be above 0/i,
  },
  {
    title: 'a price left out',
    body: JSON.stringify({ ...good, limitPrice: undefined }),
    status: 422,
    says: /limit_?price: is required/i,
  },
  {
    title: 'a price for a market order',
    body: order({ type: 'market' }),
    status: 422,
    says: /limit_?price: does not belong to a market/i,
  },
  { title: 'a wrong side', body: order({ side: 'hold' }), status: 422, says: /^side: / },
  {
    title: 'a side left out',
    body: JSON.stringify({ ...good, side: undefined }),
    status: 422,
    says: /^side: /,
  },
  { title: 'an unknown field', body: order({ stop: '1' }), status: 422, says: /^stop: is not a field/ },
  {
    title: 'another user in the body',
    body: order({ user: 'usr_1', role: 'admin' }),
    status: 422,
    says: /user: is not a field.*role: is not a field/,
  },
  {
    title: '__proto__ as a key',
    body: JSON.stringify(good).replace('{', '{"__proto__":{"side":"sell"},'),
    status: 422,
    says: /__proto__: is not a field/,
  },
  {
    title: 'constructor as a key',
    body: order({ constructor: { prototype: { polluted: true } } }),
    status: 422,
    says: /constructor: is not a field/,
  },
  {
    title: 'a lone surrogate',
    body: JSON.stringify(good).replace('AAPL', '\\ud800'),
    status: 422,
    says: /symbol: must be a ticker/,
  },
  {
    title: 'JSON 50,000 deep',
    body: `{"qty":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
    status: 422,
    says: /qty: (?:must be a plain decimal|is nested deeper)/,
  },
  { title: 'broken JSON', body: '{"symbol": "AAPL", ', status: 400, says: /JSON/ },
  { title: 'an empty body', body: '', status: 422, says: /expected|required/i },
  { title: 'a JSON list', body: '[1]', status: 422, says: /object/i },
  {
    title: 'a body of 200 kB',
    body: order({ symbol: 'A'.repeat(200_000) }),
    status: 413,
    says: /larger than 128 kB/,
  },
  {
    title: "another user's account",
    body: order({ accountId: 'acc_of_somebody' }),
    status: 404,
    says: /no such account/,
  },
];

describe.each(['trpc', 'rest'] as const)('an order over %s is refused and changes nothing:', (wire) => {
  const path = wire === 'trpc' ? '/api/trpc/orders.submit' : '/api/v1/orders';

  test.each(ORDERS)('$title', async ({ body, status, says }) => {
    const text = wire === 'rest' ? body.replaceAll(/"(limitPrice|accountId)"/g, snake) : body;
    // A list is no input of ours; REST calls it malformed before the schema sees it.
    const expected = wire === 'rest' && text === '[1]' ? 400 : status;
    const headers = { ...trader.bearer, 'content-type': 'application/json' };
    const reply = await expectRefused(wire, () => send(desk.url, 'POST', path, { headers, body: text }), {
      status: expected,
      says,
    });
    expect(reply.text).not.toMatch(wire === 'rest' ? /limitPrice|accountId/ : /limit_price|account_id/);
  });
});

async function token(
  claims: { audience?: string; issuer?: string; expires?: number; type?: string; key?: string } = {},
): Promise<Headers> {
  const { userId, sessionId } = { userId: trader.user.id, sessionId: await sessionOf(trader) };
  const now = Math.floor(Date.now() / 1000);
  const signed = await new SignJWT({ sid: sessionId })
    .setProtectedHeader({ alg: 'HS256', typ: claims.type ?? 'at+jwt' })
    .setSubject(userId)
    .setIssuer(claims.issuer ?? 'outcry')
    .setAudience(claims.audience ?? 'outcry-api')
    .setIssuedAt(now - 1000)
    .setExpirationTime(claims.expires ?? now + 60)
    .sign(Buffer.from(claims.key ?? tokenSecret, 'hex'));
  return { authorization: `Bearer ${signed}` };
}

function claimsOf(jwt: string): Record<string, unknown> {
  const payload: unknown = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString());
  return z.record(z.string(), z.unknown()).parse(payload);
}
const sessionOf = (user: Trader) => Promise.resolve(z.string().parse(claimsOf(user.accessToken)['sid']));

function unsigned(jwt: string): Headers {
  const head = Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt' })).toString('base64url');
  return { authorization: `Bearer ${head}.${jwt.split('.')[1]}.x` };
}

const CREDENTIALS: { title: string; headers: () => Headers | Promise<Headers> }[] = [
  { title: 'no token', headers: () => ({}) },
  { title: 'an expired token', headers: () => token({ expires: Math.floor(Date.now() / 1000) - 1 }) },
  { title: 'a token for another audience', headers: () => token({ audience: 'somebody-else' }) },
  { title: 'a token of another issuer', headers: () => token({ issuer: 'somebody-else' }) },
  { title: 'a token of another type', headers: () => token({ type: 'JWT' }) },
  { title: 'a token signed with another key', headers: () => token({ key: '00'.repeat(32) }) },
  { title: 'a token with alg none', headers: () => unsigned(trader.accessToken) },
  {
    title: 'a token cut short',
    headers: () => ({ authorization: trader.bearer.authorization.slice(0, -2) }),
  },
  { title: 'a refresh token', headers: () => ({ authorization: `Bearer ${trader.refreshToken}` }) },
  { title: 'Basic', headers: () => ({ authorization: 'Basic dHJhZGVyOnBhc3N3b3Jk' }) },
  {
    title: 'a forged cookie',
    headers: () => ({
      cookie: `next-auth.session-token=${trader.accessToken}`,
      'sec-fetch-site': 'same-origin',
    }),
  },
];

describe.each(['trpc', 'rest'] as const)('over %s', (wire) => {
  const post = (path: { trpc: string; rest: string }, body: object, headers: Headers) =>
    sendJson(desk.url, 'POST', path[wire], body, headers);
  const submit = { trpc: '/api/trpc/orders.submit', rest: '/api/v1/orders' };

  test('a token made as the desk makes them is accepted, so the refusals below mean something', async () => {
    const path = wire === 'trpc' ? '/api/trpc/auth.me' : '/api/v1/users/me';
    expect((await sendJson(desk.url, 'GET', path, undefined, await token())).status).toBe(200);
  });

  test.each(CREDENTIALS)('$title is answered 401', async ({ headers }) => {
    const given = await headers();
    const body = wire === 'trpc' ? good : { ...good, limitPrice: undefined, limit_price: '1' };
    await expectRefused(wire, () => post(submit, body, given), { status: 401, says: /Sign in first/ });
  });

  test.each([
    ['another site', { origin: 'https://evil.example' }],
    ['a site with our name in front', { origin: 'http://127.0.0.1.evil.example' }],
    ['no site', {}],
    ['a null origin', { origin: 'null' }],
  ])('a cookie from %s is answered 403', async (_title, headers: Headers) => {
    const cookie = `next-auth.session-token=${note(canary('cookie'))}`;
    await expectRefused(wire, () => post(submit, good, { ...headers, cookie }), {
      status: 403,
      says: /Origin|another site/,
    });
  });

  test("another user's order is not found, exactly like one that does not exist", async () => {
    const answers: string[] = [];
    for (const id of [theirOrder, 'ord_00000000000000000000000000']) {
      const input = encodeURIComponent(JSON.stringify({ id }));
      const read = wire === 'trpc' ? `/api/trpc/orders.get?input=${input}` : `/api/v1/orders/${id}`;
      const calls = [
        () => sendJson(desk.url, 'GET', read, undefined, trader.bearer),
        () =>
          wire === 'trpc'
            ? sendJson(desk.url, 'POST', '/api/trpc/orders.cancel', { id }, trader.bearer)
            : sendJson(desk.url, 'DELETE', `/api/v1/orders/${id}`, undefined, trader.bearer),
      ];
      for (const call of calls) {
        const reply = await expectRefused(wire, call, { status: 404, says: /no such order/ });
        answers.push(refusalOf(reply, wire).message);
      }
    }
    expect(new Set(answers).size).toBe(1);
  });

  test('a body that is not JSON is answered 415', async () => {
    const headers = { ...trader.bearer, 'content-type': 'text/plain' };
    await expectRefused(
      wire,
      () => send(desk.url, 'POST', submit[wire], { headers, body: JSON.stringify(good) }),
      {
        status: 415,
        says: /Content-Type: application\/json/,
      },
    );
  });

  test('a token in the address is answered 400 and never logged', async () => {
    const secret = note(canary('address'));
    const path = wire === 'trpc' ? '/api/trpc/auth.me' : '/api/v1/users/me';
    await expectRefused(
      wire,
      () => sendJson(desk.url, 'GET', `${path}?access_token=${secret}`, undefined, trader.bearer),
      {
        status: 400,
        says: /Never put access_token in an address/,
      },
    );
  });

  test('a body of 200 kB without a length is answered 413', async () => {
    const headers = { ...trader.bearer, 'content-type': 'application/json', 'transfer-encoding': 'chunked' };
    const body = `{"symbol":"${'A'.repeat(200_000)}"}`;
    await expectRefused(wire, () => send(desk.url, 'POST', submit[wire], { headers, body }), {
      status: 413,
      says: /larger than 128 kB/,
    });
  });
});

describe('tRPC alone', () => {
  test.each([
    ['GET', 'batch=1'],
    ['POST', 'batch=1'],
    ['GET', 'batch=%31'],
  ])('a batch of 1,000 calls by %s with %s is answered 400', async (method, query) => {
    const path = `/api/trpc/${Array(1000).fill('auth.me').join(',')}?${query}`;
    const call = () => sendJson(desk.url, method, path, method === 'POST' ? {} : undefined, trader.bearer);
    await expectRefused('trpc', call, { status: 400, says: /at most 10 calls; this one has 1000/ });
  });

  test('a mutation by GET is answered 405 with what is allowed', async () => {
    const path = `/api/trpc/orders.submit?input=${encodeURIComponent(JSON.stringify(good))}`;
    const call = () => sendJson(desk.url, 'GET', path, undefined, trader.bearer);
    const reply = await expectRefused('trpc', call, { status: 405, says: /GET/ });
    expect(reply.headers['allow']).toBe('POST');
  });

  test('queries and mutations in one batch are answered 400', async () => {
    const path = '/api/trpc/auth.me,orders.submit?batch=1';
    const body = { 1: good };
    await expectRefused('trpc', () => sendJson(desk.url, 'POST', path, body, trader.bearer), {
      status: 400,
      says: /batch/,
    });
  });

  test('a path that is not well-formed is answered 400', async () => {
    const call = () => sendJson(desk.url, 'GET', '/api/trpc/auth%zzme', undefined, trader.bearer);
    await expectRefused('trpc', call, { status: 400, says: /address is not well-formed/ });
  });
});

describe('REST alone', () => {
  const get = (path: string) => () => sendJson(desk.url, 'GET', path, undefined, trader.bearer);

  test('a parameter given twice with different values is answered 422', async () => {
    await expectRefused('rest', get('/api/v1/stocks/quote?symbol=AAPL&symbol=MSFT'), {
      status: 422,
      says: /symbol: is given twice/,
    });
  });

  test('a value in the body against the address is answered 422', async () => {
    const call = () =>
      sendJson(desk.url, 'POST', '/api/v1/stocks/AAPL/buy', { qty: '1', side: 'sell' }, trader.bearer);
    await expectRefused('rest', call, { status: 422, says: /side: is given twice/ });
  });

  test('the spelling of tRPC is answered 422', async () => {
    const call = () => sendJson(desk.url, 'POST', '/api/v1/orders', good, trader.bearer);
    await expectRefused('rest', call, { status: 422, says: /limitPrice: is not a field/ });
  });

  test('an address that is not well-formed is answered 400', async () => {
    await expectRefused('rest', get('/api/v1/stocks/%zz/quote'), {
      status: 400,
      says: /address is not well-formed/,
    });
  });

  test('an unknown path is answered 404 and a wrong method 405 with what is allowed', async () => {
    await expectRefused('rest', get('/api/v1/nothing'), { status: 404, says: /nothing at/ });
    const reply = await expectRefused(
      'rest',
      () => sendJson(desk.url, 'PUT', '/api/v1/orders', undefined, trader.bearer),
      { status: 405, says: /PUT is not possible/ },
    );
    expect(reply.headers['allow']).toBe('POST, GET, DELETE');
  });

  test('an address with another host in front is answered 400', async () => {
    await expectRefused('rest', get('http://169.254.169.254/latest/meta-data'), {
      status: 400,
      says: /must be a path/,
    });
  });
});

/** Takes tables away under the running desk, so that what it does fails in the middle. */
async function breakDatabase(...tables: string[]): Promise<void> {
  const client = createClient({ url: `file:${join(desk.dataDir, 'outcry.db')}`, timeout: 5000 });
  for (const table of tables) await client.execute(`ALTER TABLE ${table} RENAME TO ${table}_away`);
  client.close();
}

test('no secret is in the log, not even when the desk fails half way through', async () => {
  const keys = { alpacaApiKey: note(canary('key')), alpacaSecretKey: note(canary('secret')) };
  const register = (username: string) =>
    sendJson(desk.url, 'POST', '/api/trpc/auth.register', {
      username,
      email: `${username}@desk.test`,
      password: note(canary('password')),
      ...keys,
    });
  const login = (password: string) =>
    sendJson(desk.url, 'POST', '/api/trpc/auth.login', { username: trader.user.username, password });
  expect((await register('canary-one')).status).toBe(200);
  expect((await login(note(canary('wrong')))).status).toBe(401);
  await sendJson(desk.url, 'POST', '/api/trpc/auth.refresh', { refreshToken: note(canary('refresh')) });
  await breakDatabase('watchlists', 'refresh_tokens');
  const failures = [await register('canary-two'), await login(trader.password)];
  await desk.end('SIGTERM');
  const log = desk.output();
  for (const failure of failures) {
    expect(failure.status).toBe(500);
    expect(refusalOf(failure, 'trpc').message).toMatch(/^Something failed on our side/);
    // The failure itself is in the log, under the id its caller was given.
    expect(log).toContain(failure.headers['x-request-id']);
  }
  const leaked = canaries.filter((secret) =>
    [secret, Buffer.from(secret).toString('base64'), encodeURIComponent(secret)].some((form) =>
      log.includes(form),
    ),
  );
  expect(leaked).toEqual([]);
  expect(log).not.toMatch(/argon2id|params: |canary-two@desk/);
});
