import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '@/db/client';
import type { Quote } from '@/domain/market/quote';
import type { PaperKeys } from '@/server/brokers/ports';
import { type AccessTokens, createAccessTokens } from './auth/access-token';
import { type Authenticator, createAuthenticator } from './auth/authenticator';
import { type AuthService, createAuthService } from './auth/auth-service';
import { createHookGate, type HookGate } from './auth/hook-gate';
import { createSessions } from './auth/sessions';
import { openDeskDatabase } from './container/desk-database';
import { sealHouse } from './container/house-keys';
import { sessionOpeners } from './container/open-session';
import { startSending } from './container/sending';
import { type Env, ROOT } from './env';
import { createFeeds, type Feed } from './market-data/feeds';
import { type Backups, createBackups } from './platform/backups';
import { type Clock, systemClock } from './platform/clock';
import { createEventBus } from './platform/event-bus';
import { type ExchangeProcess, startExchangeProcess } from './platform/exchange-process';
import { createLogger, type Logger } from './platform/logger';
import { createKeyedMutex } from './platform/keyed-mutex';
import { Lru } from './platform/lru';
import { createRateLimiter, type RateLimiter } from './platform/limits/rate-limiter';
import { createRedisLimiter, type RedisLimiter } from './platform/limits/redis-limiter';
import type { OrderQueue } from './platform/redis/order-queue';
import { createSealer } from './platform/seal';
import { loadSecrets, type Secrets } from './platform/secrets';
import type { AccountRecord } from './services/accounts/account-record';
import { createBrokerSessions } from './services/accounts/broker-sessions';
import { bookOldFills } from './services/books/book-old-fills';
import { createBooksWatch } from './services/reconciliation/books-watch';
import type { OrderNotice, ServiceContext } from './services/context';
import { feedKey } from './services/market/own-feed';
import { createLeases } from './services/orders/leases/leases';
import { createWorkers } from './services/orders/leases/workers';
import { createOrderLanes } from './services/orders/sending/order-lanes';
import { createOrderWatch, type OrderWatch } from './services/orders/venue/order-watch';
import type { SendContext } from './services/orders/venue/send-order';
import { createKeysWatch } from './services/safety/keys-watch';
import { createProtectionWatch } from './services/safety/protection-watch';
import { createOrderStream, type OrderStream } from './services/streams/order-stream';
import type { SystemInfo } from './services/system/system-info';
import packageJson from '../package.json' with { type: 'json' };

/** The parts of a running desk. */
export type Container = {
  env: Env;
  log: Logger;
  clock: Clock;
  database: Database;
  secrets: Secrets;
  tokens: AccessTokens;
  authenticator: Authenticator;
  auth: AuthService;
  hooks: HookGate;
  limiter: RateLimiter;
  /** The limiter that is shared through Redis; null when there is none. */
  redisLimiter: RedisLimiter | null;
  /** What carries wake-ups to workers; null where this process alone sends. */
  orderQueue: OrderQueue | null;
  /** Resolves when another desk has taken over this one's database; then this one must end. */
  lost: Promise<void>;
  /** Resolves, with SQLite's word for it, when a write failed on this desk's disk; then it must end at once. */
  diskFailed: Promise<string>;
  /** The context of verbs before an actor is known. */
  services: ServiceContext;
  orderStream: OrderStream;
  /** Settles what was open when the desk last stopped; then the books are compared, now and from then on. */
  startWatches(): Promise<void>;
  orderWatch: OrderWatch;
  /** Null where the database is a server's, which is backed up there. */
  backups: Backups | null;
  exchange: ExchangeProcess;
  system: SystemInfo;
  publicQuotes: boolean;
  close(): Promise<void>;
};

const FEED_USERS = 10_000;

function exchangeEntry(env: Env): { entry: string; execArgv: string[] } {
  const built = join(ROOT, 'dist/exchange.js');
  if (env.NODE_ENV !== 'development' && existsSync(built)) return { entry: built, execArgv: [] };
  return { entry: join(ROOT, 'exchange/cli.ts'), execArgv: ['--import', 'tsx'] };
}

/** What goes to every listener of a symbol: one event of the subscription's wire format, ready to send. */
function quoteFrame(clock: Clock) {
  return (quote: Quote) =>
    Buffer.from(`data: ${JSON.stringify({ type: 'quote', at: clock.iso(), quote })}\n\n`);
}

/** Picks the concrete parts and wires them. Everything it opens, `close` closes. */
export async function buildContainer(env: Env): Promise<Container> {
  const log = createLogger(env.LOG_LEVEL);
  const clock = systemClock;
  const venues = sessionOpeners({ env, clock, log });
  const secrets = loadSecrets(env.DATA_DIR);
  const elapsed = () => performance.now();
  const listeners = createEventBus<OrderNotice>((error) =>
    log.error({ err: error }, 'an order listener failed'),
  );
  const opened = await openDeskDatabase({ env, clock, log, listeners, elapsed });
  const { database, highWater, lead, shared, lost, diskFailed } = opened;
  const exchange = await startExchangeProcess({
    ...exchangeEntry(env),
    dataDir: join(env.DATA_DIR, 'exchange'),
    port: env.EXCHANGE_PORT,
    seed: env.EXCHANGE_SEED,
    clock: env.EXCHANGE_CLOCK,
    controlToken: secrets.exchangeControlToken,
    log,
  });

  const openers = venues.at(exchange.url);
  const sealer = createSealer(env.OUTCRY_MASTER_KEY ?? secrets.masterKey);
  const sessions = createBrokerSessions(sealer, openers, (account, isTaken) =>
    keysWatch.hear(account, isTaken),
  );
  const feeds = createFeeds({ clock, frameOf: quoteFrame(clock) });
  const houseKeys: PaperKeys = {
    scope: 'paper',
    keyId: secrets.marketDataKeyId,
    secretKey: secrets.marketDataSecret,
  };
  await exchange.openAccount(houseKeys);
  await lead?.announce({ exchangeUrl: exchange.url, houseKeys: sealHouse(sealer, houseKeys, env) });
  const houseFeed = () => feeds.open('simulated', () => openers.paper('simulated', houseKeys));

  const { backUpTo } = database;
  const backups =
    backUpTo === null
      ? null
      : createBackups({ folder: join(env.DATA_DIR, 'backups'), clock, log, copyTo: backUpTo });

  const orderBus = shared?.pump.bus ?? listeners;
  const lanes = createOrderLanes(clock, shared?.queue.hold);
  const workers = createWorkers({ kind: 'desk', clock, database, log, alone: lead === null, elapsed });
  const base: SendContext = {
    clock,
    database,
    orderBus,
    log,
    sessions,
    lanes,
    leases: createLeases({ ...database, worker: workers.id, shared: shared !== null, elapsed }),
    workers,
    keys: { since: (accountId) => keysWatch.since(accountId) },
    dispatch: null,
    followUp: (account, orderId) => orderWatch.followUp(account, orderId),
  };
  const { sending, sender } = shared?.join(base) ?? { sending: base, sender: null };
  const orderWatch = createOrderWatch(sending);
  const booksWatch = createBooksWatch(sending);
  const protectionWatch = createProtectionWatch(sending);
  const keysWatch = createKeysWatch({
    ctx: sending,
    settle: (account) => orderWatch.settle(account),
    compare: (account) => booksWatch.compare(account),
  });
  const services: ServiceContext = {
    actor: { kind: 'anonymous' },
    ...sending,
    sessions,
    sealer,
    liveTrading: env.LIVE_TRADING,
    hasGateway: env.IBKR_GATEWAY !== undefined,
    exchange,
    oneAtATime: createKeyedMutex(),
    feedByUser: new Lru<string, Feed>(FEED_USERS),
    feedOf: (account) =>
      account === null || account.kind === 'simulated'
        ? houseFeed()
        : feeds.open(account.id, () => sessions.of(account)),
    books: booksWatch,
    watchOrders: (account) => {
      orderWatch.watch(account);
      booksWatch.follow(account);
    },
    keys: keysWatch,
    async renewAccount(account) {
      orderWatch.forget(account.id);
      forgetFeed(account);
      sessions.of(account);
      await keysWatch.renewed(account);
      services.watchOrders(account);
    },
    forgetAccount: (account) => {
      orderWatch.forget(account.id);
      booksWatch.forget(account.id);
      keysWatch.forget(account.id);
      forgetFeed(account);
      sessions.drop(account.id);
    },
  };
  function forgetFeed({ id, userId }: AccountRecord): void {
    feeds.drop(id);
    services.feedByUser.delete(feedKey(userId));
    services.feedByUser.delete(feedKey(userId, id));
  }

  const memoryLimiter = createRateLimiter(env, clock);
  const redisLimiter =
    env.REDIS_URL === undefined ? null : createRedisLimiter(env, env.REDIS_URL, memoryLimiter, log);

  const tokens = createAccessTokens(secrets.tokenSecret, clock);
  const userSessions = createSessions(database, clock, (sessionId) => authenticator.forget(sessionId));
  const authenticator = createAuthenticator({
    tokens,
    sessions: userSessions,
    sessionSecret: env.NEXTAUTH_SECRET ?? secrets.sessionSecret,
    clock,
  });

  return {
    env,
    log,
    clock,
    database,
    secrets,
    tokens,
    authenticator,
    auth: createAuthService(tokens, userSessions),
    hooks: createHookGate({ database, sealer, clock }),
    limiter: redisLimiter ?? memoryLimiter,
    redisLimiter,
    orderQueue: shared?.queue ?? null,
    lost,
    diskFailed,
    services,
    orderStream: createOrderStream(database, orderBus),
    async startWatches() {
      const booked = await bookOldFills({ database });
      if (booked > 0) log.info({ booked }, 'executions of before the ledger were booked');
      await workers.join();
      await keysWatch.start();
      await shared?.pump.start();
      if (shared !== null && sender !== null) startSending(shared, sender);
      await orderWatch.start();
      booksWatch.start();
      await protectionWatch.start();
      backups?.start();
    },
    orderWatch,
    backups,
    exchange,
    system: {
      name: 'outcry',
      version: packageJson.version,
      environment: env.NODE_ENV,
      startedAt: clock.iso(),
    },
    publicQuotes: env.PUBLIC_QUOTES ?? env.NODE_ENV === 'development',
    async close() {
      await sender?.stop();
      orderWatch.stop();
      booksWatch.stop();
      protectionWatch.stop();
      keysWatch.stop();
      backups?.stop();
      feeds.close();
      venues.close();
      redisLimiter?.close();
      await exchange.stop();
      await workers.leave();
      shared?.pump.stop();
      await shared?.queue.close();
      await highWater.stop();
      await lead?.leave();
      await database.close();
    },
  };
}
