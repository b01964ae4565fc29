import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openJournal } from './journal/file-journal';
import { startExchange } from './index';
import { buildCli } from './testing/built-cli';
import { orderShape } from './testing/naive-client';

const KILLS = 50;
/** On a busy machine there are fewer kills rather than a longer test. */
const BUDGET_MS = 25_000;
const keys = { keyId: 'PKKILL', secret: 'kill-secret' };
const headers = { 'APCA-API-KEY-ID': keys.keyId, 'APCA-API-SECRET-KEY': keys.secret };
/** An exchange that was killed cuts the connection; one that lives answers sooner by far. */
const PATIENCE_MS = 15_000;
const ready = z.object({ type: z.literal('listening'), url: z.string() });

let dir = '';
let cli = '';

beforeAll(async () => {
  dir = await mkdtemp('/tmp/ex-kill-');
  cli = await buildCli(dir);
  // Node's first fetch compiles its parser after it has connected, and never hears of a connection that ends
  // meanwhile: the first one must not be one that we cut.
  const exchange = await startExchange();
  await fetch(`${exchange.url}/v2/clock`);
  await exchange.close();
});
afterAll(() => rm(dir, { recursive: true, force: true }));

async function spawn(dataDir: string): Promise<{ child: ChildProcess; url: string; gone: Promise<unknown> }> {
  const account = `${keys.keyId}:${keys.secret}:100000000`;
  const args = ['--port', '0', '--data-dir', dataDir, '--account', account, '--rate-limit', 'off'];
  const child = fork(cli, [...args, '--snapshot-every', '40'], { stdio: 'ignore' });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const url = await new Promise<string>((resolve, reject) => {
    setTimeout(() => reject(new Error('the exchange neither started nor ended')), PATIENCE_MS).unref();
    child.once('message', (message) => resolve(ready.parse(message).url));
    child.once('exit', (code) => reject(new Error(`exited with ${code}`)));
  });
  return { child, url, gone };
}

/** Sends orders, some of them canceled again, until the exchange is gone; tells what was acknowledged. */
async function trade(
  url: string,
  name: string,
  acked: Map<string, string>,
  canceled: Set<string>,
): Promise<void> {
  for (let number = 0; ; number += 1) {
    const id = `${name}-${number}`;
    const limit = number % 3 === 0 ? { type: 'market' } : { type: 'limit', limit_price: '50' };
    const order = {
      symbol: 'SPY',
      qty: '1',
      side: 'buy',
      time_in_force: 'day',
      client_order_id: id,
      ...limit,
    };
    try {
      const answer = await fetch(`${url}/v2/orders`, {
        method: 'POST',
        headers,
        body: JSON.stringify(order),
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      if (answer.status !== 200) throw new Error(`answered ${answer.status}`);
      const made = orderShape.parse(await answer.json());
      acked.set(id, made.id);
      if (number % 3 !== 1) continue;
      const gone = await fetch(`${url}/v2/orders/${made.id}`, {
        method: 'DELETE',
        headers,
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      if (gone.status === 204) canceled.add(id);
    } catch (error) {
      if (error instanceof DOMException && error.name === 'TimeoutError')
        throw new Error(`no answer to ${id}, and no end of its connection`, { cause: error });
      return;
    }
  }
}

async function allOrders(url: string): Promise<Map<string, z.infer<typeof orderShape>>> {
  const found = new Map<string, z.infer<typeof orderShape>>();
  for (let before = ''; ; ) {
    const answer = await fetch(`${url}/v2/orders?status=all&limit=500&before_order_id=${before}`, {
      headers,
    });
    const page = z.array(orderShape).parse(await answer.json());
    for (const order of page) found.set(order.client_order_id, order);
    const last = page.at(-1);
    if (last === undefined) return found;
    before = last.id;
  }
}

describe('kill -9', () => {
  test(`up to ${KILLS} times at any moment loses no acknowledged order and no acknowledged cancellation`, async () => {
    const dataDir = join(dir, 'data');
    const acked = new Map<string, string>();
    const canceled = new Set<string>();
    const end = performance.now() + BUDGET_MS;
    let kills = 0;
    for (let round = 0; round < KILLS && performance.now() < end; round += 1) {
      const { child, url, gone } = await spawn(dataDir);
      const traders = [0, 1, 2].map((trader) => trade(url, `${round}-${trader}`, acked, canceled));
      await sleep(round % 5 === 4 ? 250 : 5 + ((round * 37) % 90));
      child.kill('SIGKILL');
      kills += 1;
      await Promise.all([gone, ...traders]);
    }
    expect(existsSync(join(dataDir, 'snapshot.bin'))).toBe(true);
    const exchange = await startExchange({ dataDir, rateLimit: 'off' });
    // What was accepted last still trades.
    await sleep(500);
    const kept = await allOrders(exchange.url);
    expect(kills).toBeGreaterThanOrEqual(5);
    expect(acked.size).toBeGreaterThan(kills);
    expect([...acked].filter(([id, order]) => kept.get(id)?.id !== order)).toEqual([]);
    const alive = new Set(['new', 'pending_new', 'accepted']);
    expect([...canceled].filter((id) => alive.has(kept.get(id)?.status ?? 'new'))).toEqual([]);
    const answer = await fetch(`${exchange.url}/v2/positions/SPY`, { headers });
    const { qty } = z.object({ qty: z.string() }).parse(await answer.json());
    const filled = [...kept.values()].reduce((sum, order) => sum + Number(order.filled_qty), 0);
    expect(Number(qty)).toBe(filled);
    await exchange.close();
  }, 60_000);
});

describe('a snapshot', () => {
  const open = (dataDir: string): ReturnType<typeof startExchange> =>
    startExchange({ dataDir, accounts: [keys], rateLimit: 'off', partialFillRate: 0 });
  const read = async (url: string, path: string): Promise<unknown> =>
    (await fetch(url + path, { headers })).json();

  async function filledFolder(): Promise<string> {
    const dataDir = await mkdtemp(join(dir, 'snap-'));
    const exchange = await open(dataDir);
    const post = (more: object): Promise<Response> => {
      const order = { symbol: 'AAPL', qty: '5', side: 'buy', type: 'market', time_in_force: 'day', ...more };
      return fetch(`${exchange.url}/v2/orders`, { method: 'POST', headers, body: JSON.stringify(order) });
    };
    await post({});
    const exits = { take_profit: { limit_price: '900' }, stop_loss: { stop_price: '90' } };
    await post({ symbol: 'KO', order_class: 'bracket', ...exits });
    await post({ type: 'limit', limit_price: '50', time_in_force: 'gtc' });
    const control = { method: 'POST', headers: { Authorization: `Bearer ${exchange.controlToken}` } };
    await fetch(`${exchange.url}/control/price`, { ...control, body: '{"symbol":"AAPL","price":"500"}' });
    await fetch(`${exchange.url}/control/halt`, { ...control, body: '{"symbol":"TSLA"}' });
    await sleep(200);
    await exchange.close();
    return dataDir;
  }

  async function stateOf(dataDir: string): Promise<unknown[]> {
    const exchange = await open(dataDir);
    const paths = [
      '/v2/orders?status=all&nested=true',
      '/v2/account/activities',
      '/v2/account/configurations',
    ];
    const found = await Promise.all(paths.map((path) => read(exchange.url, path)));
    await exchange.close();
    return found;
  }

  test('with the records after it is the same as all records', async () => {
    const dataDir = await filledFolder();
    const opened = await openJournal(dataDir);
    await opened.journal.close();
    expect(opened.snapshot).not.toBeNull();
    expect(opened.records).toEqual([]);
    const withIt = await stateOf(dataDir);
    await rm(join(dataDir, 'snapshot.bin'));
    expect(await stateOf(dataDir)).toEqual(withIt);
  });

  test.each(['is cut short', 'is damaged', 'belongs to another journal'])(
    'that %s is passed over',
    async (how) => {
      const dataDir = await filledFolder();
      const [path, journal] = [join(dataDir, 'snapshot.bin'), join(dataDir, 'journal.jsonl')];
      const bytes = await readFile(path);
      if (how === 'is cut short') await writeFile(path, bytes.subarray(0, bytes.length - 100));
      if (how === 'is damaged')
        await writeFile(path, Buffer.from(bytes.toString('latin1').replace('AAPL', 'AAPM'), 'latin1'));
      if (how === 'belongs to another journal') {
        const lines = (await readFile(journal, 'utf8')).split('\n');
        await writeFile(journal, `${lines.slice(0, 3).join('\n')}\n`);
      }
      const opened = await openJournal(dataDir);
      await opened.journal.close();
      expect(opened.snapshot).toBeNull();
      expect(opened.records.length).toBeGreaterThan(2);
    },
  );

  test('lets a torn tail after it be cut off', async () => {
    const dataDir = await filledFolder();
    const journal = join(dataDir, 'journal.jsonl');
    const { size } = await stat(journal);
    await appendFile(journal, '{"seq":');
    const opened = await openJournal(dataDir);
    await opened.journal.close();
    expect((await stat(journal)).size).toBe(size);
    expect(opened.records).toEqual([]);
  });
});
