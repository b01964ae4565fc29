import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { parseJournal } from './journal/journal';
import { type Exchange, startExchange } from './index';

const account = { keyId: 'PKRESTART', secret: 'restart-secret' };
const headers = { 'APCA-API-KEY-ID': account.keyId, 'APCA-API-SECRET-KEY': account.secret };
const orderShape = z.looseObject({ id: z.string(), status: z.string(), client_order_id: z.string() });

let dataDir = '';

beforeEach(async () => {
  dataDir = await mkdtemp('/tmp/ex-restart-');
});

afterEach(() => rm(dataDir, { recursive: true, force: true }));

async function read(exchange: { url: string }, path: string): Promise<unknown> {
  return (await fetch(exchange.url + path, { headers })).json();
}

async function order(
  exchange: { url: string },
  extra: Record<string, unknown>,
): Promise<z.infer<typeof orderShape>> {
  const body = { symbol: 'SPY', qty: '3', side: 'buy', type: 'limit', time_in_force: 'gtc', ...extra };
  const answer = await fetch(`${exchange.url}/v2/orders`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(200);
  return orderShape.parse(await answer.json());
}

async function untilStatus(exchange: { url: string }, id: string, status: string): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    if (orderShape.parse(await read(exchange, `/v2/orders/${id}`)).status === status) return;
  }
  throw new Error(`order ${id} never became ${status}`);
}

const start = (): Promise<Exchange> => startExchange({ dataDir, accounts: [account], rateLimit: 'off' });

describe('a restarted exchange', () => {
  test('has the same account, orders and positions', async () => {
    const first = await start();
    const bought = await order(first, { type: 'market', time_in_force: 'day' });
    await untilStatus(first, bought.id, 'filled');
    const resting = await order(first, { limit_price: '50' });
    await untilStatus(first, resting.id, 'new');
    const orders = await read(first, '/v2/orders?status=all');
    const fills = await read(first, '/v2/account/activities');
    await first.close();
    const second = await start();
    expect(await read(second, '/v2/orders?status=all')).toEqual(orders);
    expect(await read(second, '/v2/account/activities')).toEqual(fills);
    expect(await read(second, '/v2/positions/SPY')).toMatchObject({ qty: '3' });
    await second.close();
  });

  test('cuts a torn last line off and goes on', async () => {
    const first = await start();
    const resting = await order(first, { limit_price: '50' });
    await first.close();
    await appendFile(join(dataDir, 'journal.jsonl'), '{"seq":99,"type":"order_fil');
    const second = await start();
    await untilStatus(second, resting.id, 'new');
    await second.close();
    const text = await readFile(join(dataDir, 'journal.jsonl'), 'utf8');
    expect(parseJournal(text).length).toBe(Buffer.byteLength(text));
  });

  test('refuses a data folder that is in use', async () => {
    const first = await start();
    await expect(start()).rejects.toThrow(/is in use by process/);
    await first.close();
  });
});

/** Runs the command line in a process of its own. */
function launch(): ChildProcess {
  const args = ['--port', '0', '--data-dir', dataDir, '--account', `${account.keyId}:${account.secret}`];
  const entry = join(import.meta.dirname, 'cli.ts');
  return fork(entry, args, { execArgv: ['--import', 'tsx'], stdio: 'ignore' });
}

/** The same, once it listens. */
async function spawn(): Promise<{ child: ChildProcess; url: string }> {
  const child = launch();
  const ready = z.object({ type: z.literal('listening'), url: z.string() });
  const url = await new Promise<string>((resolve, reject) => {
    child.once('message', (message) => resolve(ready.parse(message).url));
    child.once('exit', (code) => reject(new Error(`exited with ${code}`)));
  });
  return { child, url };
}

const exitOf = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => child.once('exit', (code) => resolve(code)));

describe('the command line', () => {
  test('killed with -9 keeps every acknowledged order and frees its data folder', async () => {
    const first = await spawn();
    const acked = await Promise.all(
      Array.from({ length: 20 }, (_, i) => order(first, { limit_price: '50', client_order_id: `ack-${i}` })),
    );
    const gone = exitOf(first.child);
    first.child.kill('SIGKILL');
    await gone;
    const second = await spawn();
    const kept = z.array(orderShape).parse(await read(second, '/v2/orders?status=all&limit=500'));
    expect(new Set(kept.map((item) => item.id))).toEqual(new Set(acked.map((item) => item.id)));
    const stopped = exitOf(second.child);
    second.child.kill('SIGTERM');
    expect(await stopped).toBe(0);
  }, 20_000);

  test('stops by itself when its parent disconnects', async () => {
    const { child } = await spawn();
    const stopped = exitOf(child);
    child.disconnect();
    expect(await stopped).toBe(0);
  }, 10_000);

  test('ends when its parent has gone before it has started, and gives way to the next', async () => {
    const child = launch();
    const stopped = exitOf(child);
    child.disconnect();
    expect(await stopped).toBe(0);
    await (await start()).close();
  }, 10_000);

  test('ends with exit code 3 where another has its data folder', async () => {
    const first = await start();
    expect(await exitOf(launch())).toBe(3);
    await first.close();
  }, 10_000);

  test('stops within two seconds of SIGTERM while sockets are open', async () => {
    const { child, url } = await spawn();
    const sockets = ['/stream', '/v2/iex'].map((path) => new WebSocket(url.replace('http', 'ws') + path));
    await Promise.all(sockets.map((socket) => once(socket, 'open')));
    const began = performance.now();
    const stopped = exitOf(child);
    child.kill('SIGTERM');
    expect(await stopped).toBe(0);
    expect(performance.now() - began).toBeLessThan(2_000);
  }, 10_000);

  test('says in one line that its port is in use', async () => {
    const exchange = await startExchange();
    await expect(startExchange({ port: exchange.port, dataDir })).rejects.toThrow(
      `port ${exchange.port} on 127.0.0.1 is in use`,
    );
    // The attempt gave the data folder back.
    await (await start()).close();
    await exchange.close();
  });
});
