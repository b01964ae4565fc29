import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startRedis, type TestRedis } from '@/server/testing/redis-server';
import { until } from '@/server/testing/until';
import { createLogger } from '../logger';
import { openOrderQueue, type OrderQueue, type WakeUp } from './order-queue';
import { RedisPolicyError } from './redis-policy';

let redis: TestRedis;
const opened: OrderQueue[] = [];
beforeEach(async () => {
  redis = await startRedis();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((queue) => queue.close()));
  await redis.dispose();
});

async function open(prefix = 'outcry:one'): Promise<OrderQueue> {
  const queue = await openOrderQueue({ url: redis.url, prefix, log: createLogger('silent') });
  opened.push(queue);
  return queue;
}

async function configure(name: string, value: string): Promise<void> {
  const client = new Redis(redis.url);
  await client.config('SET', name, value);
  client.disconnect();
}

const job = (orderId: string): WakeUp => ({ orderId, accountId: 'acc_1' });

async function took(work: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await work();
  return performance.now() - before;
}

describe('wake-ups', () => {
  test('reach whoever consumes their line, and no other desk on the same Redis', async () => {
    const [one, same, other] = [await open(), await open(), await open('outcry:other')];
    const heard: Record<string, string[]> = { same: [], other: [] };
    const note = (who: string) => (wakeUp: WakeUp) => {
      heard[who]?.push(wakeUp.orderId);
      return Promise.resolve();
    };
    other.consume('orders', note('other'));
    same.consume('orders', note('same'));
    expect(await one.add('orders', job('ord_1'))).toBe(true);
    expect(await one.add('simulated-orders', job('ord_2'))).toBe(true);
    await until('it is heard', () => heard['same']?.includes('ord_1') === true);
    expect(heard).toEqual({ same: ['ord_1'], other: [] });
    expect(await one.counts()).toEqual({ waiting: 1, active: 0, delayed: 0, failed: 0 });
    expect(await other.counts()).toEqual({ waiting: 0, active: 0, delayed: 0, failed: 0 });
  });

  test('carry ids and nothing else', async () => {
    const queue = await open();
    await queue.add('orders', job('ord_1'));
    const client = new Redis(redis.url);
    const kept = await client.hgetall('outcry:one:orders:ord_1');
    client.disconnect();
    expect(JSON.parse(kept['data'] ?? '')).toEqual({ orderId: 'ord_1', accountId: 'acc_1' });
  });

  test('are refused soon while Redis hangs or is away, and go through once it is back', async () => {
    const queue = await open();
    const heard: string[] = [];
    queue.consume('orders', ({ orderId }) => {
      heard.push(orderId);
      return Promise.resolve();
    });
    redis.signal('SIGSTOP');
    expect(await took(() => queue.add('orders', job('ord_1')))).toBeLessThan(2_000);
    redis.signal('SIGCONT');
    await redis.kill();
    await until('it is seen to be away', () => !queue.up);
    expect(await took(async () => expect(await queue.add('orders', job('ord_2'))).toBe(false))).toBeLessThan(
      50,
    );
    expect(await queue.counts()).toBeNull();
    await redis.start();
    await until('it is back', () => queue.up);
    expect(await queue.add('orders', job('ord_3'))).toBe(true);
    await until('it is heard', () => heard.includes('ord_3'));
  });

  test('begin to go through when a Redis comes that was not there at the start', async () => {
    await redis.kill();
    const queue = await open();
    expect(queue.up).toBe(false);
    const heard: string[] = [];
    queue.consume('orders', ({ orderId }) => {
      heard.push(orderId);
      return Promise.resolve();
    });
    await redis.start();
    await until('it is there', () => queue.up);
    expect(await queue.add('orders', job('ord_1'))).toBe(true);
    await until('it is heard', () => heard.includes('ord_1'));
  });
});

describe('a Redis', () => {
  test.each(['allkeys-lru', 'volatile-lru', 'allkeys-random'])(
    'that evicts by %s is refused',
    async (policy) => {
      await configure('maxmemory-policy', policy);
      await expect(open()).rejects.toThrow(RedisPolicyError);
      await configure('maxmemory-policy', 'noeviction');
      expect((await open()).up).toBe(true);
    },
  );

  test('that comes back evicting carries nothing', async () => {
    const queue = await open();
    await redis.kill();
    await redis.start();
    await until('it is back', () => queue.up);
    await configure('maxmemory-policy', 'allkeys-lru');
    const client = new Redis(redis.url);
    await client.call('CLIENT', 'KILL', 'TYPE', 'normal').catch(() => null);
    client.disconnect();
    await until('it is refused', () => !queue.up);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(queue.up).toBe(false);
    expect(await queue.add('orders', job('ord_1'))).toBe(false);
  });

  test('that is full refuses wake-ups at once, and the caller learns of it', async () => {
    const queue = await open();
    await configure('maxmemory', '1mb');
    expect(await took(async () => expect(await queue.add('orders', job('ord_1'))).toBe(false))).toBeLessThan(
      400,
    );
    await configure('maxmemory', '0');
    expect(await queue.add('orders', job('ord_2'))).toBe(true);
  });
});

test('what one process says all others hear, and an account that one holds all see as held', async () => {
  const [one, other] = [await open(), await open()];
  let heard = 0;
  other.hear(() => {
    heard += 1;
  });
  await until('it is heard', () => {
    one.say('ord_1');
    return heard > 0;
  });
  one.hold('acc_1', true);
  await until('it is held', () => other.isHeld('acc_1'));
  expect(await other.isHeld('acc_2')).toBe(false);
  one.hold('acc_1', false);
  await until('it is free', async () => !(await other.isHeld('acc_1')));
});
