import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import next from 'next';
import { DatabaseError } from '@/db/client';
import { ForeignHostError } from './brokers/alpaca/endpoints';
import { buildContainer } from './container';
import { type Env, EnvError, publishAddress, readEnv, ROOT, stopWithParent } from './env';
import { createFrontDoor } from './front-door/server';
import { InstanceLockedError, lockInstance } from './platform/instance-lock';
import { RedisPolicyError } from './platform/redis/redis-policy';
import { DamagedSecretsError } from './platform/secrets';
import { setContainer } from './running';
import { LeaderError } from './services/system/leadership';

/** A predecessor that is still stopping gets this long to let go of the folder. */
const LOCK_PATIENCE_MS = 6_000;
const STOP_DEADLINE_MS = 4_500;
/** EX_IOERR of sysexits.h: whoever starts the desk again can tell this end from others. */
const DISK_FAILED_EXIT = 74;
/** Who waits for a write that failed is still answered; nothing else is done. */
const ANSWER_MS = 200;

/** Something a person can mend; one line, no stack. */
class StartError extends Error {}

/** Level by level: Node's own recursive mkdir never returns where the system denies that a parent exists (/proc). */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder, { mode: 0o700 });
}

function prepare(env: Env): Env {
  const dataDir = resolve(env.DATA_DIR);
  try {
    makeFolder(dataDir);
    accessSync(dataDir, constants.W_OK | constants.X_OK);
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new StartError(
      `DATA_DIR ${dataDir} cannot be written (${why}); choose another folder or change its rights`,
    );
  }
  return { ...env, DATA_DIR: dataDir };
}

async function start(): Promise<void> {
  const env = prepare(readEnv());
  const lock = await lockInstance(env.DATA_DIR, LOCK_PATIENCE_MS);
  const desk = await buildContainer(env);
  setContainer(desk);
  let door: ReturnType<typeof createFrontDoor> | undefined;
  let app: ReturnType<typeof next> | undefined;

  const stop = async (exitCode: number) => {
    setTimeout(() => process.exit(1), STOP_DEADLINE_MS).unref();
    await door?.stop();
    await app?.close();
    await desk.close();
    lock.release();
    process.exit(exitCode);
  };
  let stops = 0;
  const onSignal = () => {
    stops += 1;
    if (stops === 1) void stop(0);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  stopWithParent(onSignal);
  // Next listens, too, and only prints: the desk would go on in a state that nobody knows. It ends as if killed,
  // and the next start settles what was open.
  process.on('uncaughtException', (error) => {
    desk.log.error({ err: error }, 'the desk ends: an exception that nobody caught');
    process.exit(1);
  });
  void desk.lost.then(() => stop(1));
  // What its disk holds only a new start can tell. It ends as if killed: no part of a stop may write any more.
  void desk.diskFailed.then((code) => {
    desk.log.fatal(
      { code },
      'the desk ends: its disk failed under a write, and only a new start can tell what it holds',
    );
    setTimeout(() => process.exit(DISK_FAILED_EXIT), ANSWER_MS);
  });

  try {
    const port = env.PORT;
    const isDevelopment = env.NODE_ENV === 'development';
    app = next({ dev: isDevelopment, dir: ROOT, hostname: env.HOST, port });
    await app.prepare();
    door = createFrontDoor(desk, app.getRequestHandler());
    // Only development has sockets of Next's own: they carry the reload.
    if (isDevelopment) {
      const upgrade = app.getUpgradeHandler();
      door.server.on('upgrade', (req, socket, head) => void upgrade(req, socket, head));
    }
    const bound = await listen(door.server, env);
    publishAddress(addressOf(env, bound));
    await desk.startWatches();
    announce(env, bound, desk.exchange.url, desk.system.version);
  } catch (error) {
    await desk.close();
    lock.release();
    throw error;
  }
}

function listen(server: ReturnType<typeof createFrontDoor>['server'], env: Env): Promise<number> {
  return new Promise((resolvePort, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why: Record<string, string> = {
        EADDRINUSE: `port ${env.PORT} on ${env.HOST} is in use; stop what uses it or set PORT`,
        EACCES: `port ${env.PORT} on ${env.HOST} may not be opened by this user; set PORT to 1024 or more`,
        EADDRNOTAVAIL: `HOST ${env.HOST} is not an address of this machine`,
        ENOTFOUND: `HOST ${env.HOST} is not an address of this machine`,
      };
      reject(
        new StartError(why[error.code ?? ''] ?? `cannot listen on ${env.HOST}:${env.PORT}: ${error.message}`),
      );
    });
    server.listen(env.PORT, env.HOST, () => {
      const address = server.address();
      resolvePort(typeof address === 'object' && address !== null ? address.port : env.PORT);
    });
  });
}

/** The address people type: localhost for a loopback host, and the public one when there is one. */
function addressOf(env: Env, port: number): string {
  const host =
    env.HOST === '127.0.0.1' || env.HOST === '0.0.0.0' || env.HOST === '::' ? 'localhost' : env.HOST;
  return env.PUBLIC_URL ?? `http://${host}:${port}`;
}

function announce(env: Env, port: number, exchangeUrl: string, version: string): void {
  const lines = [
    '',
    `  ]  [  Outcry ${version}, the open trading desk`,
    '',
    `  desk      ${addressOf(env, port)}`,
    `  exchange  ${exchangeUrl} (simulated)`,
    `  data      ${env.DATA_DIR}`,
    '',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

start().catch((error: unknown) => {
  const lines =
    error instanceof EnvError
      ? error.message.split('\n').map((line) => `Outcry cannot start: ${line}`)
      : [`Outcry cannot start: ${error instanceof Error ? error.message : String(error)}`];
  process.stderr.write(`${lines.join('\n')}\n`);
  const known = [
    EnvError,
    StartError,
    InstanceLockedError,
    DamagedSecretsError,
    DatabaseError,
    ForeignHostError,
    LeaderError,
    RedisPolicyError,
  ].some((kind) => error instanceof kind);
  if (!known && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
  process.exit(1);
});
