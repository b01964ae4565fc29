import { Queue, Worker } from 'bullmq';
import { Redis, type RedisOptions } from 'ioredis';
import { z } from 'zod';
import type { Logger } from '../logger';
import { patiently } from '../patience';
import { assertNoEviction, RedisPolicyError } from './redis-policy';

/** What a wake-up carries: ids and nothing else, for Redis keeps it in clear text. */
const wakeUp = z.object({ orderId: z.string(), accountId: z.string() });
export type WakeUp = z.infer<typeof wakeUp>;

/** Orders of simulated accounts go where the exchange in the box can be reached. */
export type Line = 'orders' | 'simulated-orders';

export type JobCounts = { waiting: number; active: number; delayed: number; failed: number };

/**
 * Carries wake-ups between the processes that send orders. All of it may be lost at any time: what is to be sent
 * stands in the database, where it is found without a word.
 */
export type OrderQueue = {
  /** Whether wake-ups go through now. */
  readonly up: boolean;
  /** False when Redis did not take it in time. The same order waits in a line once only. */
  add(line: Line, job: WakeUp): Promise<boolean>;
  /** Hands this process wake-ups of a line from now on, several at a time. */
  consume(line: Line, work: (job: WakeUp) => Promise<void>): void;
  /** Says that something was written about an order. */
  say(orderId: string): void;
  /** Hears what any process says. */
  hear(listener: () => void): void;
  /** Keeps new orders of an account back, in all processes, while a cancel of it is under way. */
  hold: (accountId: string, isHeld: boolean) => void;
  isHeld(accountId: string): Promise<boolean>;
  /** Null while Redis does not answer. */
  counts(): Promise<JobCounts | null>;
  close(): Promise<void>;
};

/** A wake-up that Redis has not taken by then has not been taken; the order is found in the database. */
const ANSWER_MS = 500;
const RETRY_MAX_MS = 1_000;
const AT_ONCE = 32;
/** A worker silent for so long loses its wake-up to another; the order's lease decides what that one may do. */
const LOCK_MS = 9_000;
const STALLED_LOOK_MS = 3_000;
const STALLS_MAX = 1_000;
/** Should who holds an account die, it is held no longer than that. */
const HOLD_MS = 5_000;

const retryStrategy = (attempt: number) => Math.min(attempt * 100, RETRY_MAX_MS);
/** Fails at once while Redis is away, and soon when it hangs. */
const IMPATIENT: RedisOptions = {
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  connectTimeout: 2_000,
  commandTimeout: 2_000,
  retryStrategy,
};
/** Waits for Redis however long it is away, as BullMQ asks of its workers' connections. */
const PATIENT: RedisOptions = { maxRetriesPerRequest: null, connectTimeout: 2_000, retryStrategy };

type Options = {
  url: string;
  /** Names what belongs to one database, so that several desks can share a Redis. */
  prefix: string;
  log: Logger;
};

/** Throws `RedisPolicyError` when Redis answers and may evict; one that is away now is watched for its return. */
export async function openOrderQueue({ url, prefix, log }: Options): Promise<OrderQueue> {
  const redis = new Redis(url, IMPATIENT);
  const opened: Redis[] = [redis];
  const workers: Worker[] = [];
  let lines: Record<Line, Queue> | null = null;
  const ignore = () => undefined;

  function open(options: RedisOptions): Redis {
    const client = new Redis(url, options);
    client.on('error', ignore);
    opened.push(client);
    return client;
  }

  function openLine(name: Line): Queue {
    const queue = new Queue(name, { connection: redis, prefix });
    queue.on('error', ignore);
    return queue;
  }

  async function onReady(): Promise<void> {
    await assertNoEviction(redis);
    lines ??= { orders: openLine('orders'), 'simulated-orders': openLine('simulated-orders') };
  }

  redis.on('error', ignore);
  redis.on('close', () => {
    // BullMQ's queue keeps a failed beginning for ever, so each connection gets a queue of its own.
    lines = null;
  });
  const first = new Promise<unknown>((resolve) => {
    redis.on('ready', () => {
      onReady().then(resolve, (error: unknown) => {
        log.error({ err: error }, 'redis carries no wake-ups; orders are found in the database');
        resolve(error);
      });
    });
  });
  const fault = await patiently(first, ANSWER_MS * 4, 'away');
  if (fault instanceof RedisPolicyError) {
    redis.disconnect();
    throw fault;
  }
  if (fault === 'away') log.warn('redis does not answer; orders are found in the database until it does');

  const channel = `${prefix}:said`;
  const holdKey = (accountId: string) => `${prefix}:held:${accountId}`;
  return {
    get up() {
      return redis.status === 'ready' && lines !== null;
    },
    async add(line, job) {
      if (redis.status !== 'ready' || lines === null) return false;
      const options = { jobId: job.orderId, removeOnComplete: true, removeOnFail: true };
      const added = lines[line].add('send', job, options).then(() => true);
      return patiently(added, ANSWER_MS, false);
    },
    consume(line, work) {
      const worker = new Worker(line, async ({ data }) => work(wakeUp.parse(data)), {
        connection: open(PATIENT),
        prefix,
        concurrency: AT_ONCE,
        lockDuration: LOCK_MS,
        stalledInterval: STALLED_LOOK_MS,
        maxStalledCount: STALLS_MAX,
      });
      worker.on('error', ignore);
      worker.on('stalled', (orderId) => log.warn({ orderId }, 'a wake-up was handed on'));
      worker.on('failed', (_job, error) => log.error({ err: error }, 'a wake-up failed'));
      workers.push(worker);
    },
    say: (orderId) => {
      if (redis.status === 'ready') redis.publish(channel, orderId).catch(ignore);
    },
    hear(listener) {
      const ears = open(PATIENT);
      ears.on('message', listener);
      ears.subscribe(channel).catch(ignore);
    },
    hold(accountId, isHeld) {
      if (redis.status !== 'ready') return;
      const key = holdKey(accountId);
      (isHeld ? redis.set(key, '1', 'PX', HOLD_MS) : redis.del(key)).catch(ignore);
    },
    async isHeld(accountId) {
      if (redis.status !== 'ready') return false;
      return (await patiently(redis.exists(holdKey(accountId)), ANSWER_MS, 0)) === 1;
    },
    async counts() {
      if (redis.status !== 'ready' || lines === null) return null;
      const { orders, 'simulated-orders': simulated } = lines;
      const all = [orders, simulated].map((line) => line.getJobCounts('wait', 'active', 'delayed', 'failed'));
      const told = await patiently(Promise.all(all), ANSWER_MS, null);
      if (told === null) return null;
      const sum = (name: string) => told.reduce((total, counts) => total + (counts[name] ?? 0), 0);
      return { waiting: sum('wait'), active: sum('active'), delayed: sum('delayed'), failed: sum('failed') };
    },
    async close() {
      // Jobs under way are not waited for here: whoever sends was stopped before.
      await patiently(Promise.all(workers.map((worker) => worker.close(true))), ANSWER_MS, null);
      for (const client of opened) client.disconnect();
    },
  };
}
