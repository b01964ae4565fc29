import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { comparisons, paperConnections } from '@/db/schema';
import { startDesk, startVenue, type TestDesk } from '@/server/testing/desk';
import { sendJson } from '@/server/testing/http-caller';
import { signIn, type Trader } from '@/server/testing/trader';
import { until } from '@/server/testing/until';

/** Alpaca's paper venue, as a second exchange plays it: it outlives the desk. */
let venue: Awaited<ReturnType<typeof startVenue>>;
let dataDir: string;
let desk: TestDesk;
let trader: Trader;
let accountId: string;
let keys: { keyId: string; secretKey: string };
let made = 0;

function settings() {
  const socket = venue.url.replace('http', 'ws');
  return {
    ALPACA_BASE_URL: venue.url,
    ALPACA_DATA_URL: venue.url,
    ALPACA_STREAM_URL: `${socket}/stream`,
    ALPACA_DATA_STREAM_URL: `${socket}/v2/iex`,
  };
}

beforeAll(async () => {
  venue = await startVenue();
  dataDir = await mkdtemp(join(tmpdir(), 'st-keys-'));
  desk = await startDesk(settings(), dataDir);
});
afterAll(async () => {
  await desk.stop();
  await venue.dispose();
  await rm(dataDir, { recursive: true, force: true });
});
beforeEach(async () => {
  await venue.control('DELETE', 'faults');
  trader = await desk.signUp();
  keys = await openKeys();
  const added = await trader.trpc.connections.add.mutate({ name: 'Mine', ...keys });
  accountId = added.id;
  await until('its books are open', async () => (await comparison())?.accountNumber ?? null);
});

async function openKeys() {
  made += 1;
  const opened = { keyId: `PKREVOKED${made}`, secretKey: `secret-of-the-keys-${made}` };
  await venue.openAccount(opened);
  return opened;
}

const faultList = z.array(z.looseObject({ fired: z.number(), fault: z.looseObject({}).optional() }));
const fired = async () =>
  faultList
    .parse(JSON.parse((await venue.control('GET', 'faults')).text))
    .reduce((sum, { fired: times }) => sum + times, 0);

async function strike(fault: object): Promise<void> {
  const { status, text } = await venue.control('POST', 'faults', fault);
  if (status !== 201) throw new Error(text);
}

const revoke = () =>
  strike({ kind: 'http', phase: 'before', action: 'status', status: 401, match: { account: keys.keyId } });
const accept = () => venue.control('DELETE', 'faults');

/** Far from the market; none is the same as another. */
let orders = 0;
const place = () => {
  orders += 1;
  const terms = { symbol: 'AAPL', side: 'buy', type: 'limit', limitPrice: '1', qty: '1' } as const;
  return trader.trpc.orders.submit.mutate({ ...terms, accountId, idempotencyKey: `far-order-${orders}` });
};
const submit = (key: string) =>
  trader.rest(
    'POST',
    '/api/v1/orders',
    { account_id: accountId, symbol: 'AAPL', side: 'buy', qty: '1', type: 'limit', limit_price: '1' },
    { 'idempotency-key': `${key}-${made}` },
  );
const statusOf = async (id: string) => (await trader.trpc.orders.get.query({ id })).status;
const since = async () =>
  (await trader.trpc.connections.list.query()).connections.find(({ id }) => id === accountId)
    ?.keysRefusedSince ?? null;
const alertsOf = async (status: 'open' | 'all') =>
  (await trader.trpc.alerts.list.query({ accountId, status })).alerts;
const comparison = async () =>
  (await desk.parts.database.db.select().from(comparisons).where(eq(comparisons.accountId, accountId)))[0];

/** Anything that asks the venue finds out. */
async function untilPaused(): Promise<void> {
  await trader.trpc.account.get.query({ accountId }).catch(() => null);
  await until('it is paused', since);
  await until('it is told', async () => (await alertsOf('open')).length > 0);
}

describe('an account whose keys the broker refuses', () => {
  test('takes in nothing new, asks rarely, keeps what is in doubt, tells once, and goes on by itself', async () => {
    const works = await place();
    await strike({
      kind: 'http',
      phase: 'before',
      action: 'hang',
      count: 1,
      match: { method: 'POST', route: '/v2/orders', account: keys.keyId },
    });
    const doubted = await place();
    await revoke();
    await untilPaused();
    const refused = await submit('while-paused');
    expect(refused).toMatchObject({ status: 503, json: { code: 'unavailable' } });
    expect(refused.text).toMatch(/refuses the keys.*not taken in.*Replace the keys under Accounts/);
    const changed = await trader.rest('PATCH', `/api/v1/orders/${works.id}`, { limit_price: '2' });
    expect(changed.status).toBe(503);
    const before = await fired();
    // A page that is open asks all the time; the venue must not hear it.
    for (let look = 0; look < 30; look += 1) {
      await trader.trpc.positions.list.query({ accountId }).catch(() => null);
      await pause(100);
    }
    expect((await fired()) - before).toBeLessThanOrEqual(1);
    await until('it is in doubt', async () => (await statusOf(doubted.id)) === 'unknown');
    expect(await alertsOf('all')).toMatchObject([{ kind: 'keys_refused', accountId, outcome: null }]);
    const metrics = await sendJson(desk.url, 'GET', '/metrics');
    expect(metrics.text).toMatch(/^outcry_accounts_keys_refused 1$/m);

    await accept();
    await until('it goes on', async () => (await since()) === null, 20_000);
    await until('it is sent again, once', async () => (await statusOf(doubted.id)) === 'new');
    expect(await alertsOf('open')).toEqual([]);
    expect(await alertsOf('all')).toMatchObject([{ outcome: 'taken' }]);
    expect((await submit('while-paused')).status).toBe(201);
    expect((await trader.trpc.orders.list.query({ accountId })).orders).toHaveLength(3);
  }, 45_000);

  test('knows what the venue did meanwhile before it goes on, on the word of whoever tests the connection', async () => {
    const works = await place();
    const { venueOrderId } = await trader.trpc.orders.get.query({ id: works.id });
    await revoke();
    await untilPaused();
    const filled = await venue.control('POST', 'fills', { order_id: venueOrderId, qty: '1' });
    expect(filled.status).toBe(200);
    await accept();
    const tested = await trader.rest('GET', `/api/v1/connections/${accountId}/test`);
    expect(tested.status).toBe(200);
    expect(await since()).toBeNull();
    expect(await statusOf(works.id)).toBe('filled');
    const again = await place();
    // Its stream is open again, too: no sweep comes so soon.
    await venue.control('POST', 'fills', {
      order_id: (await trader.trpc.orders.get.query({ id: again.id })).venueOrderId,
      qty: '1',
    });
    await until('it is heard', async () => (await statusOf(again.id)) === 'filled', 3_000);
  }, 30_000);

  test('may still be asked to cancel, and hears why it was not done', async () => {
    const works = await place();
    await revoke();
    await untilPaused();
    const refused = await trader.rest('DELETE', `/api/v1/orders/${works.id}`);
    expect(refused.status).toBe(502);
    expect(refused.text).toContain('an account gets new ones under Accounts');
    expect(await statusOf(works.id)).toMatch(/new$/);
    await accept();
    // A cancel that the venue takes proves the keys.
    expect((await trader.rest('DELETE', `/api/v1/orders/${works.id}`)).status).toBe(200);
    await until('it goes on', async () => (await since()) === null, 4_000);
  }, 30_000);

  test('is still paused after a restart, under the same alert', async () => {
    await revoke();
    await untilPaused();
    const [alert] = await alertsOf('open');
    await desk.stop();
    desk = await startDesk(settings(), dataDir);
    trader = await signIn(desk.url, trader.user.username, trader.password);
    expect(await since()).toBe(alert?.raisedAt);
    expect((await submit('after-restart')).status).toBe(503);
    await pause(2_000);
    expect(await alertsOf('all')).toEqual([alert]);
    await accept();
    await until('it goes on', async () => (await since()) === null, 20_000);
    expect((await submit('after-restart')).status).toBe(201);
    expect(await alertsOf('all')).toHaveLength(1);
  }, 45_000);

  test('goes on with other keys, if they open the same account', async () => {
    await revoke();
    await untilPaused();
    const fresh = await openKeys();
    const replace = () =>
      trader.rest('PUT', `/api/v1/connections/${accountId}/keys`, {
        key_id: fresh.keyId,
        secret_key: fresh.secretKey,
      });
    const other = await replace();
    expect(other).toMatchObject({ status: 409, json: { code: 'conflict' } });
    expect(await since()).not.toBeNull();
    // The exchange gives an account no second pair of keys: that theirs is the account is written down instead.
    const { accountNumber } = await desk.parts.services.sessions
      .paper('alpaca-paper', { scope: 'paper', ...fresh })
      .execution.account();
    await desk.parts.database.write((db) =>
      db.update(comparisons).set({ accountNumber }).where(eq(comparisons.accountId, accountId)),
    );
    const done = await replace();
    expect(done).toMatchObject({ status: 200, json: { id: accountId, keys_refused_since: null } });
    expect(done.text).not.toContain(fresh.secretKey);
    expect(await alertsOf('all')).toMatchObject([{ outcome: 'replaced' }]);
    const order = await submit('with-new-keys');
    expect(order.status).toBe(201);
    await venue.control('POST', 'fills', { order_id: order.json['venue_order_id'], qty: '1' });
    await until(
      'its stream is open',
      async () => (await statusOf(String(order.json['id']))) === 'filled',
      3_000,
    );
    const rows = await desk.parts.database.db
      .select()
      .from(paperConnections)
      .where(eq(paperConnections.accountId, accountId));
    expect(JSON.stringify(rows)).not.toContain(fresh.secretKey);
  }, 30_000);
});

test('an order that the venue forbids (403) is rejected, and pauses nothing', async () => {
  const reply = await trader.rest('POST', '/api/v1/orders', {
    account_id: accountId,
    symbol: 'AAPL',
    side: 'buy',
    qty: '100000',
    type: 'limit',
    limit_price: '200',
  });
  expect(reply).toMatchObject({ status: 422 });
  expect(await since()).toBeNull();
  expect(await alertsOf('all')).toEqual([]);
});

test('keys of a simulated account are the desk’s and cannot be replaced', async () => {
  const { connections } = await trader.trpc.connections.list.query();
  const own = connections.find(({ kind }) => kind === 'simulated');
  const reply = await trader.rest('PUT', `/api/v1/connections/${own?.id}/keys`, {
    key_id: 'PKANOTHER1',
    secret_key: 'another-secret',
  });
  expect(reply).toMatchObject({ status: 422, json: { code: 'invalid_input' } });
});
