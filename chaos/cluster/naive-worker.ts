import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { request } from 'undici';
import { z } from 'zod';

/**
 * A naive process that sends: it takes orders from Redis, trusts what it has once taken, and sends under an id of
 * each attempt's own. Started by naive-line.
 */
const settings = z.object({
  NAIVE_REDIS: z.url(),
  NAIVE_VENUE: z.url(),
  NAIVE_LINE: z.string(),
  NAIVE_KEY: z.string(),
  NAIVE_SECRET: z.string(),
  NAIVE_TAKES: z.enum(['list', 'jobs', 'keys', 'all']),
});
const order = z.object({ name: z.string(), body: z.looseObject({}) });

const { NAIVE_REDIS, NAIVE_VENUE, NAIVE_LINE, NAIVE_KEY, NAIVE_SECRET, NAIVE_TAKES } = settings.parse(
  process.env,
);
const redis = new Redis(NAIVE_REDIS, { maxRetriesPerRequest: null });
redis.on('error', () => undefined);

async function send(text: string): Promise<void> {
  const { name, body } = order.parse(JSON.parse(text));
  const id = `${name}-${process.pid}`;
  const { body: answer } = await request(`${NAIVE_VENUE}/v2/orders`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'APCA-API-KEY-ID': NAIVE_KEY,
      'APCA-API-SECRET-KEY': NAIVE_SECRET,
    },
    body: JSON.stringify({ ...body, client_order_id: id }),
  });
  await answer.text();
  process.stdout.write(`sent ${name} as ${id}\n`);
}

const ways: Record<typeof NAIVE_TAKES, () => Promise<void>> = {
  /** What is taken off the list is with this process alone. */
  async list() {
    for (;;) {
      const taken = await redis.blpop(`${NAIVE_LINE}:orders`, 0).catch(() => null);
      if (taken !== null) await send(taken[1]);
    }
  },
  /** BullMQ's lock says who may send. */
  async jobs() {
    const connection = new Redis(NAIVE_REDIS, { maxRetriesPerRequest: null });
    const quick = { lockDuration: 1_500, stalledInterval: 500, maxStalledCount: 1_000 };
    const worker = new Worker(NAIVE_LINE, async ({ data }) => send(JSON.stringify(data)), {
      connection,
      ...quick,
    });
    worker.on('error', () => undefined);
  },
  /** Each order is a key of its own. */
  async keys() {
    for (; ; await pause(100)) {
      for (const key of await redis.keys(`${NAIVE_LINE}:order:*`)) {
        const taken = await redis.getdel(key);
        if (taken !== null) await send(taken);
      }
    }
  },
  /** All that it has not sent itself, as if it were alone. */
  async all() {
    const own = new Set<string>();
    for (; ; await pause(50)) {
      for (const text of await redis.lrange(`${NAIVE_LINE}:orders`, 0, -1)) {
        if (own.has(text)) continue;
        own.add(text);
        await send(text);
      }
    }
  },
};

process.stdout.write(`naive ${process.pid} sends for ${NAIVE_KEY}\n`);
await ways[NAIVE_TAKES]();
