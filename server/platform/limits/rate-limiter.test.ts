import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deskEnv } from '@/server/testing/desk';
import { createRateLimiter, LIMIT_CLASSES } from './rate-limiter';

const WINDOW_MS = 60_000;

/** A limiter whose time stands still until it is moved. */
function limiterWith(limit: number) {
  const time = { now: 1_700_000_000_000 };
  const clock = { now: () => time.now, iso: (at = time.now) => new Date(at).toISOString() };
  const settings = { RATE_LIMIT_ORDERS: String(limit), RATE_LIMIT_AUTH: String(limit) };
  const limiter = createRateLimiter(deskEnv('/unused', settings), clock);
  const take = async (cost = 1, who = 'ann') => limiter.take('orders', who, cost);
  return { time, limiter, take };
}

describe('the limiter in memory', () => {
  test('allows N calls in a window and denies the next', async () => {
    const { take } = limiterWith(10);
    const verdicts = [];
    for (let call = 0; call < 11; call += 1) verdicts.push(await take());
    expect(verdicts.map(({ allowed }) => allowed)).toEqual([
      ...Array.from({ length: 10 }, () => true),
      false,
    ]);
    expect(verdicts.map(({ remaining }) => remaining)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0]);
    expect(verdicts.every(({ limit }) => limit === 10)).toBe(true);
  });

  test('gives each call back 60 s after it was made, to the millisecond', async () => {
    const { time, take } = limiterWith(2);
    await take();
    time.now += 10_000;
    await take();
    time.now += 49_999;
    expect((await take()).allowed).toBe(false);
    time.now += 1;
    expect((await take()).allowed).toBe(true);
    expect((await take()).allowed).toBe(false);
  });

  test('says in which second the oldest call comes back', async () => {
    const { time, take } = limiterWith(1);
    const first = time.now;
    await take();
    time.now += 59_000;
    expect((await take()).resetAt).toBe(Math.ceil((first + WINDOW_MS) / 1000));
  });

  test('a denied call costs nothing', async () => {
    const { time, take } = limiterWith(1);
    await take();
    for (let call = 0; call < 100; call += 1) await take();
    time.now += WINDOW_MS;
    expect((await take()).allowed).toBe(true);
  });

  test('a call that costs more than is left takes nothing', async () => {
    const { take } = limiterWith(10);
    await take(8);
    expect(await take(3)).toMatchObject({ allowed: false, remaining: 2 });
    expect((await take(2)).allowed).toBe(true);
  });

  test('callers and classes are independent', async () => {
    const { limiter } = limiterWith(1);
    for (const limitClass of LIMIT_CLASSES) {
      expect((await limiter.take(limitClass, 'ann', 1)).allowed).toBe(true);
      expect((await limiter.take(limitClass, 'bob', 1)).allowed).toBe(true);
    }
    expect((await limiter.take('orders', 'ann', 1)).allowed).toBe(false);
    expect((await limiter.take('general', 'ann', 1)).allowed).toBe(true);
  });

  test('of 100 calls at once exactly N pass', async () => {
    const { take } = limiterWith(30);
    const verdicts = await Promise.all(Array.from({ length: 100 }, () => take()));
    expect(verdicts.filter(({ allowed }) => allowed).length).toBe(30);
  });

  test('never lets more than N through in any 60 s and never denies what fits (10,000 random runs)', async () => {
    const step = fc.record({
      wait: fc.integer({ min: 0, max: 40_000 }),
      cost: fc.integer({ min: 1, max: 4 }),
    });
    const runs = fc.record({
      limit: fc.integer({ min: 1, max: 8 }),
      steps: fc.array(step, { maxLength: 25 }),
    });
    await fc.assert(
      fc.asyncProperty(runs, async ({ limit, steps }) => {
        const { time, take } = limiterWith(limit);
        const passed: number[] = [];
        for (const { wait, cost } of steps) {
          time.now += wait;
          const inWindow = passed.filter((at) => at > time.now - WINDOW_MS).length;
          const { allowed, remaining } = await take(cost);
          expect(allowed).toBe(inWindow + cost <= limit);
          expect(remaining).toBe(limit - inWindow - (allowed ? cost : 0));
          if (allowed) for (let call = 0; call < cost; call += 1) passed.push(time.now);
        }
        for (const end of passed)
          expect(passed.filter((at) => at > end - WINDOW_MS && at <= end).length).toBeLessThanOrEqual(limit);
      }),
      { numRuns: 10_000 },
    );
  }, 60_000);
});
