import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { eq } from 'drizzle-orm';
import { connections } from '@/db/schema';
import { startSqld, type TestSqld } from '@/server/testing/cluster/sqld-server';
import { startDesk, startVenue, type TestDesk } from '@/server/testing/desk';
import { startRedis, type TestRedis } from '@/server/testing/redis-server';
import { enrol, type Trader } from '@/server/testing/trader';
import { until } from '@/server/testing/until';
import { type AccountRecord, accountRecords, isLive } from '../../accounts/account-record';
import { queueStatus } from '../../queue/queue-status';
import { newOrder } from '../new-order';
import { getOrderRow } from '../order-record';
import { receiveOrder } from '../receive-order';

/** Nobody is there: what these tests do must not reach Alpaca. */
const NO_PAPER = {
  ALPACA_BASE_URL: 'http://127.0.0.1:9',
  ALPACA_DATA_URL: 'http://127.0.0.1:9',
  ALPACA_STREAM_URL: 'ws://127.0.0.1:9/stream',
  ALPACA_DATA_STREAM_URL: 'ws://127.0.0.1:9/v2/iex',
};

let sqld: TestSqld;
let redis: TestRedis;
let venue: Awaited<ReturnType<typeof startVenue>>;
let desk: TestDesk;
beforeAll(async () => {
  [sqld, redis, venue] = await Promise.all([startSqld(), startRedis(), startVenue()]);
  const shared = { DATABASE_URL: sqld.url, REDIS_URL: redis.url };
  desk = await startDesk({ ...NO_PAPER, ...shared, ...venue.settings });
});
afterAll(async () => {
  await desk.dispose();
  await Promise.all([venue.dispose(), redis.dispose(), sqld.dispose()]);
});

const far = { symbol: 'AAPL', side: 'buy', type: 'limit', limitPrice: '1', qty: '1' } as const;
let made = 0;
let trader: Trader;
let account: AccountRecord;
/** A trader with a live account, armed. */
beforeEach(async () => {
  trader = await desk.signUp();
  await enrol(trader);
  made += 1;
  const keys = { keyId: `AKLIVE${made}LIVE`, secretKey: `secret-of-live-${made}` };
  await venue.openAccount(keys);
  const { keyId, secretKey } = keys;
  const body = { name: 'Real money', key_id: keyId, secret_key: secretKey };
  await trader.rest('POST', '/api/v1/connections/live', body);
  const own = await accountRecords(desk.parts.database.db, eq(connections.userId, trader.user.id));
  const live = own.find(isLive);
  if (live === undefined) throw new Error('no live account');
  account = live;
  const confirmation = `trade live ${live.accountNumber}`;
  const armed = await trader.rest('POST', `/api/v1/connections/${live.id}/arm`, { confirmation });
  if (armed.status !== 200) throw new Error(`it was not armed: ${armed.text}`);
});

const rowOf = (id: string) => getOrderRow(desk.parts.services, id);

/** What was said to Redis since. */
async function listen() {
  const client = new Redis(redis.url);
  const monitor = await client.monitor();
  const said: string[] = [];
  monitor.on('monitor', (_time: string, words: string[]) => said.push(words.join(' ')));
  return {
    hasHeardOf: (id: string) => said.some((line) => line.includes(id)),
    end() {
      monitor.disconnect();
      client.disconnect();
    },
  };
}

describe('on a desk that shares its sending, a live account', () => {
  test('has its orders sent by the desk itself, and BullMQ never hears of them', async () => {
    const ear = await listen();
    const live = await trader.trpc.orders.submit.mutate({ ...far, accountId: account.id });
    const changed = await trader.trpc.orders.replace.mutate({ id: live.id, limitPrice: '2' });
    const paper = await trader.trpc.orders.submit.mutate(far);
    await until('its wake-up is seen', () => ear.hasHeardOf(paper.id));
    expect([live, changed].map(({ id }) => ear.hasHeardOf(id))).toEqual([false, false]);
    ear.end();
    for (const { id } of [live, changed])
      expect(await rowOf(id)).toMatchObject({
        leaseHolder: desk.parts.services.workers.id,
        leaseToken: 1,
        mayBeSent: true,
        venueOrderId: expect.any(String),
      });
  });

  test('shows what waits behind an order that is being sent as waiting', async () => {
    const match = { method: 'POST', route: '/v2/orders' };
    const fault = { kind: 'http', phase: 'before', action: 'hang', count: 1, match };
    expect((await venue.control('POST', 'faults', fault)).status).toBe(201);
    const sent = ['1', '2', '3'].map((qty) =>
      trader.trpc.orders.submit.mutate({ ...far, qty, accountId: account.id }),
    );
    const status = await until('two wait for the first', async () => {
      const seen = await queueStatus(desk.parts.services);
      return seen.waiting === 2 ? seen : null;
    });
    expect(status).toMatchObject({ depth: 3, waiting: 2, inFlight: 1, paused: [] });
    const ids = (await Promise.all(sent)).map(({ id }) => id);
    await until('all are answered', async () => {
      const rows = await Promise.all(ids.map(rowOf));
      return rows.every(({ status: now }) => now !== 'submitting');
    });
  });

  test('disarmed sends nothing that was let in and waits', async () => {
    const fault = { kind: 'http', phase: 'before', action: 'status', status: 429, retry_after: 4, count: 1 };
    const match = { method: 'POST', route: '/v2/orders' };
    expect((await venue.control('POST', 'faults', { ...fault, match })).status).toBe(201);
    const submit = (qty: string) => trader.trpc.orders.submit.mutate({ ...far, qty, accountId: account.id });
    const waiting = await Promise.all([submit('1'), submit('2')]);
    expect(waiting.map(({ status }) => status)).toEqual(['submitting', 'submitting']);
    const reply = await trader.rest('POST', `/api/v1/connections/${account.id}/disarm`);
    expect(reply.json).toMatchObject({ stopped: 2, working: 0 });
    for (const { id } of waiting) {
      await until('it is over', async () => (await rowOf(id)).closedAt !== null);
      expect(await rowOf(id)).toMatchObject({ status: 'canceled', reasonCode: 'never_sent' });
    }
    const { execution } = desk.parts.services.sessions.of(account);
    expect(await execution.listOrders('2020-01-01T00:00:00Z')).toEqual([]);
  });

  test('has what an earlier desk left unsent taken over by this one', async () => {
    const { services } = desk.parts;
    const actor = { kind: 'user', userId: account.userId, sessionId: '', role: 'trader' } as const;
    const left = { leaseHolder: 'a desk that is gone', leaseToken: 1, mayBeSent: false };
    const ctx = { ...services, actor, leases: { ...services.leases, first: () => left } };
    const intent = newOrder(services.clock, account, { ...far, timeInForce: 'day', requestHash: '' });
    const { row } = await receiveOrder(ctx, account, intent);
    const ear = await listen();
    await until('the venue has it', async () => (await rowOf(row.id)).venueOrderId !== null);
    expect(await rowOf(row.id)).toMatchObject({ leaseHolder: services.workers.id, leaseToken: 2 });
    expect(ear.hasHeardOf(row.id)).toBe(false);
    ear.end();
  });
});
