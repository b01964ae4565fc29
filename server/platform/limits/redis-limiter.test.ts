import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { deskEnv, startDesk, type TestDesk } from '@/server/testing/desk';
import { sendJson } from '@/server/testing/http-caller';
import { startRedis, type TestRedis } from '@/server/testing/redis-server';
import { until } from '@/server/testing/until';
import { systemClock } from '../clock';
import { createLogger } from '../logger';
import { createRateLimiter } from './rate-limiter';
import { createRedisLimiter, type RedisLimiter } from './redis-limiter';

const LIMIT = 5;
const SETTINGS = { RATE_LIMIT_ORDERS: String(LIMIT), RATE_LIMIT_AUTH: String(LIMIT) };
const env = deskEnv('/unused', SETTINGS);

let redis: TestRedis;
const opened: RedisLimiter[] = [];
beforeAll(async () => {
  redis = await startRedis();
});
afterEach(() => {
  for (const limiter of opened.splice(0)) limiter.close();
});
afterAll(() => redis.dispose());

async function connected(): Promise<RedisLimiter> {
  const fallback = createRateLimiter(env, systemClock);
  const limiter = createRedisLimiter(env, redis.url, fallback, createLogger('silent'));
  opened.push(limiter);
  await until('redis is there', () => limiter.up);
  return limiter;
}

/** How many of `calls` calls one after another get through. */
async function passing(limiter: RedisLimiter, who: string, calls: number): Promise<number> {
  let passed = 0;
  for (let call = 0; call < calls; call += 1) if ((await limiter.take('auth', who, 1)).allowed) passed += 1;
  return passed;
}

async function hang(signal: 'SIGSTOP' | 'SIGCONT'): Promise<void> {
  redis.signal(signal);
  await Promise.resolve();
}

/** The library's window is weighed, so a test must not straddle the turn of a minute. */
async function awayFromTheTurn(): Promise<void> {
  await until('the minute is not about to turn', () => Date.now() % 60_000 < 50_000, 15_000);
}

describe('limits shared through Redis', () => {
  test('hold for all desks together', async () => {
    await awayFromTheTurn();
    const [one, other] = [await connected(), await connected()];
    expect((await passing(one, 'shared', 3)) + (await passing(other, 'shared', 5))).toBe(LIMIT);
    expect(await other.take('auth', 'shared', 1)).toMatchObject({
      allowed: false,
      limit: LIMIT,
      remaining: 0,
    });
    expect((await other.take('orders', 'shared', 1)).allowed).toBe(true);
  });

  test('let exactly N of 100 calls at once through', async () => {
    let crowd = 0;
    const passed = await until(
      'Redis answered all of them in time',
      async () => {
        await awayFromTheTurn();
        const limiter = await connected();
        crowd += 1;
        const calls = Array.from({ length: 100 }, () => limiter.take('auth', `crowd-${crowd}`, 1));
        const verdicts = await Promise.all(calls);
        // Where the machine was so busy that Redis seemed away, the desk has counted for itself.
        return limiter.up ? verdicts.filter(({ allowed }) => allowed).length : null;
      },
      30_000,
    );
    expect(passed).toBe(LIMIT);
  }, 60_000);

  test('send the script once and then only its name', async () => {
    const limiter = await connected();
    const client = new Redis(redis.url);
    await client.config('RESETSTAT');
    await passing(limiter, 'scripts', 20);
    const calls = await client.info('commandstats');
    client.disconnect();
    expect(/cmdstat_eval:calls=(\d+)/.exec(calls)?.[1]).toBe('1');
    expect(/cmdstat_evalsha:calls=(\d+)/.exec(calls)?.[1]).toBe('19');
  });

  test('survive a restart of Redis that forgets its scripts', async () => {
    const limiter = await connected();
    await limiter.take('auth', 'before', 1);
    await redis.kill();
    await redis.start();
    await until('redis is back', () => limiter.up);
    await awayFromTheTurn();
    expect(await passing(limiter, 'after', LIMIT + 2)).toBe(LIMIT);
    expect(limiter.up).toBe(true);
  });

  test.each([
    ['hangs', () => hang('SIGSTOP'), () => hang('SIGCONT')],
    ['was killed', () => redis.kill(), () => redis.start()],
  ])('while Redis %s fall back at once, still deny, and come back', async (title, lose, bring) => {
    const limiter = await connected();
    await limiter.take('auth', `warm ${title}`, 1);
    await lose();
    const before = performance.now();
    expect((await limiter.take('auth', title, 1)).allowed).toBe(true);
    // Its deadline is 100 ms; the rest is room for a busy machine, far from the library's own 5 s.
    expect(performance.now() - before).toBeLessThan(1_000);
    expect(await passing(limiter, title, LIMIT + 5)).toBe(LIMIT - 1);
    expect(limiter.up).toBe(false);
    await bring();
    await until('redis is back', () => limiter.up);
    expect((await limiter.take('auth', `back ${title}`, 1)).allowed).toBe(true);
  });

  test('with nothing at the address deny from the first call on', async () => {
    const fallback = createRateLimiter(env, systemClock);
    const limiter = createRedisLimiter(env, 'redis://127.0.0.1:1', fallback, createLogger('silent'));
    opened.push(limiter);
    expect(await passing(limiter, 'nobody', LIMIT + 3)).toBe(LIMIT);
  });
});

describe('a desk with Redis', () => {
  let desk: TestDesk;
  beforeAll(async () => {
    desk = await startDesk({ REDIS_URL: redis.url, ...SETTINGS });
    await until('redis is there', () => desk.parts.redisLimiter?.up === true);
  });
  afterAll(() => desk.dispose());

  test('says in its readiness whether Redis answers, and opens neither sign-in nor orders without it', async () => {
    const trader = await desk.signUp();
    const ready = () => sendJson(desk.url, 'GET', '/ready');
    expect((await ready()).json).toMatchObject({ checks: { redis: { ok: true } } });
    redis.signal('SIGSTOP');
    const order = () => trader.rest('POST', '/api/v1/orders', { symbol: 'AAPL', side: 'buy', qty: '0' });
    const login = () =>
      sendJson(desk.url, 'POST', '/api/v1/auth/login', { username: 'nobody', password: 'x' });
    for (const [call, refusal] of [
      [order, 422],
      [login, 401],
    ] as const) {
      const statuses: number[] = [];
      for (let count = 0; count < LIMIT + 1; count += 1) statuses.push((await call()).status);
      expect(statuses).toEqual([...Array.from({ length: LIMIT }, () => refusal), 429]);
    }
    expect(JSON.stringify((await ready()).json)).toContain('redis does not answer');
    redis.signal('SIGCONT');
    await until(
      'redis is back',
      async () => !JSON.stringify((await ready()).json).includes('does not answer'),
    );
  });
});
