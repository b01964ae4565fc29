import { TRPCClientError } from '@trpc/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { AppRouter } from '@/server/routers/root';
import { startDesk, type TestDesk } from '@/server/testing/desk';
import { openEventStream } from '@/server/testing/event-stream';
import { type Reply, send, sendJson } from '@/server/testing/http-caller';
import type { Trader } from '@/server/testing/trader';
import { until } from '@/server/testing/until';

const LIMIT = 5;

let desk: TestDesk;
let proxied: TestDesk;
beforeAll(async () => {
  const limits = { RATE_LIMIT_GENERAL: String(LIMIT), RATE_LIMIT_ORDERS: '2', RATE_LIMIT_QUOTES: '3' };
  desk = await startDesk(limits);
  proxied = await startDesk({ RATE_LIMIT_AUTH: '2', TRUST_PROXY: 'true' });
});
afterAll(async () => {
  await desk.dispose();
  await proxied.dispose();
});

const limitsIn = ({ headers }: Reply) => ({
  limit: headers['x-ratelimit-limit'],
  remaining: headers['x-ratelimit-remaining'],
});
const me = (trader: Trader) => trader.rest('GET', '/api/v1/users/me');

async function spendAll(trader: Trader): Promise<void> {
  for (let call = 0; call < LIMIT; call += 1) expect((await me(trader)).status).toBe(200);
}

describe('limits at the front door', () => {
  test('are told in headers and, when they are spent, in the body of a 429', async () => {
    const trader = await desk.signUp();
    for (let call = 0; call < LIMIT; call += 1)
      expect(limitsIn(await me(trader))).toEqual({ limit: '5', remaining: String(LIMIT - 1 - call) });
    const reply = await me(trader);
    expect(reply.status).toBe(429);
    expect(reply.json).toMatchObject({ detail: 'Rate limit exceeded', limit: LIMIT, remaining: 0 });
    const resetTime = z.number().parse(reply.json['reset_time']);
    expect(String(resetTime)).toBe(reply.headers['x-ratelimit-reset']);
    const wait = resetTime - Date.now() / 1000;
    expect(wait).toBeGreaterThan(50);
    expect(wait).toBeLessThanOrEqual(61);
    expect(Number(reply.headers['retry-after'])).toBeGreaterThanOrEqual(wait - 2);
  });

  test('reach a tRPC client as an error it can read', async () => {
    const trader = await desk.signUp();
    await spendAll(trader);
    const error: unknown = await trader.trpc.auth.me.query().catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(TRPCClientError<AppRouter>);
    expect(error).toMatchObject({
      message: 'Rate limit exceeded',
      data: { code: 'rate_limited', httpStatus: 429, limit: LIMIT },
    });
  });

  test('of one class and one user leave the others alone', async () => {
    const [trader, other] = [await desk.signUp(), await desk.signUp()];
    await spendAll(trader);
    expect((await me(trader)).status).toBe(429);
    expect((await trader.rest('GET', '/api/v1/stocks/AAPL/quote')).status).toBe(200);
    expect((await me(other)).status).toBe(200);
  });

  test('let exactly N of 40 calls at once through', async () => {
    const trader = await desk.signUp();
    const replies = await Promise.all(Array.from({ length: 40 }, () => me(trader)));
    expect(replies.filter(({ status }) => status === 200).length).toBe(LIMIT);
  });

  test.each(['batch=1', 'batch=%31', 'x=1&batch=1'])(
    'count every call of a batch, spelled ?%s',
    async (query) => {
      const trader = await desk.signUp();
      const reply = await send(desk.url, 'GET', `/api/trpc/auth.me,auth.me,auth.me?${query}`, {
        headers: trader.bearer,
      });
      expect(reply.status).toBe(200);
      expect(limitsIn(reply)).toEqual({ limit: '5', remaining: '2' });
      const more = await send(desk.url, 'GET', `/api/trpc/auth.me,auth.me,auth.me?${query}`, {
        headers: trader.bearer,
      });
      expect(more.status).toBe(429);
    },
  );

  test.each(['batch=1', 'batch=%31'])('signing in cannot be batched, spelled ?%s', async (query) => {
    const body = { 0: { username: 'ann', password: 'x' }, 1: { username: 'ann', password: 'y' } };
    const reply = await sendJson(desk.url, 'POST', `/api/trpc/auth.login,auth.login?${query}`, body);
    expect(reply.status).toBe(400);
    expect(reply.text).toMatch(/cannot be batched/);
  });

  test('an order that is refused counts, and the third in a minute is not looked at', async () => {
    const trader = await desk.signUp();
    const order = () => trader.rest('POST', '/api/v1/orders', { symbol: 'AAPL', side: 'buy', qty: '0' });
    expect([(await order()).status, (await order()).status, (await order()).status]).toEqual([422, 422, 429]);
  });

  test('are not spent by the stream, however often it is opened', async () => {
    const trader = await desk.signUp();
    const url = `${desk.url}/api/trpc/stream.watch?input=%7B%7D`;
    for (let count = 0; count < LIMIT * 2; count += 1) {
      const stream = await openEventStream(url, trader.bearer);
      await until('it says hello', () => stream.events.some(({ data }) => data.includes('hello')));
      stream.close();
    }
    expect((await me(trader)).status).toBe(200);
  });

  test('are counted by address before sign-in, and a caller cannot choose its address', async () => {
    const forge = (from: string) =>
      sendJson(desk.url, 'GET', '/api/v1/users/me', undefined, { 'x-forwarded-for': from });
    const statuses: number[] = [];
    for (let call = 0; call < LIMIT + 1; call += 1) statuses.push((await forge(`10.0.0.${call}`)).status);
    expect(statuses).toEqual([...Array.from({ length: LIMIT }, () => 401), 429]);
  });

  test('behind a trusted proxy count the address the proxy saw, not the one before it', async () => {
    const login = (forwarded: string) => {
      const body = { username: 'nobody', password: 'x' };
      return sendJson(proxied.url, 'POST', '/api/v1/auth/login', body, { 'x-forwarded-for': forwarded });
    };
    const statuses: number[] = [];
    for (let call = 0; call < 3; call += 1) statuses.push((await login(`1.1.1.${call}, 9.9.9.9`)).status);
    expect(statuses).toEqual([401, 401, 429]);
    expect((await login('9.9.9.9, 8.8.8.8')).status).toBe(401);
  });

  test('hold for the sign-in page too, with the same body', async () => {
    const post = () =>
      sendJson(
        proxied.url,
        'POST',
        '/api/auth/callback/credentials',
        {},
        {
          origin: proxied.url,
          'x-forwarded-for': '7.7.7.7',
        },
      );
    expect([(await post()).status, (await post()).status]).toEqual([404, 404]);
    expect(await post()).toMatchObject({ status: 429, json: { limit: 2, remaining: 0 } });
  });
});
