import { resolve } from 'node:path';
import { DatabaseError } from '@/db/client';
import { ForeignHostError } from './brokers/alpaca/endpoints';
import { WorkerError } from './container/followed-desk';
import { buildWorker } from './container/worker';
import { EnvError, readEnv, stopWithParent } from './env';
import { RedisPolicyError } from './platform/redis/redis-policy';
import { DamagedSecretsError } from './platform/secrets';
import { LeaderError } from './services/system/leadership';

const HELP = `npm run worker: sends orders for a desk, beside it. Start as many as you like; see docs/how-to/workers.md.

  REDIS_URL            the Redis of the desk
  DATABASE_URL         the libSQL server of the desk (and DATABASE_AUTH_TOKEN where it asks for one)
  OUTCRY_MASTER_KEY    the desk's; or DATA_DIR, a folder with its secrets.json

The desk must run, and be of the same version.
`;

const STOP_DEADLINE_MS = 4_500;
const KNOWN = [
  EnvError,
  DatabaseError,
  DamagedSecretsError,
  LeaderError,
  ForeignHostError,
  RedisPolicyError,
  WorkerError,
];

async function start(): Promise<void> {
  if (process.argv.includes('--help')) {
    process.stdout.write(HELP);
    process.exit(0);
  }
  const env = readEnv();
  const worker = await buildWorker({ ...env, DATA_DIR: resolve(env.DATA_DIR) });
  let stops = 0;
  const stop = () => {
    stops += 1;
    if (stops > 1) return;
    setTimeout(() => process.exit(1), STOP_DEADLINE_MS).unref();
    void worker.close().then(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('disconnect', stop);
  stopWithParent(stop);
  await worker.start();
  process.stdout.write(`Outcry worker ${worker.id} sends for ${worker.desk.name}\n`);
  process.send?.({ worker: worker.id });
  // What it works for are timers and sockets, none of which should keep a process alive by itself.
  setInterval(() => undefined, 60_000);
}

start().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  for (const line of message.split('\n')) process.stderr.write(`Outcry worker cannot start: ${line}\n`);
  const isKnown = KNOWN.some((kind) => error instanceof kind);
  if (!isKnown && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
  process.exit(1);
});
