import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseError, openDatabase } from '@/db/client';
import { type Env, EnvError, ROOT } from '@/server/env';
import { systemClock } from '@/server/platform/clock';
import { createLogger, type Logger } from '@/server/platform/logger';
import { openOrderQueue, type OrderQueue } from '@/server/platform/redis/order-queue';
import { createSealer } from '@/server/platform/seal';
import { loadSecrets } from '@/server/platform/secrets';
import { createBrokerSessions } from '@/server/services/accounts/broker-sessions';
import type { OrderNotice } from '@/server/services/context';
import { createLeases } from '@/server/services/orders/leases/leases';
import { createWorkers } from '@/server/services/orders/leases/workers';
import { createOrderSender, type OrderSender } from '@/server/services/orders/sending/order-sender';
import { createOrderLanes } from '@/server/services/orders/sending/order-lanes';
import type { SendContext } from '@/server/services/orders/venue/send-order';
import { followDesk, type FollowedDesk } from './followed-desk';
import { sessionOpeners } from './open-session';
import { redisPrefix } from './sending';

/** A process that sends orders and does nothing else. */
export type SendingWorker = {
  readonly id: string;
  log: Logger;
  desk: FollowedDesk;
  queue: OrderQueue;
  start(): Promise<void>;
  close(): Promise<void>;
};

const isServer = (url: string | undefined): url is string => url !== undefined && !url.startsWith('file:');

/** What a worker cannot do without, in words that say where to get it. Errors: `EnvError`. */
function needed(env: Env): { databaseUrl: string; redisUrl: string; masterKey: string } {
  const { REDIS_URL: redisUrl, DATABASE_URL: databaseUrl } = env;
  const faults: string[] = [];
  if (redisUrl === undefined)
    faults.push('REDIS_URL: a worker is woken through Redis; name the one of its desk');
  if (!isServer(databaseUrl))
    faults.push(
      'DATABASE_URL: a worker needs the libSQL server of its desk; a file belongs to one process, which sends by itself',
    );
  const hasFile = existsSync(join(env.DATA_DIR, 'secrets.json'));
  if (env.OUTCRY_MASTER_KEY === undefined && !hasFile)
    faults.push(
      `OUTCRY_MASTER_KEY: a worker opens broker keys with its desk's master key; set it, or bring the desk's secrets.json to DATA_DIR ${env.DATA_DIR}`,
    );
  if (faults.length > 0 || redisUrl === undefined || !isServer(databaseUrl)) {
    throw new EnvError(faults.join('\n'));
  }
  return { databaseUrl, redisUrl, masterKey: env.OUTCRY_MASTER_KEY ?? loadSecrets(env.DATA_DIR).masterKey };
}

/**
 * The desk alone sends for live accounts: whoever disarms one must know that nothing of it is elsewhere. And a gateway
 * has one client of the desk's number at a time.
 */
function refuse(): never {
  throw new Error('a worker opens no account whose orders leave by the desk alone');
}

/** Errors: `EnvError`, `ForeignHostError`, `DatabaseError`, `LeaderError`, `RedisPolicyError`, `WorkerError`. */
export async function buildWorker(env: Env): Promise<SendingWorker> {
  const { databaseUrl, redisUrl, masterKey } = needed(env);
  const log = createLogger(env.LOG_LEVEL);
  const clock = systemClock;
  const elapsed = () => performance.now();
  const database = await openDatabase({ url: databaseUrl, authToken: env.DATABASE_AUTH_TOKEN });
  if (!(await database.isCurrent(join(ROOT, 'db/migrations')))) {
    await database.close();
    throw new DatabaseError(
      'the database has the tables of another version of Outcry; start a desk of this version first, it brings them up to date',
    );
  }
  const sealer = createSealer(masterKey);
  const desk = await followDesk({ database, sealer, env, log });
  const queue = await openOrderQueue({ url: redisUrl, prefix: redisPrefix(desk.name), log });
  const venues = sessionOpeners({ env, clock, log });
  const sessionsAt = (url: string) => ({
    url,
    sessions: createBrokerSessions(sealer, { ...venues.at(url), gateway: refuse, live: refuse }),
  });
  let current = sessionsAt(desk.exchangeUrl);
  const workers = createWorkers({ kind: 'worker', clock, database, log, alone: false, elapsed });
  const context: SendContext = {
    clock,
    database,
    log,
    // Browsers hang on the desk, which reads what was written when it hears of it.
    orderBus: {
      publish: (_userId, { order }: OrderNotice) => queue.say(order.id),
      subscribe: () => () => {},
      listen: () => undefined,
    },
    sessions: {
      of(account) {
        // A desk that was started again has its exchange at another address.
        if (current.url !== desk.exchangeUrl) current = sessionsAt(desk.exchangeUrl);
        return current.sessions.of(account);
      },
    },
    // The desk pauses accounts; what was taken in before, their brokers refuse here as they do there.
    keys: { since: () => null },
    lanes: createOrderLanes(clock),
    leases: createLeases({ ...database, worker: workers.id, shared: true, elapsed }),
    workers,
    dispatch: null,
    // The desk asks venues about what is in doubt, and finds it in the database.
    followUp: () => undefined,
  };
  const sender = createOrderSender(context, {
    kinds: () => (desk.reachesExchange ? ['alpaca-paper', 'simulated'] : ['alpaca-paper']),
    isHeld: (accountId) => queue.isHeld(accountId),
  });
  return {
    id: workers.id,
    log,
    desk,
    queue,
    async start() {
      await workers.join();
      sender.start();
      queue.consume('orders', ({ accountId }) => sender.wake(accountId));
      desk.onExchange(() => queue.consume('simulated-orders', ({ accountId }) => sender.wake(accountId)));
    },
    async close() {
      desk.stop();
      await stopSending(sender, queue);
      await workers.leave();
      await database.close();
    },
  };
}

async function stopSending(sender: OrderSender, queue: OrderQueue): Promise<void> {
  await sender.stop();
  await queue.close();
}
