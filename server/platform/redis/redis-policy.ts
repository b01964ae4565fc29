import type { Redis } from 'ioredis';

/** This Redis would throw work away; the message says what to change. */
export class RedisPolicyError extends Error {}

/** Throws `RedisPolicyError` unless Redis says that it evicts nothing. */
export async function assertNoEviction(redis: Redis): Promise<void> {
  const policy = /^maxmemory_policy:(\S+)/m.exec(await redis.info('memory'))?.[1];
  if (policy === 'noeviction') return;
  const found = policy === undefined ? 'does not say what it evicts' : `has maxmemory-policy ${policy}`;
  throw new RedisPolicyError(
    `the Redis at REDIS_URL ${found}; it must be noeviction, or it would drop orders' wake-ups when it is full`,
  );
}
