import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { parseJournal } from './journal/journal';
import { startExchange } from './index';
import { buildCli } from './testing/built-cli';
import { orderShape } from './testing/naive-client';

const keys = { keyId: 'PKFULL', secret: 'full-secret' };
const headers = { 'APCA-API-KEY-ID': keys.keyId, 'APCA-API-SECRET-KEY': keys.secret };
const refusal = z.object({ code: z.number(), message: z.string() });
const MOST_ORDERS = 600;

/** A small file system of one's own needs a mount in a namespace of one's own: not every machine allows it. */
const namespaces = ['--user', '--map-root-user', '--mount'];
const canMount = spawnSync('unshare', [...namespaces, 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;
const canLimit = spawnSync('prlimit', ['--version']).status === 0;

let dir = '';
let cli = '';
beforeAll(async () => {
  dir = await mkdtemp('/tmp/ex-full-');
  cli = await buildCli(dir);
});
const children = new Set<ChildProcess>();
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
});
afterAll(() => rm(dir, { recursive: true, force: true }));

interface Running {
  readonly child: ChildProcess;
  readonly url: string;
  readonly gone: Promise<number | null>;
}

async function run(command: readonly string[]): Promise<Running> {
  const [file = '', ...args] = command;
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  children.add(child);
  const gone = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', (text: Buffer) => resolve(/http:\S+/.exec(text.toString())?.[0] ?? ''));
    void gone.then((code) => reject(new Error(`exited with ${code}`)));
  });
  return { child, url, gone };
}

const flags = (dataDir: string): string[] => {
  const account = `${keys.keyId}:${keys.secret}:100000000`;
  return [cli, '--port', '0', '--data-dir', dataDir, '--account', account, '--rate-limit', 'off'];
};

async function post(url: string, id: string): Promise<{ status: number; json: unknown }> {
  const order = {
    symbol: 'SPY',
    qty: '1',
    side: 'buy',
    type: 'limit',
    limit_price: '50',
    time_in_force: 'day',
  };
  const body = JSON.stringify({ ...order, client_order_id: id });
  const answer = await fetch(`${url}/v2/orders`, { method: 'POST', headers, body });
  return { status: answer.status, json: await answer.json() };
}

/** Sends orders, four at a time, until one is refused; tells which were accepted and which not. */
async function fill(url: string): Promise<{ accepted: Map<string, string>; refused: string[] }> {
  const [accepted, refused] = [new Map<string, string>(), new Array<string>()];
  for (let number = 0; number < MOST_ORDERS && refused.length === 0; number += 4) {
    const ids = [0, 1, 2, 3].map((more) => `full-${number + more}`);
    for (const [index, { status, json }] of (await Promise.all(ids.map((id) => post(url, id)))).entries()) {
      const id = ids[index] ?? '';
      if (status === 200) accepted.set(id, orderShape.parse(json).id);
      else if (status === 503 && refusal.parse(json).code === 50310000) refused.push(id);
      else throw new Error(`answered ${status} ${JSON.stringify(json)}`);
    }
  }
  return { accepted, refused };
}

async function lookUp(url: string, id: string): Promise<{ status: number; id: string | undefined }> {
  const answer = await fetch(`${url}/v2/orders:by_client_order_id?client_order_id=${id}`, { headers });
  const found = orderShape.safeParse(await answer.json());
  return { status: answer.status, id: found.data?.id };
}

/** What holds while there is no space. */
async function checkFull(
  url: string,
  of: { accepted: Map<string, string>; refused: string[] },
): Promise<void> {
  expect(of.accepted.size).toBeGreaterThan(20);
  expect(of.refused.length).toBeGreaterThan(0);
  for (let tries = 0; tries < 5; tries += 1) expect((await post(url, 'not now')).status).toBe(503);
  const canceled = await fetch(`${url}/v2/orders`, { method: 'DELETE', headers });
  expect(canceled.status).toBe(503);
  for (const [id, order] of of.accepted) expect(await lookUp(url, id)).toEqual({ status: 200, id: order });
  for (const id of [...of.refused, 'not now']) expect((await lookUp(url, id)).status).toBe(404);
  const quotes = await fetch(`${url}/v2/stocks/quotes/latest?symbols=SPY`, { headers });
  expect(quotes.status).toBe(200);
}

/** Waits until an order is accepted again. */
async function untilAccepted(url: string, id: string): Promise<string> {
  for (let tries = 0; tries < 100; tries += 1) {
    const { status, json } = await post(url, id);
    if (status === 200) return orderShape.parse(json).id;
    await sleep(50);
  }
  throw new Error('nothing is accepted, though there is space');
}

/** A journal as it was found at a moment, taken up by another exchange: what was acknowledged is there, nothing else. */
async function checkKept(
  journal: Buffer,
  of: { accepted: Map<string, string>; refused: string[] },
): Promise<void> {
  const dataDir = await mkdtemp(join(dir, 'kept-'));
  await writeFile(join(dataDir, 'journal.jsonl'), journal);
  const exchange = await startExchange({ dataDir, accounts: [keys], rateLimit: 'off' });
  for (const [id, order] of of.accepted)
    expect(await lookUp(exchange.url, id)).toEqual({ status: 200, id: order });
  for (const id of of.refused) expect((await lookUp(exchange.url, id)).status).toBe(404);
  await exchange.close();
}

describe('a disk without space', () => {
  test.skipIf(!canMount)(
    'refuses with 503 before acceptance, reads on, loses nothing, and recovers by itself: a tmpfs of 512 KiB',
    async () => {
      const dataDir = await mkdtemp(join(dir, 'tmpfs-'));
      const script = `mount -t tmpfs -o size=512k none ${dataDir} && head -c 256k /dev/zero > ${dataDir}/ballast && exec "$@"`;
      const command = ['unshare', ...namespaces, 'sh', '-c', script, 'sh', process.execPath];
      const { child, url, gone } = await run([...command, ...flags(dataDir)]);
      const inside = `/proc/${child.pid}/root${dataDir}`;
      const of = await fill(url);
      await checkFull(url, of);
      const journal = join(inside, 'journal.jsonl');
      const torn = await readFile(journal);
      await checkKept(torn, of);
      await rm(join(inside, 'ballast'));
      const [again = ''] = of.refused;
      of.accepted.set(again, await untilAccepted(url, again));
      of.refused.shift();
      for (let number = 0; number < 40; number += 1)
        of.accepted.set(`l-${number}`, await untilAccepted(url, `l-${number}`));
      const whole = await readFile(journal);
      await checkKept(whole, of);
      expect(parseJournal(whole.toString()).records.map(({ seq }) => seq)).toEqual(
        parseJournal(whole.toString()).records.map((_, index) => index + 1),
      );
      child.kill('SIGTERM');
      expect(await gone).toBe(0);
    },
    60_000,
  );

  test.skipIf(!canLimit)(
    'and a file that may not grow (EFBIG) do the same',
    async () => {
      const dataDir = await mkdtemp(join(dir, 'limit-'));
      const { child, url, gone } = await run([process.execPath, ...flags(dataDir)]);
      const limit = (bytes: string): unknown =>
        execFileSync('prlimit', ['--pid', String(child.pid), `--fsize=${bytes}:unlimited`]);
      limit('200000');
      const of = await fill(url);
      await checkFull(url, of);
      const journal = join(dataDir, 'journal.jsonl');
      expect((await stat(journal)).size).toBeLessThanOrEqual(200_000);
      await checkKept(await readFile(journal), of);
      limit('unlimited');
      const [again = ''] = of.refused;
      of.accepted.set(again, await untilAccepted(url, again));
      child.kill('SIGKILL');
      await gone;
      of.refused.shift();
      await checkKept(await readFile(journal), of);
    },
    60_000,
  );

  test('is needed for that: the same orders are all accepted where there is space', async () => {
    const dataDir = await mkdtemp(join(dir, 'space-'));
    const { child, url, gone } = await run([process.execPath, ...flags(dataDir)]);
    const { accepted, refused } = await fill(url);
    expect([accepted.size, refused]).toEqual([MOST_ORDERS, []]);
    child.kill('SIGTERM');
    expect(await gone).toBe(0);
  }, 60_000);
});
