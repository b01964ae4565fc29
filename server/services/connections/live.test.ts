import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { liveConnections, riskChanges, sessions } from '@/db/schema';
import { startDesk, startVenue, type TestDesk } from '@/server/testing/desk';
import { type Authenticator, enrol, type Trader } from '@/server/testing/trader';
import { until } from '@/server/testing/until';
import { accountRecords, isLive, type LiveRecord } from '../accounts/account-record';

/** Nobody is there: what these tests do must not reach Alpaca. */
const NO_PAPER = {
  ALPACA_BASE_URL: 'http://127.0.0.1:9',
  ALPACA_DATA_URL: 'http://127.0.0.1:9',
  ALPACA_STREAM_URL: 'ws://127.0.0.1:9/stream',
  ALPACA_DATA_STREAM_URL: 'ws://127.0.0.1:9/v2/iex',
};

/** Alpaca's live venue, as a second exchange plays it. */
let venue: Awaited<ReturnType<typeof startVenue>>;
let desk: TestDesk;
let officer: Trader;
beforeAll(async () => {
  venue = await startVenue();
  desk = await startDesk({ ...NO_PAPER, ...venue.settings });
  // The first user is the admin, whose rights hold a risk officer's.
  officer = await desk.signUp();
});
afterAll(async () => {
  await desk.dispose();
  await venue.dispose();
});

type Owner = { trader: Trader; app: Authenticator; accountId: string; phrase: string };
let made = 0;

async function keysAtVenue() {
  made += 1;
  const keys = { keyId: `AKLIVE${made}LIVE`, secretKey: `secret-of-live-${made}` };
  await venue.openAccount(keys);
  return { key_id: keys.keyId, secret_key: keys.secretKey };
}

/** A trader with a second factor and a live account, disarmed. */
async function liveOwner(): Promise<Owner> {
  const trader = await desk.signUp();
  const app = await enrol(trader);
  const keys = await keysAtVenue();
  const added = await trader.rest('POST', '/api/v1/connections/live', { name: 'Real money', ...keys });
  expect(added).toMatchObject({ status: 201, json: { kind: 'alpaca-live', is_default: false } });
  const { connections } = await trader.trpc.connections.list.query();
  const found = connections.find(({ kind }) => kind === 'alpaca-live');
  return {
    trader,
    app,
    accountId: found?.id ?? '',
    phrase: `trade live ${found?.live?.accountNumber ?? ''}`,
  };
}

const arm = ({ trader, accountId, phrase }: Owner, confirmation = phrase) =>
  trader.rest('POST', `/api/v1/connections/${accountId}/arm`, { confirmation });
const disarm = ({ accountId }: Owner, by: Trader) =>
  by.rest('POST', `/api/v1/connections/${accountId}/disarm`);
const BUY = { symbol: 'AAPL', side: 'buy', type: 'market', qty: '2' };
const buy = ({ trader, accountId }: Owner, more: object = {}) =>
  trader.rest('POST', '/api/v1/orders', { ...BUY, account_id: accountId, ...more });
const rest = { type: 'limit', limit_price: '1' };

async function recordOf({ accountId }: Owner): Promise<LiveRecord> {
  const record = (await accountRecords(desk.parts.database.db)).find(({ id }) => id === accountId);
  if (record === undefined || !isLive(record)) throw new Error('no live account');
  return record;
}
const atVenue = async (owner: Owner) =>
  desk.parts.services.sessions.of(await recordOf(owner)).execution.listOrders('2020-01-01T00:00:00Z');
const setArmed = (owner: Owner, armedUntil: string | null) =>
  desk.parts.database.write((db) =>
    db.update(liveConnections).set({ armedUntil }).where(eq(liveConnections.accountId, owner.accountId)),
  );
const makeStale = ({ trader }: Owner) =>
  desk.parts.database.write((db) =>
    db
      .update(sessions)
      .set({ secondFactorAt: new Date(Date.now() - 300_001).toISOString() })
      .where(eq(sessions.userId, trader.user.id)),
  );
const auditOf = async ({ accountId }: Owner) =>
  (await desk.parts.database.db.select().from(riskChanges).where(eq(riskChanges.subject, accountId))).map(
    ({ action, actorId }) => [action, actorId],
  );

let owner: Owner;
beforeEach(async () => {
  owner = await liveOwner();
});

describe('a live account', () => {
  test('is added with a fresh second factor alone, and its keys go to the live venue alone', async () => {
    const trader = await desk.signUp();
    const keys = await keysAtVenue();
    const add = (by: Trader, body: object = {}) =>
      by.rest('POST', '/api/v1/connections/live', { name: 'Live', ...keys, ...body });
    expect(await add(trader)).toMatchObject({ status: 403, json: { code: 'forbidden' } });
    await makeStale(owner);
    expect(await add(owner.trader)).toMatchObject({ status: 403, json: { code: 'code_required' } });
    await owner.trader.trpc.security.confirm.mutate({ code: owner.app.code() });
    const wrong = await add(owner.trader, { secret_key: 'not-its-secret' });
    expect(wrong.status).toBe(502);
    expect((await trader.trpc.connections.list.query()).connections).toHaveLength(1);
  });

  test('is not added twice', async () => {
    const keys = await keysAtVenue();
    const add = () => owner.trader.rest('POST', '/api/v1/connections/live', { name: 'Again', ...keys });
    expect([(await add()).status, (await add()).status]).toEqual([201, 409]);
  });

  test('is never the default, and no call without an account means it', async () => {
    const { trader, accountId } = owner;
    const made = await trader.rest('PATCH', `/api/v1/connections/${accountId}`, { is_default: true });
    expect(made.status).toBe(409);
    await arm(owner);
    const unnamed = await trader.rest('POST', '/api/v1/orders', { ...BUY, ...rest });
    expect(unnamed.status).toBe(201);
    expect(unnamed.json['account_id']).not.toBe(accountId);
    // Not even when the database says so.
    await desk.parts.database.write((db) =>
      db.run(`update connections set is_default = (id = '${accountId}') where user_id = '${trader.user.id}'`),
    );
    expect((await trader.rest('POST', '/api/v1/orders', { ...BUY, ...rest })).status).toBe(404);
    expect((await trader.rest('GET', '/api/v1/account')).status).toBe(404);
    expect(await atVenue(owner)).toEqual([]);
  });

  test('has seals that open neither in the other table nor at another account', async () => {
    const other = await liveOwner();
    const { services } = desk.parts;
    const [mine, theirs] = [await recordOf(owner), await recordOf(other)];
    const paper = (await accountRecords(desk.parts.database.db)).find(
      ({ userId, kind }) => userId === owner.trader.user.id && kind === 'simulated',
    );
    if (paper === undefined || paper.kind !== 'simulated') throw new Error('no paper account');
    const { sealer, sessions: open } = services;
    for (const record of [
      { ...mine, sealedCredentials: theirs.sealedCredentials },
      { ...mine, sealedCredentials: paper.sealedCredentials },
      { ...paper, sealedCredentials: mine.sealedCredentials },
      // The live row under the id of the paper one, as a copy between the tables would leave it.
      { ...paper, id: mine.id, sealedCredentials: mine.sealedCredentials },
    ]) {
      open.drop(record.id);
      expect(() => open.of(record)).toThrow(/unable to authenticate/i);
    }
    // A paper envelope that was sealed for the live purpose says itself whose it is.
    const owned = { userId: mine.userId, recordId: mine.id, field: 'live_connections.sealed_credentials' };
    const forged = sealer.seal(JSON.stringify({ scope: 'paper', keyId: 'PK', secretKey: 'x' }), owned);
    expect(() => open.of({ ...mine, sealedCredentials: forged })).toThrow(/live/);
    expect(() => open.of(mine)).not.toThrow();
  });
});

describe('the switch', () => {
  test('lets an order through once armed, which takes the phrase and a fresh code', async () => {
    expect(await buy(owner)).toMatchObject({ status: 422, json: { rule: 'live_switch' } });
    expect(await arm(owner, 'trade live')).toMatchObject({
      status: 422,
      json: { errors: [{ field: 'confirmation' }] },
    });
    await makeStale(owner);
    expect(await arm(owner)).toMatchObject({ status: 403, json: { code: 'code_required' } });
    await owner.trader.trpc.security.confirm.mutate({ code: owner.app.code() });
    const armed = await arm(owner);
    expect(armed.status).toBe(200);
    const hours = (Date.parse(String(armed.json['armed_until'])) - Date.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(11.9);
    expect(hours).toBeLessThanOrEqual(12);
    expect(await buy(owner)).toMatchObject({ status: 201, json: { account_id: owner.accountId } });
    expect(await atVenue(owner)).toHaveLength(1);
    expect(await auditOf(owner)).toEqual([['arm', owner.trader.user.id]]);
  });

  test('is for live accounts only, and for no account of somebody else', async () => {
    const [first] = (await owner.trader.trpc.connections.list.query()).connections;
    expect((await arm({ ...owner, accountId: first?.id ?? '' })).status).toBe(422);
    const other = await liveOwner();
    expect((await arm({ ...other, accountId: owner.accountId, phrase: owner.phrase })).status).toBe(404);
    expect((await disarm(owner, other.trader)).status).toBe(404);
    expect(await auditOf(owner)).toEqual([]);
  });

  test('ends by itself', async () => {
    await arm(owner);
    await setArmed(owner, new Date(Date.now() - 1).toISOString());
    expect(await buy(owner)).toMatchObject({ status: 422, json: { rule: 'live_switch' } });
    const { connections } = await owner.trader.trpc.connections.list.query();
    expect(connections[1]?.live?.armedUntil).toBeNull();
  });

  test.each(['owner', 'officer'] as const)('is turned off at once by the %s', async (who) => {
    await arm(owner);
    await buy(owner, rest);
    const by = who === 'owner' ? owner.trader : officer;
    expect(await disarm(owner, by)).toMatchObject({ status: 200, json: { stopped: 0, working: 1 } });
    expect(await buy(owner)).toMatchObject({ status: 422, json: { rule: 'live_switch' } });
    expect(await auditOf(owner)).toEqual([
      ['arm', owner.trader.user.id],
      ['disarm', by.user.id],
    ]);
    // Again is no error, and no second row.
    expect((await disarm(owner, by)).status).toBe(200);
    expect(await auditOf(owner)).toHaveLength(2);
  });

  test('turned off stops what was let in and has not left yet', async () => {
    await arm(owner);
    const fault = { kind: 'http', phase: 'before', action: 'status', status: 429, retry_after: 3 };
    const match = { method: 'POST', route: '/v2/orders' };
    expect((await venue.control('POST', 'faults', { ...fault, match, count: 1 })).status).toBe(201);
    const waiting = await buy(owner, rest);
    expect(waiting).toMatchObject({ status: 202, json: { status: 'submitting' } });
    expect((await disarm(owner, owner.trader)).json).toMatchObject({ stopped: 1, working: 0 });
    const id = String(waiting.json['id']);
    const { status, reason } = await until('it is over', async () => {
      const order = await owner.trader.trpc.orders.get.query({ id });
      return order.closedAt === null ? null : order;
    });
    expect([status, reason?.code]).toEqual(['canceled', 'never_sent']);
    expect(await atVenue(owner)).toEqual([]);
  });

  test('turned off lets cancels and closing orders pass, and nothing that opens or grows', async () => {
    await arm(owner);
    const { trader, accountId } = owner;
    await buy(owner);
    await until('it has filled', async () =>
      (await trader.trpc.positions.list.query({ accountId })).positions.some(({ qty }) => qty === '2'),
    );
    const resting = await buy(owner, rest);
    await disarm(owner, trader);
    const order = (more: object) =>
      trader.rest('POST', '/api/v1/orders', { ...BUY, account_id: accountId, ...more });
    for (const more of [{}, { side: 'sell', qty: '3' }, { symbol: 'MSFT', side: 'sell', qty: '1' }])
      expect(await order(more)).toMatchObject({ status: 422, json: { rule: 'live_switch' } });
    const id = String(resting.json['id']);
    expect(await trader.rest('PATCH', `/api/v1/orders/${id}`, { qty: '5' })).toMatchObject({
      status: 422,
      json: { rule: 'live_switch' },
    });
    expect((await trader.rest('DELETE', `/api/v1/orders/${id}`)).status).toBe(200);
    // The venue refuses a sale while it still works an order to buy.
    await until(
      'it is cancelled',
      async () => (await trader.trpc.orders.get.query({ id })).status === 'canceled',
    );
    expect((await order({ side: 'sell', qty: '1' })).status).toBe(201);
    await until('half of it is sold', async () =>
      (await trader.trpc.positions.list.query({ accountId })).positions.some(({ qty }) => qty === '1'),
    );
    const closed = await trader.rest('DELETE', `/api/v1/positions/AAPL?account_id=${accountId}`);
    expect([200, 202]).toContain(closed.status);
  });

  test.each(['owner', 'officer'] as const)(
    'is turned off by the kill switch of the %s, and stays off when that is let go',
    async (who) => {
      await arm(owner);
      const { accountId, trader } = owner;
      const [by, pulled, letGo, body] =
        who === 'owner'
          ? [trader, '/api/v1/risk/kill', '/api/v1/risk/release', { account_id: accountId }]
          : [
              officer,
              `/api/v1/risk/users/${trader.user.id}/stop`,
              `/api/v1/risk/users/${trader.user.id}/resume`,
              {},
            ];
      expect((await by.rest('POST', pulled, body)).status).toBe(200);
      expect((await by.rest('POST', letGo, body)).status).toBe(200);
      expect(await buy(owner)).toMatchObject({ status: 422, json: { rule: 'live_switch' } });
      expect(await auditOf(owner)).toContainEqual(['disarm', by.user.id]);
    },
  );

  test('is turned off when the second factor is taken away', async () => {
    await arm(owner);
    const { trader, app } = owner;
    await trader.trpc.security.disable.mutate({ password: trader.password, code: app.code() });
    expect(await buy(owner)).toMatchObject({ status: 422, json: { rule: 'live_switch' } });
  });

  test('is out of a hook’s reach: one for a live account takes a fresh code and is held to the switch', async () => {
    const { trader, accountId } = owner;
    const make = () => trader.trpc.webhooks.create.mutate({ name: 'live alerts', accountId });
    await makeStale(owner);
    await expect(make()).rejects.toMatchObject({ data: { code: 'code_required' } });
    await trader.trpc.security.confirm.mutate({ code: owner.app.code() });
    const { webhook } = await make();
    await makeStale(owner);
    const path = `/api/v1/webhooks/${webhook.id}`;
    expect((await trader.rest('POST', `${path}/rotate`)).status).toBe(403);
    expect((await trader.rest('PATCH', path, { name: 'renamed' })).status).toBe(403);
    expect((await trader.rest('PATCH', path, { enabled: false })).status).toBe(200);
    expect((await trader.rest('PATCH', path, { enabled: true })).status).toBe(403);
  });

  test.each([[undefined], [''], [null], [7], ['x'.repeat(201)]])(
    'refuses %j for the phrase',
    async (confirmation) => {
      const { trader, accountId } = owner;
      const reply = await trader.rest('POST', `/api/v1/connections/${accountId}/arm`, { confirmation });
      expect(reply.status).toBe(422);
      expect(await auditOf(owner)).toEqual([]);
    },
  );
});

test('with live trading off an account that was armed is read and closed, and neither armed nor added to', async () => {
  const kept = await startVenue();
  const first = await startDesk({ ...NO_PAPER, ...kept.settings });
  const outer = { venue, desk };
  venue = kept;
  desk = first;
  const mine = await liveOwner();
  await arm(mine);
  await buy(mine);
  await first.stop();
  const second = await startDesk({ ...NO_PAPER, ...kept.settings, LIVE_TRADING: 'off' }, first.dataDir);
  try {
    const call = (method: string, path: string, body?: object) => {
      const { port } = new URL(second.url);
      return fetch(`http://127.0.0.1:${port}${path}`, {
        method,
        headers: { ...mine.trader.bearer, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    };
    const order = (side: string, qty: string) =>
      call('POST', '/api/v1/orders', { ...BUY, side, qty, account_id: mine.accountId });
    await until('the account is settled', async () => (await order('buy', '1')).status === 422);
    expect(await (await order('buy', '1')).json()).toMatchObject({ rule: 'live_switch' });
    expect(
      (await call('POST', `/api/v1/connections/${mine.accountId}/arm`, { confirmation: mine.phrase })).status,
    ).toBe(403);
    const keys = await keysAtVenue();
    expect((await call('POST', '/api/v1/connections/live', { name: 'More', ...keys })).status).toBe(403);
    expect((await call('GET', `/api/v1/positions?account_id=${mine.accountId}`)).status).toBe(200);
    expect((await order('sell', '2')).status).toBe(201);
  } finally {
    ({ venue, desk } = outer);
    await second.dispose();
    await kept.dispose();
  }
});

test('an armed account is disarmed by new keys to it; keys to another account change nothing', async () => {
  const owner = await liveOwner();
  expect((await arm(owner)).status).toBe(200);
  const armedUntil = async () =>
    (await owner.trader.trpc.connections.list.query()).connections.find(({ id }) => id === owner.accountId)
      ?.live?.armedUntil ?? null;
  const keys = await keysAtVenue();
  const replace = () => owner.trader.rest('PUT', `/api/v1/connections/${owner.accountId}/keys`, keys);
  expect(await replace()).toMatchObject({ status: 409, json: { code: 'conflict' } });
  expect(await armedUntil()).not.toBeNull();
  // The exchange gives an account no second pair of keys: that theirs is the account is written down instead.
  const { accountNumber } = await desk.parts.services.sessions
    .live({ scope: 'live', keyId: keys.key_id, secretKey: keys.secret_key })
    .execution.account();
  await desk.parts.database.write((db) =>
    db.update(liveConnections).set({ accountNumber }).where(eq(liveConnections.accountId, owner.accountId)),
  );
  expect(await replace()).toMatchObject({ status: 200, json: { live: { armed_until: null } } });
  expect(await armedUntil()).toBeNull();
});
