import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { type Cluster, startCluster } from '@/server/testing/cluster/cluster';
import { openEventStream } from '@/server/testing/event-stream';
import { clientOf, signUp, type Trader } from '@/server/testing/trader';
import { until } from '@/server/testing/until';
import type { WorkerProcess } from '@/server/testing/cluster/worker-process';

// Many processes share the machine, and what is in doubt is looked up over seconds.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 90_000 });

let cluster: Cluster;
let admin: Trader;
beforeAll(async () => {
  cluster = await startCluster({ LOG_LEVEL: 'warn' });
  // The first user of a desk is its admin.
  admin = await signUp(cluster.desk.url);
});
afterEach(async () => {
  await cluster.desk.control('DELETE', 'faults');
  await cluster.endWorkers();
});
afterAll(() => cluster.dispose());

const far = { symbol: 'AAPL', side: 'buy', type: 'limit', limitPrice: '1', qty: '1' } as const;
const POST = { kind: 'http', phase: 'before', match: { method: 'POST', route: '/v2/orders' } } as const;
const orderRow = z.object({
  id: z.string(),
  client: z.string(),
  account: z.string(),
  status: z.string(),
  holder: z.string().nullable(),
  sent: z.number(),
  seq: z.number(),
});
type OrderRow = z.infer<typeof orderRow>;

/** Every order in the order of intake. */
const orders = (where = 'true') =>
  cluster.rows(
    orderRow,
    `select o.id, client_order_id as client, account_id as account, o.status, lease_holder as holder,
     may_be_sent as sent, min(e.seq) as seq from orders o join order_events e on e.order_id = o.id
     group by o.id having ${where} order by seq`,
  );
const traders = (count: number) => Promise.all(Array.from({ length: count }, () => signUp(cluster.desk.url)));

/** The same order again and again is meant here, and a key says so. */
const submit = (trader: Trader, clientOrderId: string) =>
  trader.trpc.orders.submit.mutate({ ...far, clientOrderId, idempotencyKey: `key of ${clientOrderId}` });

/** Submits and does not wait for the answer. */
function send(trader: Trader, clientOrderId: string): void {
  submit(trader, clientOrderId).catch(() => undefined);
}

const fired = async (times: number) => {
  const { text } = await cluster.desk.control('GET', 'faults');
  return text.includes(`"fired":${times}`);
};

/** The orders whose names begin so, once the venue has answered all of them, each once. */
async function allAccepted(prefix: string, count: number, withinMs = 30_000): Promise<OrderRow[]> {
  const isOurs = `o.client_order_id like '${prefix}%'`;
  const rows = await until(
    `${count} orders ${prefix} are accepted`,
    async () => {
      const found = await orders(`${isOurs} and o.status in ('new', 'pending_new')`);
      return found.length === count ? found : null;
    },
    withinMs,
  );
  const taken = (await cluster.accepted()).filter((id) => id.startsWith(prefix));
  expect(taken.toSorted()).toEqual(rows.map(({ client }) => client).toSorted());
  return rows;
}

/** From now on the exchange counts the calls that send orders of this name. */
async function countPosts(prefix: string): Promise<void> {
  const match = { ...POST.match, client_order_id_prefix: prefix };
  await cluster.fault({ ...POST, match, action: 'status', skip: 1_000_000 });
}

const faults = z.array(
  z.looseObject({ match: z.object({ client_order_id_prefix: z.string().optional() }), seen: z.number() }),
);

async function posts(prefix: string): Promise<number> {
  const { text } = await cluster.desk.control('GET', 'faults');
  const counter = faults.parse(JSON.parse(text)).find(({ match }) => match.client_order_id_prefix === prefix);
  if (counter === undefined) throw new Error(`nobody counts ${prefix}`);
  return counter.seen;
}

/** Hangs orders at the venue; answers with one that a worker is at, null when there is none. */
async function tryToHang(prefix: string, workers: readonly WorkerProcess[]) {
  const ids = new Map(workers.map((worker) => [worker.id, worker]));
  const crowd = await traders(6);
  await cluster.desk.control('DELETE', 'faults');
  // The venue takes them, and nobody hears it, not by its stream either.
  await cluster.fault({ kind: 'stream', action: 'drop' });
  await cluster.fault({ ...POST, phase: 'after', action: 'hang', count: crowd.length });
  await countPosts(prefix);
  crowd.forEach((trader, index) => send(trader, `${prefix}${index}`));
  await until('all hang', () => fired(crowd.length));
  for (const row of await orders(`o.client_order_id like '${prefix}%'`)) {
    const worker = ids.get(row.holder ?? '');
    if (worker !== undefined) return { row, worker, prefix, count: crowd.length };
  }
  return null;
}

async function hangAtWorker(name: string, workers: readonly WorkerProcess[]) {
  for (let attempt = 0; attempt < 6; attempt += 1) {
    const hung = await tryToHang(`${name}${attempt}-`, workers);
    if (hung !== null) return hung;
  }
  throw new Error('the desk was faster with all of them');
}

describe('orders of a desk with workers', () => {
  test('are sent by the desk itself while there are none', async () => {
    const [trader] = await traders(1);
    const order = await trader?.trpc.orders.submit.mutate({ ...far, clientOrderId: 'alone' });
    expect(order?.venueOrderId).not.toBeNull();
  });

  test('are sent by all of them; callers and browsers hear the venue’s word from the desk', async () => {
    const workers = await Promise.all([cluster.startWorker(), cluster.startWorker()]);
    const crowd = await traders(16);
    const [watcher] = crowd;
    const url = `${cluster.desk.url}/api/trpc/stream.watch?input=${encodeURIComponent('{"symbols":[]}')}`;
    const stream = await openEventStream(url, watcher?.bearer ?? {});
    const answers = await Promise.all(
      crowd.flatMap((trader, index) => [0, 1, 2].map((each) => submit(trader, `shared${index}-${each}`))),
    );
    // On a machine under load some are answered after their callers have gone.
    expect(answers.filter(({ venueOrderId }) => venueOrderId === null).length).toBeLessThan(
      answers.length / 2,
    );
    const rows = await allAccepted('shared', answers.length);
    const senders = new Set(rows.map(({ holder }) => holder));
    expect(workers.filter(({ id }) => senders.has(id))).toHaveLength(2);
    const told = () =>
      stream.events.flatMap(({ data }) => /"seq":(\d+).*"type":"acknowledged"/.exec(data)?.[1] ?? []);
    await until('the browser has heard of its three', () => told().length === 3);
    const seen = stream.events.flatMap(({ id }) => (id === null || id === '' ? [] : [Number(id)]));
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    stream.close();
  });

  test('leave each account in the order they came, whichever process sends', async () => {
    await Promise.all([cluster.startWorker(), cluster.startWorker()]);
    const crowd = await traders(4);
    for (let each = 0; each < 15; each += 1) {
      for (const [index, trader] of crowd.entries()) send(trader, `turn${index}-${each}`);
    }
    const rows = await allAccepted('turn', 60);
    const journal = (await cluster.accepted()).filter((id) => id.startsWith('turn'));
    for (const account of new Set(rows.map((row) => row.account))) {
      const own = rows.filter((row) => row.account === account).map(({ client }) => client);
      expect(journal.filter((id) => own.includes(id))).toEqual(own);
    }
    // Were they sent in one line for all, the above would say nothing about processes.
    const first = rows.filter((row) => row.account === rows[0]?.account);
    expect(new Set(first.map(({ holder }) => holder)).size).toBeGreaterThan(0);
    expect(new Set(rows.map(({ holder }) => holder)).size).toBeGreaterThan(1);
  });

  test('wait out a 429 of their own account alone, and the answer is 202 until then', async () => {
    const worker = await cluster.startWorker();
    const [slow, quick] = await traders(2);
    if (slow === undefined || quick === undefined) throw new Error('no traders');
    await cluster.fault({ ...POST, action: 'status', status: 429, retry_after: 4, count: 1 });
    const waiting = await slow.rest('POST', '/api/v1/orders', {
      symbol: 'AAPL',
      side: 'buy',
      type: 'limit',
      limit_price: '1',
      qty: '1',
      client_order_id: 'wait-1',
    });
    expect(waiting).toMatchObject({ status: 202, json: { status: 'submitting' } });
    send(slow, 'wait-2');
    const order = await quick.trpc.orders.submit.mutate({ ...far, clientOrderId: 'wait-not' });
    expect(order.venueOrderId).not.toBeNull();
    const status = await admin.trpc.queue.status.query();
    expect(status).toMatchObject({ isShared: true, redis: 'up', depth: 2, waiting: 2, inFlight: 0 });
    expect(status.paused).toMatchObject([{ owner: slow.user.username }]);
    expect(status.workers.find(({ id }) => id === worker.id)).toMatchObject({
      kind: 'worker',
      isThis: false,
    });
    expect(status.workers.find(({ isThis }) => isThis)).toMatchObject({ kind: 'desk' });
    expect(status.wakeUps).toMatchObject({ waiting: 0, failed: 0 });
    await allAccepted('wait', 3);
    expect((await cluster.accepted()).filter((id) => id.startsWith('wait'))).toEqual([
      'wait-not',
      'wait-1',
      'wait-2',
    ]);
  });

  test('are changed and cancelled at the venue, or never leave when they were cancelled in time', async () => {
    await cluster.startWorker();
    const [trader] = await traders(1);
    if (trader === undefined) throw new Error('no trader');
    const { orders: own } = trader.trpc;
    const answered = (id: string, ...wanted: string[]) =>
      until(`${id} is ${wanted.join(' or ')}`, async () => {
        const order = await own.get.query({ id });
        return wanted.includes(order.status) ? order : null;
      });
    const first = await submit(trader, 'change-1');
    await answered(first.id, 'new');
    const { id } = await own.replace.mutate({ id: first.id, limitPrice: '2' });
    expect(await answered(id, 'new')).toMatchObject({ limitPrice: '2', replacesId: first.id });
    await answered(first.id, 'replaced');
    await own.cancel.mutate({ id });
    await answered(id, 'canceled');
    await cluster.fault({ ...POST, action: 'status', status: 429, retry_after: 3, count: 1 });
    send(trader, 'change-2');
    await until('the venue asked to wait', () => fired(1));
    const late = await submit(trader, 'change-3');
    await own.cancel.mutate({ id: late.id });
    expect(await answered(late.id, 'canceled')).toMatchObject({ reason: { code: 'never_sent' } });
    expect(await cluster.accepted()).not.toContain('change-3');
  });
});

describe('a worker', () => {
  test('that is killed while its order is at the venue leaves it to be looked up, and sends others’ no longer', async () => {
    const workers = await Promise.all([cluster.startWorker(), cluster.startWorker()]);
    const { row, worker, prefix, count } = await hangAtWorker('kill', workers);
    await worker.end('SIGKILL');
    const rows = await allAccepted(prefix, count, 40_000);
    expect(rows.find(({ id }) => id === row.id)?.holder).toBe(worker.id);
    expect(await posts(prefix)).toBe(count);
  });
});

test('while Redis hangs callers hear the venue’s word all the same', async () => {
  const [trader] = await traders(1);
  cluster.redis.signal('SIGSTOP');
  try {
    const order = await trader?.trpc.orders.submit.mutate({ ...far, clientOrderId: 'hangs' });
    expect(order?.venueOrderId).not.toBeNull();
  } finally {
    cluster.redis.signal('SIGCONT');
  }
});

test('a desk that was killed finds its workers again, and they its exchange', async () => {
  const worker = await cluster.startWorker();
  const crowd = await traders(8);
  await cluster.desk.end('SIGKILL');
  await cluster.desk.start();
  const again = crowd.map(({ bearer }) => clientOf(cluster.desk.url, bearer));
  const isWorkers = async () =>
    (await orders(`holder = '${worker.id}' and o.client_order_id like 'again%'`)).length > 0;
  for (let round = 0; round < 20 && !(await isWorkers()); round += 1) {
    const submits = again.map(({ orders: own }, index) =>
      own.submit.mutate({ ...far, qty: String(round + 1), clientOrderId: `again${round}-${index}` }),
    );
    await Promise.all(submits);
  }
  expect(await isWorkers()).toBe(true);
  await until('all are answered', async () => (await orders("o.status = 'submitting'")).length === 0);
});
