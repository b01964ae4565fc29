import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connections, liveConnections, orders, paperConnections, webhooks } from '@/db/schema';
import { startDesk, startVenue, type TestDesk } from '@/server/testing/desk';
import { enrol, type Trader } from '@/server/testing/trader';
import { until } from '@/server/testing/until';
import { accountRecords } from '../accounts/account-record';

const KEYS = { key_id: 'PKOFATRADER1', secret_key: 'a-secret-of-the-trader' };

/** Alpaca's paper venue, as a second exchange plays it. */
let paper: Awaited<ReturnType<typeof startVenue>>;
let desk: TestDesk;
beforeAll(async () => {
  paper = await startVenue();
  const socket = paper.url.replace('http', 'ws');
  desk = await startDesk({
    ALPACA_BASE_URL: paper.url,
    ALPACA_DATA_URL: paper.url,
    ALPACA_STREAM_URL: `${socket}/stream`,
    ALPACA_DATA_STREAM_URL: `${socket}/v2/iex`,
  });
  await paper.openAccount({ keyId: KEYS.key_id, secretKey: KEYS.secret_key });
});
afterAll(async () => {
  await desk.dispose();
  await paper.dispose();
});

const list = async ({ trpc }: Trader) => (await trpc.connections.list.query()).connections;
const firstOf = async (trader: Trader) => (await list(trader))[0]?.id ?? '';
const add = (trader: Trader, body: object) => trader.rest('POST', '/api/v1/connections', body);
const idOf = ({ json }: { json: Record<string, unknown> }) => String(json['id']);

describe('adding an account', () => {
  test('tries keys at the broker first, seals them, and trades there by the account’s id', async () => {
    const trader = await desk.signUp();
    const added = await add(trader, { name: ' Mine at Alpaca ', ...KEYS });
    expect(added).toMatchObject({
      status: 201,
      json: { name: 'Mine at Alpaca', kind: 'alpaca-paper', is_default: false, live: null },
    });
    expect(added.text).not.toContain(KEYS.secret_key);
    const rows = JSON.stringify(await desk.parts.database.db.select().from(paperConnections));
    expect(rows).not.toContain(KEYS.secret_key);
    const tested = await trader.rest('GET', `/api/v1/connections/${idOf(added)}/test`);
    expect(tested.json).toMatchObject({ account_id: idOf(added), kind: 'alpaca-paper', status: 'ACTIVE' });
    const order = { symbol: 'AAPL', side: 'buy', qty: '1', type: 'limit', limit_price: '1' };
    const named = await trader.rest('POST', '/api/v1/orders', { ...order, account_id: idOf(added) });
    const unnamed = await trader.rest('POST', '/api/v1/orders', order);
    const [first] = await list(trader);
    expect([named.json['account_id'], unnamed.json['account_id']]).toEqual([idOf(added), first?.id]);
  });

  test('keeps nothing of keys that the broker does not know', async () => {
    const trader = await desk.signUp();
    const reply = await add(trader, { name: 'Wrong', key_id: 'PKNOBODYSKEY', secret_key: 'nobodys-secret' });
    expect(reply.status).toBe(502);
    expect(reply.text).not.toContain('nobodys-secret');
    expect(await list(trader)).toHaveLength(1);
  });

  test('without keys makes another on the exchange in the box, five in all at most, also when asked at once', async () => {
    const trader = await desk.signUp();
    const replies = await Promise.all(
      Array.from({ length: 8 }, (_, at) => add(trader, { name: `Number ${at}` })),
    );
    const statuses = replies.map(({ status }) => status).sort((a, b) => a - b);
    expect(statuses).toEqual([201, 201, 201, 201, 409, 409, 409, 409]);
    expect(await list(trader)).toHaveLength(5);
  });

  test.each([
    [{ name: null }, 'name'],
    [{ name: '' }, 'name'],
    [{ name: 'n'.repeat(61) }, 'name'],
    [{ name: 'Half', key_id: KEYS.key_id }, 'secret_key'],
    [{ ...KEYS, name: 'Short', key_id: 'a' }, 'key_id'],
    [{ name: 'Lines', key_id: 'PKOFATRADER1\r\nX: 1', secret_key: KEYS.secret_key }, 'key_id'],
    [{ name: 'More', kind: 'alpaca-live' }, 'kind'],
  ])('refuses %j and names %s', async (body, field) => {
    const trader = await desk.signUp();
    const reply = await add(trader, body);
    expect(reply).toMatchObject({ status: 422, json: { errors: [{ field }] } });
    expect(await list(trader)).toHaveLength(1);
  });

  test('asks a user with a second factor for a fresh code', async () => {
    const trader = await desk.signUp();
    await enrol(trader);
    expect((await add(trader, { name: 'Fresh' })).status).toBe(201);
    await desk.parts.database.write((db) => db.run("update sessions set second_factor_at = '2020'"));
    expect(await add(trader, { name: 'Stale' })).toMatchObject({
      status: 403,
      json: { code: 'code_required' },
    });
  });
});

describe('the default account', () => {
  test('is the one that a call without an account means, for prices too', async () => {
    const trader = await desk.signUp();
    const [first] = await list(trader);
    const second = idOf(await add(trader, { name: 'Second', ...KEYS }));
    expect((await trader.trpc.quotes.get.query({ symbol: 'AAPL' })).source).toBe('simulated');
    const made = await trader.rest('PATCH', `/api/v1/connections/${second}`, { is_default: true });
    expect(made.json).toMatchObject({ id: second, is_default: true });
    expect((await list(trader)).map(({ isDefault }) => isDefault)).toEqual([false, true]);
    expect((await trader.trpc.account.get.query({})).id).toBe(second);
    expect((await trader.trpc.quotes.get.query({ symbol: 'AAPL' })).source).toBe('iex');
    expect((await trader.trpc.account.get.query({ accountId: first?.id })).id).toBe(first?.id);
  });

  test('is renamed, and neither by nothing nor by a wrong name', async () => {
    const trader = await desk.signUp();
    const id = await firstOf(trader);
    const patch = (body: object) => trader.rest('PATCH', `/api/v1/connections/${id}`, body);
    expect((await patch({ name: 'New name' })).json).toMatchObject({ name: 'New name', is_default: true });
    for (const body of [{}, { name: '  ' }, { is_default: false }, { user_id: 'me' }])
      expect((await patch(body)).status).toBe(422);
    expect((await list(trader))[0]?.name).toBe('New name');
  });
});

describe('removing an account', () => {
  test('is refused while orders are open, in doubt or on their way, and for the last one', async () => {
    const trader = await desk.signUp();
    const id = await firstOf(trader);
    const remove = () => trader.rest('DELETE', `/api/v1/connections/${id}`);
    expect((await remove()).status).toBe(409);
    await add(trader, { name: 'Heir' });
    const order = await trader.trpc.orders.submit.mutate({
      accountId: id,
      symbol: 'AAPL',
      side: 'buy',
      type: 'limit',
      limitPrice: '1',
      qty: '1',
    });
    for (const status of ['new', 'unknown', 'submitting', 'needs_review'] as const) {
      await desk.parts.database.write((db) =>
        db.update(orders).set({ status }).where(eq(orders.id, order.id)),
      );
      expect(await remove()).toMatchObject({ status: 409, json: { code: 'conflict' } });
    }
    expect(await list(trader)).toHaveLength(2);
  });

  test('deletes its keys, turns its hooks off, hands on the default, and keeps its history', async () => {
    const trader = await desk.signUp();
    const id = await firstOf(trader);
    const { webhook } = await trader.trpc.webhooks.create.mutate({ name: 'of it', accountId: id });
    const order = await trader.trpc.orders.submit.mutate({
      symbol: 'AAPL',
      side: 'buy',
      type: 'limit',
      limitPrice: '1',
      qty: '1',
    });
    await trader.trpc.orders.cancel.mutate({ id: order.id });
    await until(
      'it is cancelled',
      async () => (await trader.trpc.orders.get.query({ id: order.id })).status === 'canceled',
    );
    const heir = idOf(await add(trader, { name: 'Heir' }));
    expect((await trader.rest('DELETE', `/api/v1/connections/${id}`)).status).toBe(200);
    expect(await list(trader)).toMatchObject([{ id: heir, isDefault: true }]);
    const { db } = desk.parts.database;
    expect(await db.$count(paperConnections, eq(paperConnections.accountId, id))).toBe(0);
    expect((await db.select().from(webhooks).where(eq(webhooks.id, webhook.id)))[0]?.enabled).toBe(false);
    expect((await trader.trpc.account.get.query({})).id).toBe(heir);
    expect((await trader.rest('GET', `/api/v1/account?account_id=${id}`)).status).toBe(404);
    expect((await trader.rest('DELETE', `/api/v1/connections/${id}`)).status).toBe(404);
    expect((await trader.trpc.orders.get.query({ id: order.id })).status).toBe('canceled');
  });
});

describe('the tables of keys', () => {
  test('refuse each a row for an account of the other kind', async () => {
    const trader = await desk.signUp();
    const id = await firstOf(trader);
    const { database } = desk.parts;
    const live = { accountId: id, sealedCredentials: '{}', accountNumber: '1', armedUntil: null };
    await expect(
      database.write((db) => db.insert(liveConnections).values({ ...live, kind: 'alpaca-live' })),
    ).rejects.toThrow(/Failed query|constraint/i);
    await expect(
      database.write((db) =>
        db.run(`update paper_connections set kind = 'alpaca-live' where account_id = '${id}'`),
      ),
    ).rejects.toThrow(/Failed query|constraint/i);
    await expect(
      database.write((db) =>
        db.update(connections).set({ kind: 'alpaca-live' }).where(eq(connections.id, id)),
      ),
    ).rejects.toThrow(/Failed query|constraint/i);
  });

  test('hold seals that open for their own row alone', async () => {
    const [one, two] = [await desk.signUp(), await desk.signUp()];
    const second = idOf(await add(one, { name: 'Second' }));
    const { database, services } = desk.parts;
    const records = await accountRecords(database.db);
    const of = (trader: Trader) => records.find(({ userId }) => userId === trader.user.id);
    const [mine, theirs] = [of(one), of(two)];
    const other = records.find(({ id }) => id === second);
    if (mine?.kind !== 'simulated' || theirs?.kind !== 'simulated' || other?.kind !== 'simulated')
      throw new Error('no accounts');
    // A copied id keeps the kept session away.
    const swapped = (record: typeof mine, sealedCredentials: string) => ({ ...record, sealedCredentials });
    for (const [record, sealed] of [
      [mine, theirs.sealedCredentials],
      [other, mine.sealedCredentials],
    ] as const) {
      services.sessions.drop(record.id);
      expect(() => services.sessions.of(swapped(record, sealed))).toThrow(/unable to authenticate/i);
      expect(() => services.sessions.of(record)).not.toThrow();
    }
  });
});
