import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSqld } from '@/server/testing/cluster/sqld-server';
import { startRedis } from '@/server/testing/redis-server';
import { type BenchDesk, launch, signUp } from '../desk';
import { quantile } from '../figures';
import { listen } from '../order';

const WORKERS = 2;
const ACCOUNTS = 20;
const ORDERS = 200;
const PATIENCE_MS = 120_000;

type Commands = { desk: readonly string[]; worker: readonly string[] };
type Trader = { headers: { authorization: string }; told: Map<string, number>; close: () => void };

/**
 * A burst of orders at a desk on a libSQL server with workers beside it, from many accounts and from one: how long
 * until the account's stream tells what the venue answered. Beside it the same burst at a desk on a file.
 */
export async function benchWorkers(commands: Commands, print: (line: string) => void): Promise<void> {
  print(`workers, ${ORDERS} orders at once, from sending one to the venue's answer on its stream`);
  await withFolder(async (dataDir) => {
    const desk = await launch(commands.desk, dataDir);
    await bursts(desk, 'a desk on a file', print);
    await desk.stop();
  });
  const [sqld, redis] = await Promise.all([startSqld(), startRedis()]);
  const settings = { DATABASE_URL: sqld.url, REDIS_URL: redis.url };
  try {
    await withFolder(async (dataDir) => {
      const desk = await launch(commands.desk, dataDir, settings);
      const started = Array.from({ length: WORKERS }, () =>
        startWorker(commands.worker, { ...settings, DATA_DIR: dataDir }),
      );
      const workers = await Promise.all(started);
      await bursts(desk, `a desk and ${WORKERS} workers on a libSQL server`, print);
      await Promise.all(workers.map(stopWorker));
      await desk.stop();
    });
  } finally {
    await Promise.all([sqld.dispose(), redis.dispose()]);
  }
}

async function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'outcry-bench-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function startWorker(
  command: readonly string[],
  settings: Record<string, string>,
): Promise<ChildProcess> {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    ...settings,
    NODE_ENV: 'production',
    LOG_LEVEL: 'error',
  };
  const child = spawn(process.execPath, [...command], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  // It says one line, once it sends.
  await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(() => Promise.reject(new Error('a worker ended before it was ready'))),
  ]);
  return child;
}

async function stopWorker(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}

async function bursts(desk: BenchDesk, name: string, print: (line: string) => void): Promise<void> {
  const traders: Trader[] = [];
  for (let at = 0; at < ACCOUNTS; at += 1) traders.push(await joinDesk(desk, at));
  // Sessions, streams and quotes are there before anything is measured.
  await burst(desk, traders, 'warm');
  print(`  ${name}`);
  print(`    from ${ACCOUNTS} accounts  ${show(await burst(desk, traders, 'many'))}`);
  print(`    from one account  ${show(await burst(desk, traders.slice(0, 1), 'one'))}`);
  for (const { close } of traders) close();
}

async function joinDesk({ url }: BenchDesk, at: number): Promise<Trader> {
  const headers = await signUp(url, `bench-${at}`);
  const told = new Map<string, number>();
  const close = await listen(url, headers, (data) => {
    if (!data.includes('"type":"acknowledged"')) return;
    const id = /"clientOrderId":"([^"]+)"/.exec(data)?.[1];
    if (id !== undefined) told.set(id, performance.now());
  });
  return { headers, told, close };
}

type Burst = { answered: number[]; wholeMs: number };

async function burst(desk: BenchDesk, traders: readonly Trader[], name: string): Promise<Burst> {
  const start = performance.now();
  const answered = Array.from({ length: ORDERS }, async (_none, at) => {
    const trader = traders[at % traders.length];
    if (trader === undefined) throw new Error('nobody trades');
    const before = performance.now();
    await send(desk.url, trader, `burst-${name}-${at}`);
    return (await toldAt(trader, `burst-${name}-${at}`)) - before;
  });
  return { answered: await Promise.all(answered), wholeMs: performance.now() - start };
}

async function send(url: string, { headers }: Trader, id: string): Promise<void> {
  const answer = await fetch(`${url}/api/v1/orders`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', 'idempotency-key': id },
    body: JSON.stringify({
      symbol: 'AAPL',
      side: 'buy',
      type: 'limit',
      limit_price: '1',
      time_in_force: 'day',
      qty: '1',
      client_order_id: id,
    }),
  });
  if (!answer.ok) throw new Error(`an order was answered ${answer.status}: ${await answer.text()}`);
  await answer.arrayBuffer();
}

/** A stream is told apart from the answer to its call, which does not wait for long. */
async function toldAt({ told }: Trader, id: string): Promise<number> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const at = told.get(id);
    if (at !== undefined) return at;
    if (performance.now() > deadline) throw new Error(`${id} was not answered within ${PATIENCE_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const show = ({ answered, wholeMs }: Burst) =>
  `p50 ${quantile(answered, 0.5).toFixed(0)} ms, p99 ${quantile(answered, 0.99).toFixed(0)} ms, all in ${wholeMs.toFixed(0)} ms`;
