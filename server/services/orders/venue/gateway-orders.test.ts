import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startDesk, type TestDesk } from '@/server/testing/desk';
import { startGateway, type TestGateway } from '@/server/testing/venues/gateway';
import type { Trader } from '@/server/testing/trader';
import { until } from '@/server/testing/until';

let gateway: TestGateway;
let desk: TestDesk;
let admin: Trader;
let accountId: string;
beforeAll(async () => {
  gateway = await startGateway();
  const { number } = await gateway.openAccount();
  desk = await startDesk(gateway.settings);
  admin = await desk.signUp();
  const account = await admin.trpc.connections.addIbkr.mutate({ name: 'At IB', accountNumber: number });
  accountId = account.id;
});
afterEach(() => gateway.clear());
afterAll(async () => {
  await desk.dispose();
  await gateway.dispose();
});

let made = 0;
function order(more: object = {}) {
  made += 1;
  const clientOrderId = `at-ib-${made}`;
  return {
    accountId,
    clientOrderId,
    idempotencyKey: `key-${clientOrderId}`,
    symbol: 'AAPL',
    side: 'buy',
    type: 'limit',
    limitPrice: '10',
    qty: '20',
    ...more,
  } as const;
}
const get = (id: string) => admin.trpc.orders.get.query({ id });
const becomes = (id: string, status: string, withinMs = 10_000) =>
  until(`it is ${status}`, async () => ((await get(id)).status === status ? get(id) : null), withinMs);
const strike = (action: string, clientOrderId: string) =>
  gateway.strike({ action, count: 1, match: { client_order_id_prefix: clientOrderId } });

describe('an order in doubt at a venue that takes an id any number of times', () => {
  test.each(['swallow', 'drop_after'])(
    'that was taken (%s) is found and adopted, and taken once',
    async (action) => {
      const wanted = order();
      await strike(action, wanted.clientOrderId);
      const { id } = await admin.trpc.orders.submit.mutate(wanted);
      await becomes(id, 'new');
      expect(await gateway.timesTaken(wanted.clientOrderId)).toBe(1);
    },
  );

  test('that never arrived is not sent again: a person has to look, and may close it', async () => {
    const wanted = order({ type: 'market', limitPrice: undefined, qty: '1' });
    await strike('drop_before', wanted.clientOrderId);
    const { id } = await admin.trpc.orders.submit.mutate(wanted);
    const held = await becomes(id, 'needs_review', 40_000);
    expect(held.reason).toMatchObject({ code: 'not_found_at_venue' });
    expect(await gateway.timesTaken(wanted.clientOrderId)).toBe(0);
    const { events } = await admin.trpc.orders.events.query({ id });
    expect(events.map(({ status }) => status)).not.toContain('rejected');
    await admin.trpc.orders.dismiss.mutate({ id });
  }, 60_000);
});

describe('an order while the gateway is away', () => {
  test('waits with nothing sent, and leaves once when it is back', async () => {
    // What the symbol is, the gateway has said before; without that the order would not be taken in.
    await admin.trpc.orders.submit.mutate(order());
    await gateway.strike({ action: 'nightly_reset', refuse_for_ms: 3_000 });
    await until('it is down', async () => (await gateway.clients()) === 0);
    const wanted = order();
    const { id, status } = await admin.trpc.orders.submit.mutate(wanted);
    expect(status).toBe('submitting');
    expect(await gateway.timesTaken(wanted.clientOrderId)).toBe(0);
    await becomes(id, 'new', 20_000);
    expect(await gateway.timesTaken(wanted.clientOrderId)).toBe(1);
  }, 40_000);

  test('that is changed is told that it is not, and keeps its terms', async () => {
    const { id } = await admin.trpc.orders.submit.mutate(order());
    await becomes(id, 'new');
    await gateway.strike({ action: 'connectivity_lost' });
    await until('IB is lost', async () => !(await answers()));
    await expect(admin.trpc.orders.replace.mutate({ id, limitPrice: '11' })).rejects.toThrow('not connected');
    await gateway.clear();
    await until('it is back', answers, 20_000);
    expect((await get(id)).limitPrice).toBe('10');
  }, 40_000);
});

const answers = () =>
  admin.trpc.connections.test.query({ accountId }).then(
    () => true,
    () => false,
  );

test('a change keeps the order, and says so in its story', async () => {
  const { id } = await admin.trpc.orders.submit.mutate(order());
  const before = await becomes(id, 'new');
  const after = await admin.trpc.orders.replace.mutate({ id, qty: '25', limitPrice: '11.5' });
  expect(after).toMatchObject({
    id,
    venueOrderId: before.venueOrderId,
    qty: '25',
    limitPrice: '11.5',
    status: 'new',
  });
  const { events } = await admin.trpc.orders.events.query({ id });
  expect(events.map(({ message }) => message)).toContain(
    'its owner asks to change it: quantity 25, limit 11.5',
  );
  await expect(admin.trpc.orders.replace.mutate({ id, timeInForce: 'gtc' })).rejects.toThrow('timeInForce');
  await admin.trpc.orders.cancel.mutate({ id });
  await becomes(id, 'canceled');
});

test('an order of the account that was entered elsewhere comes in as external, and its fills with it', async () => {
  const { keyId, number } = await gateway.openAccount();
  const account = await until('it is shown', () =>
    admin.trpc.connections.addIbkr.mutate({ name: 'Another', accountNumber: number }).catch(() => null),
  );
  await until('its books are open', async () => {
    await admin.trpc.reconciliation.compare.mutate({ accountId: account.id });
    const { openedAt } = await admin.trpc.reconciliation.get.query({ accountId: account.id });
    return openedAt !== null;
  });
  const elsewhere = { symbol: 'MSFT', side: 'buy', type: 'market', qty: '2', time_in_force: 'day' };
  await gateway.control('POST', 'orders', { key_id: keyId, order: elsewhere });
  const { orders } = await until('it is told', async () => {
    await admin.trpc.reconciliation.compare.mutate({ accountId: account.id });
    const list = await admin.trpc.orders.list.query({ accountId: account.id, status: 'all' });
    return list.orders.some(({ status }) => status === 'filled') ? list : null;
  });
  expect(orders).toMatchObject([{ symbol: 'MSFT', qty: '2', filledQty: '2' }]);
  const { drifts } = await admin.trpc.reconciliation.compare.mutate({ accountId: account.id });
  expect(drifts).toEqual([]);
});
