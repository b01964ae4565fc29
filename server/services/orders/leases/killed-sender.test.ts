import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DeskProcess, startDeskProcess } from '@/server/testing/desk-process';
import { clientOf, signUp, type Trader } from '@/server/testing/trader';
import { until } from '@/server/testing/until';

let desk: DeskProcess;
let traders: { waiting: Trader; sending: Trader };
beforeAll(async () => {
  desk = await startDeskProcess();
  traders = { waiting: await signUp(desk.url), sending: await signUp(desk.url) };
}, 60_000);
afterAll(() => desk.dispose());

const far = { symbol: 'AAPL', side: 'buy', type: 'limit', limitPrice: '1', qty: '1' } as const;
const once = { kind: 'http', phase: 'before', match: { method: 'POST', route: '/v2/orders' }, count: 1 };

async function fault(more: object): Promise<void> {
  expect((await desk.control('POST', 'faults', { ...once, ...more })).status).toBe(201);
}

/** The order of this id at its owner, once there is one. */
const seen = (trader: Trader, clientOrderId: string, held: (status: string) => boolean = () => true) =>
  until(
    `${clientOrderId} is seen`,
    async () => {
      // The desk has another port after its restart.
      const { orders } = await clientOf(desk.url, trader.bearer).orders.list.query();
      return orders.find((one) => one.clientOrderId === clientOrderId && held(one.status)) ?? null;
    },
    20_000,
  );

test('a desk that is killed sends once what it had not sent, and asks the venue about what it may have', async () => {
  const { waiting, sending } = traders;
  const ignore = () => null;
  // A 429 holds the first and, behind it, the second; the third hangs on its way.
  await fault({ action: 'status', status: 429, retry_after: 8 });
  void waiting.trpc.orders.submit.mutate({ ...far, clientOrderId: 'first' }).catch(ignore);
  await until('the venue asked to wait', async () =>
    (await desk.control('GET', 'faults')).text.includes('"fired":1'),
  );
  await seen(waiting, 'first');
  void waiting.trpc.orders.submit.mutate({ ...far, qty: '2', clientOrderId: 'second' }).catch(ignore);
  await seen(waiting, 'second');
  await fault({ action: 'hang' });
  void sending.trpc.orders.submit.mutate({ ...far, clientOrderId: 'third' }).catch(ignore);
  await until(
    'it hangs',
    async () => (await desk.control('GET', 'faults')).text.split('"fired":1').length === 3,
  );
  await desk.end('SIGKILL');
  await desk.start();

  const isNew = (status: string) => status === 'new';
  const stories = [];
  for (const [trader, name] of [
    [waiting, 'first'],
    [waiting, 'second'],
    [sending, 'third'],
  ] as const) {
    const { id } = await seen(trader, name, isNew);
    const { events } = await clientOf(desk.url, trader.bearer).orders.events.query({ id });
    stories.push(events.map(({ type }) => type));
  }
  expect(stories.map((types) => types.includes('doubted'))).toEqual([false, false, true]);
  const taken = (await desk.exchangeJournal())
    .split('\n')
    .filter((line) => line.includes('"order_accepted"'))
    .map((line) => /"client_order_id":"([^"]+)"/.exec(line)?.[1]);
  expect(taken.filter((name) => name !== 'third')).toEqual(['first', 'second']);
  expect(taken.filter((name) => name === 'third')).toHaveLength(1);
}, 60_000);
