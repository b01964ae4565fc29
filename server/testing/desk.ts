import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildContainer, type Container } from '@/server/container';
import { readEnv } from '@/server/env';
import { createFrontDoor } from '@/server/front-door/server';
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
