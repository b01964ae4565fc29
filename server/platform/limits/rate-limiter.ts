import { Ratelimit, type Algorithm } from '@upstash/ratelimit';
import { Redis } from '@upstash/redis';
import type { Env } from '@/server/env';
import type { Clock } from '../clock';

export const LIMIT_CLASSES = ['general', 'quotes', 'batch', 'orders', 'auth', 'hooks'] as const;
export type LimitClass = (typeof LIMIT_CLASSES)[number];

/** `resetAt` is the epoch second at which the window has room for a full allowance again. */
export type LimitVerdict = { allowed: boolean; limit: number; remaining: number; resetAt: number };

export type RateLimiter = {
  /** Takes `cost` calls from the allowance of `who` in a class. */
  take(limitClass: LimitClass, who: string, cost: number): Promise<LimitVerdict>;
};

const WINDOW_MS = 60_000;
const MAX_CALLERS = 50_000;

type MemoryAlgorithm = ConstructorParameters<typeof Ratelimit>[0]['limiter'];

/**
 * An exact sliding window in memory: at most `limit` calls in any 60 s, whatever their spacing. A refused
 * call costs nothing. The library asks the factory on every call, so the window lives out here.
 */
function slidingLog(limit: number, clock: Clock): MemoryAlgorithm {
  const calls = new Map<string, number[]>();
  const recent = (who: string, now: number): number[] => {
    const times = calls.get(who) ?? [];
    let expired = 0;
    while (expired < times.length && (times[expired] ?? now) <= now - WINDOW_MS) expired += 1;
    if (expired > 0) times.splice(0, expired);
    return times;
  };
  const remember = (who: string, times: number[]) => {
    if (!calls.has(who) && calls.size >= MAX_CALLERS) forgetIdle(calls, clock.now() - WINDOW_MS);
    calls.set(who, times);
  };
  const algorithm: ReturnType<Algorithm<unknown>> = {
    limit: (_context, who, rate) => {
      const now = clock.now();
      const cost = rate ?? 1;
      const times = recent(who, now);
      const success = times.length + cost <= limit;
      if (success) for (let call = 0; call < cost; call += 1) times.push(now);
      remember(who, times);
      const reset = (times[0] ?? now) + WINDOW_MS;
      return Promise.resolve({
        success,
        limit,
        remaining: Math.max(0, limit - times.length),
        reset,
        pending: Promise.resolve(),
      });
    },
    getRemaining: (_context, who) => {
      const now = clock.now();
      const times = recent(who, now);
      return Promise.resolve({
        remaining: limit - times.length,
        reset: (times[0] ?? now) + WINDOW_MS,
        limit,
      });
    },
    resetTokens: (_context, who) => {
      calls.delete(who);
      return Promise.resolve();
    },
  };
  return () => algorithm;
}

/** Frees the callers whose window is empty; when a flood leaves none, the oldest half goes. */
function forgetIdle(calls: Map<string, number[]>, before: number): void {
  for (const [who, times] of calls) if ((times.at(-1) ?? 0) <= before) calls.delete(who);
  let excess = calls.size - MAX_CALLERS / 2;
  for (const who of calls.keys()) {
    if (excess <= 0) break;
    calls.delete(who);
    excess -= 1;
  }
}

const LIMITS: Record<LimitClass, keyof Env> = {
  general: 'RATE_LIMIT_GENERAL',
  quotes: 'RATE_LIMIT_QUOTES',
  batch: 'RATE_LIMIT_BATCH',
  orders: 'RATE_LIMIT_ORDERS',
  auth: 'RATE_LIMIT_AUTH',
  hooks: 'RATE_LIMIT_HOOKS',
};

/** Calls a minute that a class allows. */
export function allowanceOf(env: Env, limitClass: LimitClass): number {
  return Number(env[LIMITS[limitClass]]);
}

/** Runs one of the library's limiters for each class; the classes share nothing. */
export function byClass(make: (limitClass: LimitClass) => Ratelimit): RateLimiter {
  const limiters = new Map(LIMIT_CLASSES.map((name) => [name, make(name)]));
  return {
    async take(limitClass, who, cost) {
      const limiter = limiters.get(limitClass);
      if (limiter === undefined) throw new Error(`no limiter for ${limitClass}`);
      const answer = await limiter.limit(who, { rate: cost });
      // The library lets everybody through when its store is late.
      if (answer.reason === 'timeout') throw new Error('the limiter did not answer in time');
      return {
        allowed: answer.success,
        limit: answer.limit,
        remaining: Math.max(0, answer.remaining),
        resetAt: Math.ceil(answer.reset / 1000),
      };
    },
  };
}

/** Limits by class, in this process's memory; a call of a class spends that class's allowance alone. */
export function createRateLimiter(env: Env, clock: Clock): RateLimiter {
  // The memory algorithm never touches Redis; the library asks for a client all the same.
  const redis = new Redis({ url: 'https://redis.invalid', token: 'unused', enableTelemetry: false });
  return byClass(
    (limitClass) =>
      new Ratelimit({
        redis,
        limiter: slidingLog(allowanceOf(env, limitClass), clock),
        prefix: limitClass,
        ephemeralCache: false,
        timeout: 0,
      }),
  );
}
