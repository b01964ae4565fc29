import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { trading } from '@alpacahq/alpaca-trade-api';
import { z } from 'zod';
import { type BenchDesk, launch, signUp } from '../desk';
import { quantile } from '../figures';
import { benchKill } from './kill';
import { listen } from '../order';

const RATE = 100;
const ORDERS = 1_000;
const WARM = 300;
const SENDERS = 20;
/** With the others ten thousand. */
const MANY = 10_000 - ORDERS - WARM;

const secrets = z.object({ exchangeControlToken: z.string() });
const keys = z.object({ key_id: z.string(), secret_key: z.string() });
type Headers = Record<string, string>;

const show = (values: readonly number[]) =>
  `p50 ${quantile(values, 0.5).toFixed(1)} ms, p99 ${quantile(values, 0.99).toFixed(1)} ms`;

/**
 * Orders at a fixed rate, whether or not earlier ones were answered: how long until one is durable (its first event
 * is told only after the commit), and until the venue's answer; between them the same order straight to the exchange.
 * Then a restart with all of them in the books, and the kill switch.
 */
export async function benchAccept(command: readonly string[], print: (line: string) => void): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'outcry-bench-'));
  try {
    const desk = await launch(command, dataDir);
    const auth = await signUp(desk.url);
    await atRate(desk, auth, await straightSender(desk, dataDir), print);
    await many(desk);
    await desk.stop();
    const again = await launch(command, dataDir);
    print(
      `restart to ready, ${WARM + ORDERS + MANY} orders of which ${ORDERS} open: ${again.warmMs.toFixed(0)} ms`,
    );
    await benchKill(again, { auth, working: ORDERS }, print);
    await again.stop();
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Ways to send the order of a number straight to the exchange, for an account of its own. */
type Straight = Record<'byFetch' | 'bySdk', (at: number) => Promise<unknown>>;

async function straightSender({ exchangeUrl: url }: BenchDesk, dataDir: string): Promise<Straight> {
  const { exchangeControlToken } = secrets.parse(
    JSON.parse(await readFile(join(dataDir, 'secrets.json'), 'utf8')),
  );
  const made = await fetch(`${url}/control/accounts`, {
    method: 'POST',
    headers: { authorization: `Bearer ${exchangeControlToken}`, 'content-type': 'application/json' },
    body: '{}',
  });
  const { key_id, secret_key } = keys.parse(await made.json());
  const headers = {
    'APCA-API-KEY-ID': key_id,
    'APCA-API-SECRET-KEY': secret_key,
    'content-type': 'application/json',
  };
  const orders = new trading.OrdersApi(
    new trading.Configuration({ basePath: url, keyId: key_id, secret: secret_key, timeoutMs: 5_000 }),
  );
  return {
    byFetch: (at) => post(`${url}/v2/orders`, headers, termsOf(at)),
    bySdk: (at) => {
      const { symbol, qty, limit_price: limitPrice } = termsOf(at);
      const fixed = { side: 'buy', type: 'limit', timeInForce: 'day' } as const;
      return orders.postOrder({ postOrderRequest: { ...fixed, symbol, qty, limitPrice } });
    },
  };
}

async function post(url: string, headers: Headers, body: object): Promise<void> {
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`an order was answered ${answer.status}: ${await answer.text()}`);
  await answer.arrayBuffer();
}

/** Begins `count` times at the rate, whether or not what was begun before is done; resolves when all is. */
async function paced(count: number, begin: (at: number) => Promise<unknown>[]): Promise<void> {
  const pending: Promise<unknown>[] = [];
  const start = performance.now();
  for (let at = 0; at < count; at += 1) {
    await pause(Math.max(0, start + (at * 1_000) / RATE - performance.now()));
    pending.push(...begin(at));
  }
  await Promise.all(pending);
}

/** So often an order goes straight to the exchange, by turns in both ways: all meet the same load of one machine. */
const STRAIGHT_EVERY = 5;

async function atRate(desk: BenchDesk, auth: Headers, straight: Straight, print: (line: string) => void) {
  const sentAt = new Map<string, number>();
  const [durable, answered, byFetch, bySdk]: [number[], number[], number[], number[]] = [[], [], [], []];
  const close = await listen(desk.url, auth, (data) => {
    if (!data.includes('"type":"received"')) return;
    const before = sentAt.get(/"clientOrderId":"([^"]+)"/.exec(data)?.[1] ?? '');
    if (before !== undefined) durable.push(performance.now() - before);
  });
  const timed = async (times: number[], send: Promise<unknown>): Promise<void> => {
    const before = performance.now();
    await send;
    times.push(performance.now() - before);
  };
  const send = (id: string, terms: object): Promise<void> => {
    const headers = { ...auth, 'content-type': 'application/json', 'idempotency-key': id };
    return post(`${desk.url}/api/v1/orders`, headers, { ...terms, client_order_id: id });
  };
  await paced(WARM, (at) => [send(`bench-warm-${at}`, { ...termsOf(at), time_in_force: 'ioc' })]);
  await paced(ORDERS, (at) => {
    const id = `bench-rate-${at}`;
    sentAt.set(id, performance.now());
    const turn = at % (2 * STRAIGHT_EVERY);
    return [
      timed(answered, send(id, termsOf(at))),
      ...(turn === 0 ? [timed(byFetch, straight.byFetch(at))] : []),
      ...(turn === STRAIGHT_EVERY ? [timed(bySdk, straight.bySdk(at))] : []),
    ];
  });
  await pause(500);
  close();
  if (durable.length !== ORDERS)
    throw new Error(`${durable.length} of ${ORDERS} orders were told on the stream`);
  print(`accept, ${ORDERS} orders at ${RATE} a second, after ${WARM} to warm up`);
  print(`  to the commit, as told on the stream  ${show(durable)}`);
  print(`  to the venue's answer                 ${show(answered)}`);
  print(`  straight to the exchange, by the SDK  ${show(bySdk)}`);
  print(`  straight to the exchange, by fetch    ${show(byFetch)}`);
  const added = quantile(answered, 0.5) - quantile(bySdk, 0.5);
  print(`  the desk adds to the SDK’s call, p50  ${added.toFixed(1)} ms`);
}

/** Fills the books, from many accounts side by side: an account's orders leave one after another. */
async function many(desk: BenchDesk): Promise<void> {
  const sender = async (_none: unknown, number: number) => {
    const headers = { ...(await signUp(desk.url, `bench-${number}`)), 'content-type': 'application/json' };
    for (let at = 0; at < MANY / SENDERS; at += 1) {
      // An IOC far from the market ends as it comes.
      const body = { ...termsOf(at), time_in_force: 'ioc', client_order_id: `bench-many-${at}` };
      await post(`${desk.url}/api/v1/orders`, { ...headers, 'idempotency-key': `bench-many-${at}` }, body);
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, sender));
  await pause(2_000);
}

const termsOf = (at: number) => ({
  symbol: 'AAPL',
  side: 'buy',
  type: 'limit',
  time_in_force: 'day',
  limit_price: (1 + (at % 100) / 100).toFixed(2),
  qty: '1',
});
