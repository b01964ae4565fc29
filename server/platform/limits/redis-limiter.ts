import { createHash } from 'node:crypto';
import { Ratelimit } from '@upstash/ratelimit';
import { Redis } from 'ioredis';
import type { Env } from '@/server/env';
import type { Logger } from '../logger';
import { allowanceOf, byClass, type RateLimiter } from './rate-limiter';

/** A Redis that has not answered by then counts as away. */
const ANSWER_MS = 100;
/** While Redis is away it is asked again this often; in between nobody waits for it. */
const AWAY_MS = 1_000;

export type RedisLimiter = RateLimiter & {
  /** Whether the shared limits hold; while they do not, each process limits by itself. */
  readonly up: boolean;
  close(): void;
};

type Store = ConstructorParameters<typeof Ratelimit>[0]['redis'];
type Value = string | number | null;

/**
 * Runs the library's own scripts on a plain Redis. Their first line is a flag that only Upstash knows, so it
 * is cut off; the script then has another SHA, which is looked up under the library's. After a restart of
 * Redis its "NOSCRIPT" makes the library send the script again.
 */
function scriptsOn(redis: Redis): Store {
  const ownSha = new Map<string, string>();
  const flat = (values: Value[]) => values.map((value) => value ?? '');
  const sha1 = (text: string) => createHash('sha1').update(text).digest('hex');
  const scripts = {
    get: (key: string) => redis.get(key),
    set: (key: string, value: string | number) => redis.set(key, value),
    evalsha: (sha: string, keys: string[], args: Value[]) => {
      const own = ownSha.get(sha);
      if (own === undefined) return Promise.reject(new Error('NOSCRIPT not sent yet'));
      return redis.evalsha(own, keys.length, ...keys, ...flat(args));
    },
    eval: (script: string, keys: string[], args: Value[]) => {
      const plain = script.replace(/^#!lua[^\n]*\n/, '');
      ownSha.set(sha1(script), sha1(plain));
      return redis.eval(plain, keys.length, ...keys, ...flat(args));
    },
  };
  if (!isStore(scripts)) throw new Error('the limiter needs evalsha, get and set');
  return scripts;
}

/** The library types its client by Upstash's own, whose answers are of any type that the caller names. */
function isStore(value: object): value is Store {
  return 'evalsha' in value && 'get' in value && 'set' in value;
}

/**
 * Limits shared by all desks on one Redis, by the library's own sliding window. When Redis hangs, refuses or
 * restarts, `fallback` judges well within a quarter of a second: nothing is let through for want of an answer.
 */
export function createRedisLimiter(env: Env, url: string, fallback: RateLimiter, log: Logger): RedisLimiter {
  const redis = new Redis(url, {
    commandTimeout: 2_000,
    connectTimeout: 2_000,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(attempt * 100, AWAY_MS),
  });
  let awayUntil = 0;
  redis.on('error', () => {});
  const store = scriptsOn(redis);
  const shared = byClass(
    (limitClass) =>
      new Ratelimit({
        redis: store,
        limiter: Ratelimit.slidingWindow(allowanceOf(env, limitClass), '60 s'),
        prefix: `outcry:limit:${limitClass}`,
        ephemeralCache: false,
        timeout: ANSWER_MS,
      }),
  );
  const isUp = () => redis.status === 'ready' && performance.now() >= awayUntil;
  return {
    get up() {
      return isUp();
    },
    async take(limitClass, who, cost) {
      if (!isUp()) return fallback.take(limitClass, who, cost);
      try {
        return await shared.take(limitClass, who, cost);
      } catch (error) {
        awayUntil = performance.now() + AWAY_MS;
        log.warn({ err: error }, 'redis does not answer; this process limits by itself');
        return fallback.take(limitClass, who, cost);
      }
    },
    close: () => redis.disconnect(),
  };
}
