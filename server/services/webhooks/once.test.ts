import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { submitOrderInput } from '@/domain/order/submit-order';
import { readObject } from '@/domain/webhook/json-object';
import { orderOfAlert } from '@/domain/webhook/mapping';
import { startDesk, type TestDesk } from '@/server/testing/desk';
import { type DeskProcess, startDeskProcess } from '@/server/testing/desk-process';
import { makeHook, type Sender, senderOf, signatureOf } from '@/server/testing/hook-sender';
import { addFault, control, setFault } from '@/server/testing/control';
import { signIn, signUp, type Trader } from '@/server/testing/trader';
import { until } from '@/server/testing/until';
import { submitOrder } from '../orders/submit-order';

const BUY = JSON.stringify({ symbol: 'AAPL', side: 'buy', qty: '1' });
const FAR = { symbol: 'AAPL', side: 'buy', qty: '1', limit_price: '1.00' };

const hundred = <Result>(each: (at: number) => Promise<Result>) =>
  Promise.all(Array.from({ length: 100 }, (_none, at) => each(at)));
const ordersOf = async (trader: Trader) =>
  (await trader.trpc.orders.list.query({ status: 'all', limit: 500 })).orders;
const acceptedIn = (journal: string, clientOrderId: string) =>
  journal.split('\n').filter((line) => line.includes('"order_accepted"') && line.includes(clientOrderId));

describe('the same alert', () => {
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

  const journal = async () => (await control(desk, 'GET', 'journal')).text;
  const accepted = async () =>
    (await journal()).split('\n').filter((line) => line.includes('"order_accepted"')).length;

  test.each([
    ['signed, named in a header', (sender: Sender) => sender.signed(BUY, { id: 'the-one' })],
    [
      'with a token, named in the body',
      (sender: Sender) => sender.withToken({ ...JSON.parse(BUY), alert_id: 'the-one' }),
    ],
  ])('sent 100 times at once, %s, makes one order at the exchange', async (_way, sendOnce) => {
    const before = await accepted();
    const replies = await hundred(() => sendOnce(hook));
    expect(replies.filter(({ status }) => ![200, 201, 202].includes(status))).toEqual([]);
    expect(new Set(replies.map(({ json }) => json['id'])).size).toBe(1);
    const [order, ...more] = await ordersOf(trader);
    expect(more).toEqual([]);
    await until('it filled', async () => (await ordersOf(trader))[0]?.status === 'filled');
    expect(acceptedIn(await journal(), order?.clientOrderId ?? 'none')).toHaveLength(1);
    expect(await accepted()).toBe(before + 1);
    const { deliveries } = await until('all are logged', async () => {
      const log = await trader.trpc.webhooks.deliveries.query({ id: hook.webhook.id, limit: 200 });
      return log.deliveries.length === 100 ? log : null;
    });
    expect(deliveries.filter(({ verdict }) => verdict === 'order_made')).toHaveLength(1);
    expect(deliveries.filter(({ verdict }) => verdict === 'repeated')).toHaveLength(99);
  });

  test('makes a hundred where nothing asks for its identity: what the test above would catch', async () => {
    const [account] = await desk.parts.database.db.query.connections.findMany({
      where: (row, { eq }) => eq(row.userId, trader.user.id),
    });
    const { id: hookId } = hook.webhook;
    const actor = {
      kind: 'webhook',
      userId: trader.user.id,
      hookId,
      hookName: 'Hook',
      accountId: account?.id ?? '',
    } as const;
    const before = await accepted();
    await hundred(async (at) => {
      const { order } = orderOfAlert(readObject(BUY) ?? {}, null);
      // A key of each delivery instead of each alert, as a naive intake has.
      const naive = submitOrderInput.parse({ ...order, idempotencyKey: `delivery-${at}` });
      return submitOrder({ ...desk.parts.services, actor }, naive);
    });
    expect(await ordersOf(trader)).toHaveLength(100);
    await until('all are there', async () => (await accepted()) === before + 100);
  });

  test('is answered 201 first, 200 with the same order after that, also once the hook allows it no more', async () => {
    const first = await hook.signed(BUY);
    expect(first.status).toBe(201);
    expect(first.json).toMatchObject({ symbol: 'AAPL', side: 'buy', qty: '1' });
    await trader.trpc.webhooks.update.mutate({
      id: hook.webhook.id,
      limits: { symbols: ['SPY'], side: 'sell', maxQty: null, maxNotional: null },
      mapping: '{"symbol":"SPY","side":"sell","qty":"9"}',
    });
    const again = await hook.signed(BUY);
    expect([again.status, again.json['id']]).toEqual([200, first.json['id']]);
  });

  test('with another body is refused and logged; so is it when the first made no order', async () => {
    await hook.signed(BUY, { id: 'a' });
    const other = await hook.signed(BUY.replace('"1"', '"2"'), { id: 'a' });
    expect([other.status, other.json['code']]).toEqual([422, 'idempotency_mismatch']);
    expect((await hook.signed('{"symbol":"AAPL"}', { id: 'b' })).json['code']).toBe('invalid_input');
    expect((await hook.signed(BUY, { id: 'b' })).json['code']).toBe('idempotency_mismatch');
    expect(await ordersOf(trader)).toHaveLength(1);
    const { deliveries } = await until('all are logged', async () => {
      const log = await trader.trpc.webhooks.deliveries.query({ id: hook.webhook.id });
      return log.deliveries.length === 4 ? log : null;
    });
    expect(deliveries.map(({ reason, alertId }) => [alertId, reason])).toEqual([
      ['b', 'idempotency_mismatch'],
      ['b', 'invalid_input'],
      ['a', 'idempotency_mismatch'],
      ['a', null],
    ]);
  });

  test('cannot be given another name: a captured signature does not cover the header', async () => {
    const timestamp = Math.round(Date.now() / 1000);
    const replay = (id: string) =>
      hook.raw(BUY, {
        'x-outcry-timestamp': String(timestamp),
        'x-outcry-signature': signatureOf(hook.secret, timestamp, BUY),
        'x-outcry-id': id,
      });
    expect((await replay('mine')).status).toBe(201);
    expect((await replay('mine')).status).toBe(200);
    const renamed = await replay('yours');
    expect([renamed.status, renamed.json['code']]).toEqual([422, 'idempotency_mismatch']);
    expect(await ordersOf(trader)).toHaveLength(1);
  });

  test('of another hook is another alert', async () => {
    const second = await makeHook(desk, trader);
    expect([(await hook.signed(BUY)).status, (await second.signed(BUY)).status]).toEqual([201, 201]);
    expect(await ordersOf(trader)).toHaveLength(2);
  });

  test('is in flight while the venue has not spoken: 202, the first time and again', async () => {
    await setFault(desk, { kind: 'stream', action: 'silence' });
    const match = { method: 'POST', route: '/v2/orders' };
    await addFault(desk, { kind: 'http', phase: 'before', action: 'hang', match, count: 1 });
    const first = await hook.signed(JSON.stringify(FAR));
    const again = await hook.signed(JSON.stringify(FAR));
    await setFault(desk, null);
    expect([first.status, again.status]).toEqual([202, 202]);
    expect(again.json['id']).toBe(first.json['id']);
  });
});

describe('after a restart', () => {
  let desk: DeskProcess;
  beforeAll(async () => {
    desk = await startDeskProcess();
  });
  afterAll(() => desk.dispose());

  test('that cut a hundred repeats off, the same alert still makes one order', async () => {
    const trader = await signUp(desk.url);
    const hook = await makeHook(desk, trader);
    const body = JSON.stringify({ ...FAR, alert_id: 'before-the-kill' });
    const cut = hundred(() => hook.signed(body, { id: null }).catch(() => null));
    await until('one is in', async () => (await ordersOf(trader)).length === 1);
    await desk.end('SIGKILL');
    await cut;
    await desk.start();
    const back = await signIn(desk.url, trader.user.username, trader.password);
    const again = senderOf(desk.url, hook.webhook, hook.secret);
    const replies = await hundred(() => again.signed(body, { id: null }));
    expect(new Set(replies.map(({ status }) => status >= 300))).toEqual(new Set([false]));
    await until('it works', async () => (await ordersOf(back))[0]?.status === 'new', 30_000);
    const [order, ...more] = await ordersOf(back);
    expect(more).toEqual([]);
    expect(acceptedIn(await desk.exchangeJournal(), order?.clientOrderId ?? 'none')).toHaveLength(1);
  }, 90_000);
});
