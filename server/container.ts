import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Database, openDatabase } from '@/db/client';
import type { Quote } from '@/domain/market/quote';
import type { PaperKeys } from '@/server/brokers/ports';
import {
  liveEndpoints,
  type PaperEndpoints,
  paperEndpoints,
  refuseSharedVenue,
} from './brokers/alpaca/endpoints';
import { alpacaSession } from './brokers/alpaca/session';
import { type AccessTokens, createAccessTokens } from './auth/access-token';
import { type Authenticator, createAuthenticator } from './auth/authenticator';
import { type AuthService, createAuthService } from './auth/auth-service';
import { createHookGate, type HookGate } from './auth/hook-gate';
import { createSessions } from './auth/sessions';
import type { Env } from './env';
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
import { createSealer } from './platform/seal';
import { loadSecrets, type Secrets } from './platform/secrets';
import { createBrokerSessions, type Openers } from './services/accounts/broker-sessions';
import { bookOldFills } from './services/books/book-old-fills';
import { createBooksWatch } from './services/reconciliation/books-watch';
import type { OrderNotice, ServiceContext } from './services/context';
import { feedKey } from './services/market/own-feed';
import { createLeases } from './services/orders/leases/leases';
import { createWorkers } from './services/orders/leases/workers';
import { createOrderLanes } from './services/orders/venue/order-lanes';
import { createOrderWatch, type OrderWatch } from './services/orders/venue/order-watch';
import type { SendContext } from './services/orders/venue/send-order';
import { createHighWater } from './services/safety/high-water';
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

/** The folder of package.json: both server/ and dist/ lie directly in it. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

const FEED_USERS = 10_000;

function exchangeEntry(env: Env): { entry: string; execArgv: string[] } {
  const built = join(ROOT, 'dist/exchange.js');
  if (env.NODE_ENV !== 'development' && existsSync(built)) return { entry: built, execArgv: [] };
  return { entry: join(ROOT, 'exchange/cli.ts'), execArgv: ['--import', 'tsx'] };
}

function exchangeEndpoints(url: string): PaperEndpoints {
  const socket = url.replace(/^http/, 'ws');
  return paperEndpoints({
    trading: url,
    data: url,
    tradeStream: `${socket}/stream`,
    dataStream: `${socket}/v2/iex`,
  });
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
  const userEndpoints = paperEndpoints({
    trading: env.ALPACA_BASE_URL,
    data: env.ALPACA_DATA_URL,
    tradeStream: env.ALPACA_STREAM_URL,
    dataStream: env.ALPACA_DATA_STREAM_URL,
  });
  const live = liveEndpoints({
    trading: env.ALPACA_LIVE_BASE_URL,
    data: env.ALPACA_LIVE_DATA_URL,
    tradeStream: env.ALPACA_LIVE_STREAM_URL,
    dataStream: env.ALPACA_LIVE_DATA_STREAM_URL,
  });
  refuseSharedVenue(live, userEndpoints);
  const secrets = loadSecrets(env.DATA_DIR);
  const place = env.DATABASE_URL ?? `file:${join(env.DATA_DIR, 'outcry.db')}`;
  const database = await openDatabase({ url: place, authToken: env.DATABASE_AUTH_TOKEN });
  await database.migrate(join(ROOT, 'db/migrations'));
  const highWater = createHighWater({ database, place, file: join(env.DATA_DIR, 'outcry.mark'), log });
  await highWater.check();
  highWater.start();
  const exchange = await startExchangeProcess({
    ...exchangeEntry(env),
    dataDir: join(env.DATA_DIR, 'exchange'),
    port: env.EXCHANGE_PORT,
    seed: env.EXCHANGE_SEED,
    clock: env.EXCHANGE_CLOCK,
    controlToken: secrets.exchangeControlToken,
    log,
  });

  // It comes back on its own address, so what was looked at once holds.
  refuseSharedVenue(live, exchangeEndpoints(exchange.url));

  const parts = { clock, log };
  const openers: Openers = {
    paper: (kind, credentials) =>
      kind === 'simulated'
        ? alpacaSession({
            ...parts,
            endpoints: exchangeEndpoints(exchange.url),
            credentials,
            source: 'simulated',
          })
        : alpacaSession({ ...parts, endpoints: userEndpoints, credentials, source: 'iex' }),
    live: (credentials) => alpacaSession({ ...parts, endpoints: live, credentials, source: 'iex' }),
  };

  const sealer = createSealer(env.OUTCRY_MASTER_KEY ?? secrets.masterKey);
  const sessions = createBrokerSessions(sealer, openers);
  const feeds = createFeeds({ clock, frameOf: quoteFrame(clock) });
  const houseKeys: PaperKeys = {
    scope: 'paper',
    keyId: secrets.marketDataKeyId,
    secretKey: secrets.marketDataSecret,
  };
  await exchange.openAccount(houseKeys);
  const houseFeed = () => feeds.open('simulated', () => openers.paper('simulated', houseKeys));

  const { backUpTo } = database;
  const backups =
    backUpTo === null
      ? null
      : createBackups({ folder: join(env.DATA_DIR, 'backups'), clock, log, copyTo: backUpTo });

  const orderBus = createEventBus<OrderNotice>((error) =>
    log.error({ err: error }, 'an order listener failed'),
  );
  const lanes = createOrderLanes(clock);
  const workers = createWorkers({
    clock,
    database,
    log,
    alone: database.backUpTo !== null,
    elapsed: () => performance.now(),
  });
  const sending: SendContext = {
    clock,
    database,
    orderBus,
    log,
    sessions,
    lanes,
    leases: createLeases(database, workers.id),
    workers,
    followUp: (account, orderId) => orderWatch.followUp(account, orderId),
  };
  const orderWatch = createOrderWatch(sending);
  const booksWatch = createBooksWatch(sending);
  const protectionWatch = createProtectionWatch(sending);
  const services: ServiceContext = {
    actor: { kind: 'anonymous' },
    ...sending,
    sealer,
    liveTrading: env.LIVE_TRADING,
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
    forgetAccount: (account) => {
      orderWatch.forget(account.id);
      booksWatch.forget(account.id);
      feeds.drop(account.id);
      sessions.drop(account.id);
      services.feedByUser.delete(feedKey(account.userId));
      services.feedByUser.delete(feedKey(account.userId, account.id));
    },
  };

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
    services,
    orderStream: createOrderStream(database, orderBus),
    async startWatches() {
      const booked = await bookOldFills({ database });
      if (booked > 0) log.info({ booked }, 'executions of before the ledger were booked');
      await workers.join();
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
      orderWatch.stop();
      booksWatch.stop();
      protectionWatch.stop();
      backups?.stop();
      feeds.close();
      redisLimiter?.close();
      await exchange.stop();
      await workers.leave();
      await highWater.stop();
      await database.close();
    },
  };
}
