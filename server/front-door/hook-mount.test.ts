import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startDesk, type TestDesk } from '@/server/testing/desk';
import { startDeskProcess } from '@/server/testing/desk-process';
import { makeHook, type Sender, signatureOf } from '@/server/testing/hook-sender';
import { type Reply, send } from '@/server/testing/http-caller';
import { signUp, type Trader } from '@/server/testing/trader';
import { until } from '@/server/testing/until';

const BUY = JSON.stringify({ symbol: 'AAPL', side: 'buy', qty: '1', limit_price: '1.00' });
const named = (body: object) => JSON.stringify({ ...JSON.parse(BUY), alert_id: 'a', ...body });

let desk: TestDesk;
let trader: Trader;
let hook: Sender;
beforeAll(async () => {
  desk = await startDesk();
});
afterAll(() => desk.dispose());
beforeEach(async () => {
  trader = await desk.signUp();
  hook = await makeHook(desk, trader);
});

const orders = async () => (await trader.trpc.orders.list.query({ status: 'all' })).orders;
/** The newest entry of the hook's log, which is written after the answer. */
const logged = (count = 1, id = hook.webhook.id) =>
  until('it is logged', async () => {
    const { deliveries } = await trader.trpc.webhooks.deliveries.query({ id });
    return deliveries.length === count ? (deliveries[0] ?? null) : null;
  });

/** An answer without what differs between any two requests. */
function visible({ status, text, headers }: Reply) {
  const { date: _date, 'x-request-id': id, 'x-ratelimit-reset': _reset, ...rest } = headers;
  const { 'x-ratelimit-remaining': _left, ...same } = rest;
  return { status, text: text.replace(String(id), '…'), headers: same };
}

const unknownHook = `/hooks/whk_${'0'.repeat(26)}`;
const now = () => String(Math.round(Date.now() / 1000));

describe('a delivery that proves nothing', () => {
  const refusals: [string, (sender: Sender) => Promise<Reply>, string][] = [
    ['wrong secret', (sender) => sender.signed(BUY, { secret: 'whsec_guess' }), 'wrong_signature'],
    [
      'tampered body',
      (sender) =>
        sender.raw(BUY.replace('"1"', '"9"'), {
          'x-outcry-timestamp': now(),
          'x-outcry-signature': signatureOf(sender.secret, now(), BUY),
          'x-outcry-id': 'a',
        }),
      'wrong_signature',
    ],
    [
      'tampered timestamp',
      (sender) =>
        sender.raw(BUY, {
          'x-outcry-timestamp': String(Number(now()) - 1),
          'x-outcry-signature': signatureOf(sender.secret, now(), BUY),
          'x-outcry-id': 'a',
        }),
      'wrong_signature',
    ],
    ['no credential', (sender) => sender.raw(BUY, { 'x-outcry-id': 'a' }), 'missing_credential'],
    [
      'no timestamp',
      (sender) => sender.raw(BUY, { 'x-outcry-signature': signatureOf(sender.secret, now(), BUY) }),
      'missing_timestamp',
    ],
    ['no signature', (sender) => sender.raw(BUY, { 'x-outcry-timestamp': now() }), 'missing_credential'],
    [
      'no version',
      (sender) => {
        const signature = signatureOf(sender.secret, now(), BUY).slice('v1='.length);
        return sender.raw(BUY, { 'x-outcry-timestamp': now(), 'x-outcry-signature': signature });
      },
      'malformed_signature',
    ],
    ['wrong token', (sender) => sender.withToken(JSON.parse(named({})), 'whsec_guess'), 'wrong_token'],
    ['a token that is no text', (sender) => sender.raw(named({ token: 1 })), 'missing_credential'],
    [
      'a right token beside a wrong signature',
      (sender) => sender.signed(named({ token: sender.secret }), { id: null, secret: 'guess' }),
      'wrong_signature',
    ],
  ];
  test.each(refusals)(
    '(%s) is told apart in the log and looks like an unknown hook outside',
    async (_what, sendIt, reason) => {
      const reply = await sendIt(hook);
      expect(reply.status).toBe(401);
      expect(visible(reply)).toEqual(visible(await send(desk.url, 'POST', unknownHook, { body: named({}) })));
      expect(await logged()).toMatchObject({ verdict: 'refused', status: 401, reason, orderId: null });
      expect(await orders()).toEqual([]);
    },
  );

  test('because its hook is disabled, deleted, or has another secret now, looks the same too', async () => {
    const unknown = visible(await send(desk.url, 'POST', unknownHook, { body: named({}) }));
    const { id } = hook.webhook;
    await trader.trpc.webhooks.update.mutate({ id, enabled: false });
    expect(visible(await hook.signed(BUY))).toEqual(unknown);
    expect((await logged(1)).reason).toBe('disabled');
    await trader.trpc.webhooks.update.mutate({ id, enabled: true });
    const { secret } = await trader.trpc.webhooks.rotate.mutate({ id });
    expect(visible(await hook.signed(BUY))).toEqual(unknown);
    expect((await logged(2)).reason).toBe('wrong_signature');
    expect((await hook.signed(BUY, { secret })).status).toBe(201);
    expect((await logged(3)).verdict).toBe('order_made');
    await trader.trpc.webhooks.delete.mutate({ id });
    expect(visible(await hook.signed(BUY, { secret }))).toEqual(unknown);
    expect((await logged(4)).reason).toBe('deleted');
    expect((await trader.trpc.webhooks.list.query({})).webhooks).toEqual([]);
    expect((await trader.trpc.webhooks.list.query({ deleted: true })).webhooks).toHaveLength(1);
  });

  test("by another hook's secret or signature opens nothing", async () => {
    const other = await makeHook(desk, await desk.signUp());
    expect((await hook.signed(BUY, { secret: other.secret })).status).toBe(401);
    expect((await hook.withToken(JSON.parse(named({})), other.secret)).status).toBe(401);
    expect(await orders()).toEqual([]);
  });
});

describe('the window of a signature', () => {
  test.each([-290, 290])('is five minutes: %i s off the clock is taken', async (secondsOff) => {
    expect((await hook.signed(BUY, { secondsOff })).status).toBe(201);
  });

  test.each([-310, 310])(
    'is five minutes: %i s off the clock is refused, and says so',
    async (secondsOff) => {
      const reply = await hook.signed(BUY, { secondsOff });
      expect(reply.status).toBe(401);
      expect(reply.text).toMatch(/timestamp is 3(?:09|10|11) s away/);
      expect((await logged()).reason).toBe('stale_timestamp');
    },
  );

  test('refuses a replay of an alert that made an order, once the window is over', async () => {
    expect((await hook.signed(BUY)).status).toBe(201);
    expect((await hook.signed(BUY, { secondsOff: -600 })).status).toBe(401);
    expect(await orders()).toHaveLength(1);
  });
});

describe('what is refused before or beside the proof', () => {
  const long = 'x'.repeat(64 * 1024);
  const refusals: [string, (sender: Sender) => Promise<Reply>, number, string, RegExp][] = [
    [
      'no alert id, signed',
      (sender) => sender.signed(BUY, { id: null }),
      422,
      'missing_alert_id',
      /X-Outcry-Id/,
    ],
    [
      'no alert id, token',
      (sender) => sender.withToken(JSON.parse(BUY)),
      422,
      'missing_alert_id',
      /alert_id/,
    ],
    [
      'an empty alert id',
      (sender) => sender.signed(named({ alert_id: '' }), { id: null }),
      422,
      'missing_alert_id',
      /alert_id/,
    ],
    ['two alert ids', (sender) => sender.signed(named({}), { id: 'b' }), 422, 'two_alert_ids', /differ/],
    ['a body of more than 64 kB', (sender) => sender.signed(named({ long })), 413, 'too_large', /64 kB/],
    ['a body that is not JSON', (sender) => sender.signed('BUY AAPL'), 400, 'malformed', /JSON object/],
    ['a list', (sender) => sender.signed('[]'), 400, 'malformed', /JSON object/],
    [
      'a body too deep',
      (sender) => sender.signed(`{"a":${'['.repeat(30_000)}${']'.repeat(30_000)}}`),
      400,
      'malformed',
      /32 levels/,
    ],
    [
      'bytes that are no UTF-8',
      (sender) => sender.signed(Buffer.from([0x7b, 0xff, 0x7d])),
      400,
      'malformed',
      /UTF-8/,
    ],
    ['not JSON, unsigned', (sender) => sender.raw('token=whsec_x'), 400, 'malformed', /JSON object/],
    [
      'an unknown field',
      (sender) => sender.signed(named({ quantity: 1 }), { id: null }),
      422,
      'invalid_input',
      /quantity: is not a field/,
    ],
    [
      'another account',
      (sender) => sender.signed(named({ account_id: 'x' }), { id: null }),
      422,
      'invalid_input',
      /account_id: is not a field/,
    ],
    [
      'a key of its own',
      (sender) => sender.signed(named({ idempotency_key: '12345678' }), { id: null }),
      422,
      'invalid_input',
      /idempotency_key: is not/,
    ],
    [
      'camel case',
      (sender) => sender.signed(named({ limitPrice: '1' }), { id: null }),
      422,
      'invalid_input',
      /limitPrice: is not a field/,
    ],
    ['no side', (sender) => sender.signed('{"symbol":"AAPL","qty":"1"}'), 422, 'invalid_input', /side/],
    [
      'a wrong price',
      (sender) => sender.signed(named({ limit_price: '1.001' }), { id: null }),
      422,
      'invalid_input',
      /limit_price: 1.001 is finer/,
    ],
    [
      'a symbol nobody lists',
      (sender) => sender.signed(named({ symbol: 'ZZZZZ' }), { id: null }),
      422,
      'invalid_input',
      /ZZZZZ is not listed/,
    ],
  ];
  test.each(refusals)('%s', async (_what, sendIt, status, reason, says) => {
    const reply = await sendIt(hook);
    expect(reply.status).toBe(status);
    expect(reply.json).toMatchObject({ detail: expect.stringMatching(says), request_id: expect.any(String) });
    expect(await logged()).toMatchObject({ verdict: 'refused', status, reason });
    expect(await orders()).toEqual([]);
  });

  test.each(['__proto__', 'constructor', 'prototype'])('a field called %s changes nothing', async (name) => {
    const body = `{"symbol":"AAPL","side":"buy","qty":"1","${name}":{"polluted":"yes","notional":"1"}}`;
    expect((await hook.signed(body)).json).toMatchObject({ detail: `${name}: is not a field of an order` });
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  test('the secret in the address, in whatever spelling', async () => {
    for (const query of [`token=${hook.secret}`, `SECRET=${hook.secret}`, hook.secret, 'x=1'])
      expect((await send(desk.url, 'POST', `/hooks/${hook.webhook.id}?${query}`, { body: BUY })).status).toBe(
        400,
      );
  });

  test('other methods, and pages of other origins', async () => {
    for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS']) {
      const reply = await send(desk.url, method, `/hooks/${hook.webhook.id}`, {
        headers: { origin: 'https://evil.test' },
      });
      expect([reply.status, reply.headers['allow']]).toEqual([405, 'POST']);
      expect(Object.keys(reply.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });

  test("a session's cookie or token opens no hook", async () => {
    const body = named({});
    const cookie = `next-auth.session-token=${trader.accessToken}`;
    expect((await hook.raw(body, { ...trader.bearer, cookie })).status).toBe(401);
  });
});

describe('limits', () => {
  test('of the hook hold on top of the account’s', async () => {
    const { id } = hook.webhook;
    const limits = { symbols: ['AAPL'], side: 'buy' as const, maxQty: '5', maxNotional: '100' };
    await trader.trpc.webhooks.update.mutate({ id, limits });
    const order = (body: object) =>
      hook.signed(named({ alert_id: JSON.stringify(body), ...body }), { id: null });
    const rule = async (body: object) => (await order(body)).json['rule'];
    expect(await rule({ symbol: 'SPY' })).toBe('hook_symbols');
    expect(await rule({ side: 'sell' })).toBe('hook_side');
    expect(await rule({ qty: '6' })).toBe('hook_max_qty');
    expect(await rule({ limit_price: '20.01', qty: '5' })).toBe('hook_max_notional');
    expect(await orders()).toEqual([]);
    expect((await order({ limit_price: '20', qty: '5' })).status).toBe(201);
  });

  test("of the account, and its kill switch, hold for hooks; what they deny is in the books and the hook's log", async () => {
    await trader.trpc.risk.kill.mutate();
    const reply = await hook.signed(BUY);
    expect([reply.status, reply.json['rule']]).toEqual([422, 'blocked']);
    const [denied] = await orders();
    expect(denied?.status).toBe('denied');
    expect(await logged()).toMatchObject({ reason: 'blocked', orderId: denied?.id });
    await trader.trpc.risk.release.mutate();
    const again = await hook.signed(BUY);
    expect([again.status, again.json['rule']]).toEqual([422, 'blocked']);
    expect((await hook.signed(named({ alert_id: 'next' }), { id: null })).status).toBe(201);
  });

  test('of calls are spent by hook and by address before anything is read', async () => {
    const tight = await startDesk({ RATE_LIMIT_HOOKS: '3' });
    try {
      const person = await tight.signUp();
      const [one, two] = [await makeHook(tight, person), await makeHook(tight, person)];
      const statuses: number[] = [];
      for (const sender of [one, one, two, two]) statuses.push((await sender.raw('')).status);
      expect(statuses).toEqual([400, 400, 400, 429]);
      const log = await person.trpc.webhooks.deliveries.query({ id: two.webhook.id });
      expect(log.deliveries.length).toBeLessThanOrEqual(1);
    } finally {
      await tight.dispose();
    }
  });
});

describe('a mapping', () => {
  const mapping = JSON.stringify({
    symbol: '{{ticker}}',
    side: '{{strategy.order.action}}',
    qty: '{{strategy.order.contracts}}',
    type: 'limit',
    limit_price: '1.00',
  });
  const alert = { alert_id: 'm', ticker: 'aapl', strategy: { order: { action: 'buy', contracts: 2 } } };

  test('turns an alert of any form into an order, and preview says so without sending', async () => {
    const { id } = hook.webhook;
    await trader.trpc.webhooks.update.mutate({ id, mapping });
    const body = JSON.stringify({ ...alert, token: hook.secret });
    const preview = await trader.trpc.webhooks.preview.mutate({ id, body });
    expect(preview).toMatchObject({
      order: { symbol: 'AAPL', side: 'buy', qty: '2', limitPrice: '1' },
      alertId: 'm',
      errors: [],
      denials: [],
      allowed: true,
    });
    expect(await orders()).toEqual([]);
    expect((await hook.withToken(alert)).json).toMatchObject({ symbol: 'AAPL', qty: '2' });
    const [order, ...more] = await orders();
    expect(more).toEqual([]);
    const { events } = await trader.trpc.orders.events.query({ id: order?.id ?? '' });
    expect(events[0]?.message).toBe(`By the webhook “${hook.webhook.name}”.`);
  });

  test('that is wrong is not saved, and preview names what is wrong with an alert, its limits and its risk', async () => {
    const { id } = hook.webhook;
    const bad = '{"symbol":"{{a}} {{b}}","side":"hold","quantity":1}';
    await expect(trader.trpc.webhooks.update.mutate({ id, mapping: bad })).rejects.toThrow(
      /quantity: is not a field of an order/,
    );
    const preview = (body: object) =>
      trader.trpc.webhooks.preview.mutate({ id, body: JSON.stringify(body), mapping });
    expect((await preview({ ticker: 'AAPL' })).errors.map(({ field }) => field)).toEqual(['side', 'qty']);
    expect((await preview({ ...alert, ticker: 'ZZZZZ' })).errors[0]?.message).toMatch(/not listed/);
    await trader.trpc.webhooks.update.mutate({
      id,
      limits: { symbols: null, side: 'sell', maxQty: null, maxNotional: null },
    });
    await trader.trpc.risk.kill.mutate();
    expect((await preview(alert)).denials.map(({ rule }) => rule)).toEqual(['hook_side', 'blocked']);
  });
});

describe('a hook', () => {
  test('keeps the newest thousand deliveries, a page at a time', async () => {
    for (let at = 0; at < 1_003; at += 1) await hook.raw('', { 'x-outcry-timestamp': String(at) });
    const seen: number[] = [];
    let cursor: number | undefined;
    do {
      const page = await trader.trpc.webhooks.deliveries.query({ id: hook.webhook.id, limit: 200, cursor });
      seen.push(...page.deliveries.map(({ seq }) => seq));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toHaveLength(1_000);
    expect(seen).toEqual([...seen].sort((a, b) => b - a));
  }, 60_000);

  test('is made for one of one’s own accounts, fifty at most', async () => {
    for (let made = 1; made < 50; made += 1) await makeHook(desk, trader);
    await expect(makeHook(desk, trader)).rejects.toThrow(/50 hooks/);
  });

  test('is managed over REST as well', async () => {
    const made = await trader.rest('POST', '/api/v1/webhooks', { name: 'by REST' });
    expect(made.status).toBe(201);
    expect(made.json['secret']).toMatch(/^whsec_[\w-]{43}$/);
    const listed = await trader.rest('GET', '/api/v1/webhooks?deleted=true');
    expect(listed.text).not.toContain('whsec_');
    expect(listed.text).toContain('by REST');
  });

  test("trades for its owner's role only: without the permission to trade it is closed", async () => {
    await desk.parts.database.write((db) =>
      db.run(`update users set role = 'viewer' where id = '${trader.user.id}'`),
    );
    expect((await hook.signed(BUY)).status).toBe(401);
    await desk.parts.database.write((db) =>
      db.run(`update users set role = 'trader' where id = '${trader.user.id}'`),
    );
    expect((await logged()).reason).toBe('owner_may_not_trade');
  });
});

test('no secret of a hook is in an answer, a log, or the database, whatever is sent with it', async () => {
  const process = await startDeskProcess({ LOG_LEVEL: 'trace' });
  try {
    const person = await signUp(process.url);
    const sender = await makeHook(process, person);
    const { id } = sender.webhook;
    const { secret: second } = await person.trpc.webhooks.rotate.mutate({ id });
    const secrets = [sender.secret, second];
    const escaped = second.replace('w', String.raw`\u0077`);
    const replies = [
      await sender.withToken({ symbol: 'AAPL', side: 'buy', qty: '1', alert_id: 'x' }, second),
      await sender.withToken({ symbol: second, side: second, qty: second, alert_id: second }, second),
      await sender.withToken(
        { [second]: second, note: { token: second, list: [second] }, alert_id: 'y' },
        second,
      ),
      await sender.withToken({ symbol: 'AAPL', side: 'buy', qty: '1', alert_id: 'z' }, sender.secret),
      await sender.signed(`{"token":"${second}", broken`, { secret: second }),
      await sender.signed(`{"token":"${escaped}","alert_id":"w"}`, { secret: second }),
      await sender.signed(`{"token":"${escaped}", broken`, { secret: second }),
      await sender.raw(`token=${second}`),
      await sender.raw('{}', { 'x-outcry-id': second, 'x-outcry-signature': second }),
      await send(process.url, 'POST', `/hooks/${second}`, { body: '{}' }),
      await send(process.url, 'POST', `/hooks/${id}?token=${second}`, { body: '{}' }),
    ];
    const log = await until('all are logged', async () => {
      const page = await person.trpc.webhooks.deliveries.query({ id });
      return page.deliveries.length === replies.length - 1 ? JSON.stringify(page) : null;
    });
    const list = JSON.stringify(await person.trpc.webhooks.list.query({ deleted: true }));
    await process.end('SIGTERM');
    const kept = await readFile(join(process.dataDir, 'outcry.db'), 'latin1');
    const places = { log, list, kept, output: process.output(), answers: JSON.stringify(replies) };
    for (const secret of secrets)
      for (const [place, text] of Object.entries(places))
        for (const form of [secret, Buffer.from(secret).toString('base64').slice(0, 40), secret.slice(8)])
          expect({ place, leaked: text.includes(form) }).toEqual({ place, leaked: false });
    expect(places.kept).toContain('[blanked]');
  } finally {
    await process.dispose();
  }
}, 60_000);
