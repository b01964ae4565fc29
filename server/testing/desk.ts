import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { connections } from '@/db/schema';
import { buildContainer, type Container } from '@/server/container';
import { readEnv, ROOT } from '@/server/env';
import { createLogger } from '@/server/platform/logger';
import { startExchangeProcess } from '@/server/platform/exchange-process';
import { createFrontDoor } from '@/server/front-door/server';
import { type AccountRecord, accountRecords } from '@/server/services/accounts/account-record';
import { sendJson } from './http-caller';
import { signUp, type Trader } from './trader';

/** Environment variables over what a test needs: quiet, no public quotes, limits nobody reaches. */
export type Settings = Readonly<Record<string, string>>;

const QUIET: Settings = {
  // The exchange then runs from its sources, so that a test never meets an old build of it.
  NODE_ENV: 'development',
  PUBLIC_QUOTES: 'false',
  LOG_LEVEL: 'silent',
  RATE_LIMIT_GENERAL: '100000',
  RATE_LIMIT_QUOTES: '100000',
  RATE_LIMIT_BATCH: '100000',
  RATE_LIMIT_ORDERS: '100000',
  RATE_LIMIT_AUTH: '100000',
  RATE_LIMIT_HOOKS: '100000',
};

export function deskEnv(dataDir: string, settings: Settings = {}) {
  return readEnv({ ...QUIET, DATA_DIR: dataDir, ...settings });
}

/** A real desk in this process: its database, the real exchange beside it, the front door; pages answer 404. */
export type TestDesk = {
  readonly url: string;
  readonly dataDir: string;
  readonly parts: Container;
  signUp(more?: { password?: string }): Promise<Trader>;
  /** Breaks every connection to the desk, as a failing network would. */
  cutConnections(): void;
  /** Ends the desk and keeps its data, as a restart would find it. */
  stop(): Promise<void>;
  /** Ends the desk and removes its data. */
  dispose(): Promise<void>;
};

async function noPages(_req: IncomingMessage, res: ServerResponse): Promise<void> {
  res.writeHead(404, { 'content-type': 'text/html' }).end('no pages here');
}

/** Starts a desk on a free loopback port, with data of its own or a folder that an earlier one left. */
export async function startDesk(settings: Settings = {}, keptData?: string): Promise<TestDesk> {
  const dataDir = keptData ?? (await mkdtemp(join(tmpdir(), 'st-desk-')));
  const parts = await buildContainer(deskEnv(dataDir, settings));
  const door = createFrontDoor(parts, noPages);
  door.server.listen(0, '127.0.0.1');
  await once(door.server, 'listening');
  await parts.startWatches();
  const address = door.server.address();
  if (address === null || typeof address === 'string') throw new Error('no loopback port is free');
  const url = `http://127.0.0.1:${address.port}`;
  const stop = async () => {
    await door.stop();
    await parts.close();
  };
  return {
    url,
    dataDir,
    parts,
    signUp: (more) => signUp(url, more),
    cutConnections: () => door.server.closeAllConnections(),
    stop,
    async dispose() {
      await stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** The record of a user's first account, for looking at the venue past the desk's own books. */
export async function firstAccountOf({ parts }: TestDesk, userId: string): Promise<AccountRecord> {
  const [account] = await accountRecords(parts.database.db, eq(connections.userId, userId));
  if (account === undefined) throw new Error('the trader has no account');
  return account;
}

/** A venue of its own beside the desk's: the same exchange, on another port, in the part of a broker's live trading. */
export async function startVenue(controlToken = 'a control token of a test, long enough') {
  const dataDir = await mkdtemp(join(tmpdir(), 'st-venue-'));
  const venue = await startExchangeProcess({
    entry: join(ROOT, 'exchange/cli.ts'),
    execArgv: ['--import', 'tsx'],
    dataDir,
    port: 0,
    seed: '2',
    clock: 'always-open',
    controlToken,
    log: createLogger('silent'),
  });
  const socket = venue.url.replace('http', 'ws');
  return {
    url: venue.url,
    /** Calls the venue's control API, which makes it fail on purpose. */
    control: (method: string, path: string, body?: unknown) =>
      sendJson(venue.url, method, `/control/${path}`, body, { authorization: `Bearer ${controlToken}` }),
    openAccount: (keys: { keyId: string; secretKey: string }) => venue.openAccount(keys),
    /** What makes it the live venue of a desk that starts with these. */
    settings: {
      LIVE_TRADING: 'on',
      ALPACA_LIVE_BASE_URL: venue.url,
      ALPACA_LIVE_DATA_URL: venue.url,
      ALPACA_LIVE_STREAM_URL: `${socket}/stream`,
      ALPACA_LIVE_DATA_STREAM_URL: `${socket}/v2/iex`,
    },
    async dispose() {
      await venue.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
