import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { eq } from 'drizzle-orm';
import { orders } from '@/db/schema';
import type { BrokerSession } from '@/server/brokers/ports';
import { systemClock } from '@/server/platform/clock';
import { createLogger } from '@/server/platform/logger';
import { openOrderQueue } from '@/server/platform/redis/order-queue';
import { control } from '@/server/testing/control';
import { firstAccountOf, startDesk, type TestDesk } from '@/server/testing/desk';
import { startRedis } from '@/server/testing/redis-server';
import { until } from '@/server/testing/until';
import type { AccountRecord } from '../../accounts/account-record';
import { createLeases } from '../leases/leases';
import { createWorkers } from '../leases/workers';
import { newOrder } from '../new-order';
import { getOrderRow, type OrderRow } from '../order-record';
import { receiveOrder } from '../receive-order';
import { createOrderLanes } from './order-lanes';
import type { SendContext } from '../venue/send-order';
import { createOrderSender } from './order-sender';

let desk: TestDesk;
let account: AccountRecord;
beforeAll(async () => {
  desk = await startDesk();
});
beforeEach(async () => {
  const trader = await desk.signUp();
  account = await firstAccountOf(desk, trader.user.id);
});
afterAll(() => desk.dispose());

const far = { symbol: 'AAPL', side: 'buy', type: 'limit', limitPrice: '1', qty: '1' } as const;

/** A promise that is held back until told. */
function gate() {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open: () => open(), opened };
}

/** An order that stands unsent in the database, as a desk with workers leaves it. */
async function received(): Promise<OrderRow> {
  const { services, database } = desk.parts;
  const actor = { kind: 'user', userId: account.userId, sessionId: '', role: 'trader' } as const;
  const leases = createLeases({ ...database, worker: '', shared: true, elapsed: () => 0 });
  const intent = newOrder(services.clock, account, { ...far, timeInForce: 'day', requestHash: '' });
  return (await receiveOrder({ ...services, leases, actor }, account, intent)).row;
}

/** A sender of its own, as another process would have it; `before` is run ahead of every order that it sends. */
async function sender(before: (clientOrderId: string) => Promise<void> = () => Promise.resolve()) {
  const { services, database } = desk.parts;
  const workers = createWorkers({ ...services, kind: 'worker', alone: false, elapsed: () => 0 });
  await workers.join();
  const sent: string[] = [];
  const session = services.sessions.of(account);
  const execution: BrokerSession['execution'] = {
    ...session.execution,
    async submit(order) {
      sent.push(order.clientOrderId);
      await before(order.clientOrderId);
      return session.execution.submit(order);
    },
  };
  const context: SendContext = {
    ...services,
    workers,
    leases: createLeases({ ...database, worker: workers.id, shared: true, elapsed: () => 0 }),
    lanes: createOrderLanes(systemClock),
    sessions: { of: () => ({ ...session, execution }) },
  };
  const options = { kinds: () => ['simulated'] as const, isHeld: () => Promise.resolve(false) };
  return { ...createOrderSender(context, options), context, options, workers, sent };
}

const answered = (row: OrderRow) =>
  until(
    'the venue has answered',
    async () => {
      const now = await getOrderRow(desk.parts.services, row.id);
      return now.venueOrderId === null ? null : now;
    },
    15_000,
  );

async function acceptedOf(rows: readonly OrderRow[]): Promise<string[]> {
  const { text } = await control(desk, 'GET', 'journal');
  const taken = text.split('\n').filter((line) => line.includes('"order_accepted"'));
  const ids = new Set(rows.map(({ clientOrderId }) => clientOrderId));
  const named = taken.flatMap((line) => /"client_order_id":"([^"]+)"/.exec(line)?.[1] ?? []);
  return named.filter((id) => ids.has(id));
}

describe('two senders of one account', () => {
  test('send its orders one at a time, in the order they came', async () => {
    const rows: OrderRow[] = [];
    for (let each = 0; each < 12; each += 1) rows.push(await received());
    let under = 0;
    const most: number[] = [];
    const alone = async () => {
      under += 1;
      most.push(under);
      await new Promise((resolve) => setTimeout(resolve, 5));
      under -= 1;
    };
    const [one, other] = [await sender(alone), await sender(alone)];
    await Promise.all([one.wake(account.id), other.wake(account.id)]);
    await one.wake(account.id);
    expect(Math.max(...most)).toBe(1);
    expect(await acceptedOf(rows)).toEqual(rows.map(({ clientOrderId }) => clientOrderId));
    expect(one.sent.length + other.sent.length).toBe(rows.length);
    await Promise.all([one.workers.leave(), other.workers.leave()]);
  });

  test('send none a second time, neither while the first lives nor when it is gone', async () => {
    const row = await received();
    const behind = await received();
    const frozen = gate();
    const [one, other] = [await sender(() => frozen.opened), await sender()];
    void one.wake(account.id);
    await until('it is on its way', () => one.sent.length === 1);
    await other.wake(account.id);
    expect(other.sent).toEqual([]);
    await one.workers.leave();
    await other.wake(account.id);
    // What came behind goes on; what may have left is for its venue to tell.
    expect(other.sent).toEqual([behind.clientOrderId]);
    frozen.open();
    await answered(row);
    expect(await acceptedOf([row])).toHaveLength(1);
    await other.workers.leave();
  });

  test('would send it twice if its row did not say that it may have left', async () => {
    const row = await received();
    const frozen = gate();
    const [one, other] = [await sender(() => frozen.opened), await sender()];
    void one.wake(account.id);
    await until('it is on its way', () => one.sent.length === 1);
    await one.workers.leave();
    await desk.parts.database.write((db) =>
      db.update(orders).set({ mayBeSent: false }).where(eq(orders.id, row.id)),
    );
    await other.wake(account.id);
    expect(other.sent).toEqual([row.clientOrderId]);
    frozen.open();
    await answered(row);
    await other.workers.leave();
  });
});

describe('a sender', () => {
  test('sends nothing of an account while a cancel of it is under way elsewhere', async () => {
    const row = await received();
    const one = await sender();
    let isHeld = true;
    const held = createOrderSender(one.context, { ...one.options, isHeld: () => Promise.resolve(isHeld) });
    void held.wake(account.id);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(one.sent).toEqual([]);
    isHeld = false;
    await answered(row);
    expect(one.sent).toEqual([row.clientOrderId]);
    await one.workers.leave();
  });

  test('leaves accounts alone whose venue it cannot reach', async () => {
    const row = await received();
    const one = await sender();
    const elsewhere = createOrderSender(one.context, { ...one.options, kinds: () => ['alpaca-paper'] });
    await elsewhere.wake(account.id);
    expect(one.sent).toEqual([]);
    await one.wake(account.id);
    expect((await answered(row)).leaseHolder).toBe(one.workers.id);
    await one.workers.leave();
  });

  test('claims nothing once it was struck out, for others would not know that it is at it', async () => {
    const row = await received();
    const [one, other] = [await sender(), await sender()];
    await one.workers.leave();
    await one.wake(account.id);
    expect(one.sent).toEqual([]);
    await other.wake(account.id);
    expect((await answered(row)).leaseHolder).toBe(other.workers.id);
    await other.workers.leave();
  });

  test('whose answer could not be written leaves the order to be looked up', async () => {
    const row = await received();
    const one = await sender();
    const { database } = one.context;
    let faults = 0;
    one.context.database = {
      ...database,
      write: (work) => {
        const isAnswer = one.sent.length > 0 && faults === 0;
        if (!isAnswer) return database.write(work);
        faults += 1;
        return Promise.reject(new Error('the database has gone'));
      },
    };
    await one.wake(account.id);
    expect(faults).toBe(1);
    expect((await getOrderRow(desk.parts.services, row.id)).leaseHolder).toBeNull();
    await answered(row);
    expect(await acceptedOf([row])).toHaveLength(1);
    await one.workers.leave();
  });
});

test('what Redis forgot is found in the database, and by nothing else', async () => {
  const redis = await startRedis();
  const log = createLogger('silent');
  const queue = await openOrderQueue({ url: redis.url, prefix: 'test', log });
  const one = await sender();
  const rows = [await received(), await received()];
  for (const { id } of rows)
    expect(await queue.add('orders', { orderId: id, accountId: account.id })).toBe(true);
  // The same order waits once.
  await queue.add('orders', { orderId: rows[0]?.id ?? '', accountId: account.id });
  expect(await queue.counts()).toMatchObject({ waiting: 2 });
  const client = new Redis(redis.url);
  await client.flushall();
  client.disconnect();
  const woken: string[] = [];
  queue.consume('orders', async ({ orderId, accountId }) => {
    woken.push(orderId);
    await one.wake(accountId);
  });
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect({ woken, sent: one.sent }).toEqual({ woken: [], sent: [] });
  one.start();
  for (const row of rows) await answered(row);
  expect(one.sent).toEqual(rows.map(({ clientOrderId }) => clientOrderId));
  await one.stop();
  await queue.close();
  await one.workers.leave();
  await redis.dispose();
});
