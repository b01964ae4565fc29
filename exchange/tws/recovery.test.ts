import { mkdtemp, rm } from 'node:fs/promises';
import { OrderAction, OrderType, TimeInForce } from '@stoqey/ib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { KEYS, startWorld, TwsProgram } from './testing/tws-world';

let world: Awaited<ReturnType<typeof startWorld>>;
let program: TwsProgram;
const market = { action: OrderAction.BUY, totalQuantity: 2, orderType: OrderType.MKT };
const resting = { ...market, orderType: OrderType.LMT, lmtPrice: 5, tif: TimeInForce.GTC };
const made = z.object({ id: z.string() });
const listed = z.array(z.object({ id: z.string(), fired: z.number() }));

beforeEach(async () => {
  world = await startWorld();
  program = await TwsProgram.open(world.port);
});
afterEach(async () => {
  await program.close();
  await world.exchange.close();
});

const fault = async (wish: Record<string, unknown>): Promise<string> =>
  made.parse((await world.control('faults', { kind: 'tws', ...wish })).body).id;
const clear = (id: string): Promise<unknown> => world.control(`faults/${id}`, undefined, 'DELETE');
const firedOf = async (id: string): Promise<number | undefined> =>
  listed.parse((await world.control('faults', undefined, 'GET')).body).find((one) => one.id === id)?.fired;
/** The rest of an open order trades at the market. */
const fillAll = async (): Promise<void> => {
  const headers = { 'APCA-API-KEY-ID': KEYS.keyId, 'APCA-API-SECRET-KEY': KEYS.secret };
  const open = z
    .array(made)
    .parse(await (await fetch(`${world.exchange.url}/v2/orders?direction=asc`, { headers })).json());
  for (const { id } of open) await world.control('fills', { order_id: id });
};

describe('connectivity that is lost', () => {
  test('hides twenty fills; after 1102 they are found by asking, each once, under the numbers of before', async () => {
    const ids = Array.from({ length: 20 }, (_, i) => program.place({ ...resting, orderRef: `ref-${i}` }));
    for (const id of ids) await program.status(id, 'Submitted');
    const permIds = new Map(
      ids.map((id) => [id, program.orders.find((one) => one.orderId === id)?.order.permId]),
    );
    const lost = await fault({ action: 'connectivity_lost' });
    await program.error(1100);
    await fillAll();
    // What is sent meanwhile goes nowhere.
    const sent = program.place({ ...resting, orderRef: 'lost' });
    expect(program.executions).toEqual([]);
    await clear(lost);
    await program.error(1102);
    expect(program.executions).toEqual([]);
    const executions = await program.allExecutions();
    expect(
      executions.map(({ execution }) => [execution.orderId, execution.orderRef, execution.permId]),
    ).toEqual(ids.map((id, i) => [id, `ref-${i}`, permIds.get(id)]));
    expect(new Set(executions.map(({ execution }) => execution.execId)).size).toBe(20);
    expect(program.commissions.map(({ execId }) => execId)).toEqual(
      executions.map(({ execution }) => execution.execId),
    );
    expect(await program.allOpenOrders()).toEqual([]);
    const completed = await program.completedOrders();
    expect(completed.map(({ order, state }) => [order.permId, order.orderRef, state.status])).toEqual(
      ids.map((id, i) => [permIds.get(id), `ref-${i}`, 'Filled']),
    );
    // It never left: its number is free.
    program.place({ ...resting, orderRef: 'again' }, undefined, sent);
    await program.status(sent, 'Submitted');
  });

  test('comes back with 1101 when the streams of the market are lost, and meets who connects meanwhile', async () => {
    const lost = await fault({
      action: 'connectivity_lost',
      restored: 'data_lost',
      match: { account: KEYS.keyId },
    });
    await program.error(1100);
    const second = await TwsProgram.open(world.port, 2);
    await second.error(1100);
    expect(await firedOf(lost)).toBe(2);
    await clear(lost);
    await program.error(1101);
    await second.error(1101);
    await second.close();
  });

  test('can be one client’s alone', async () => {
    const second = await TwsProgram.open(world.port, 2);
    await fault({ action: 'connectivity_lost', match: { client_id: 2 } });
    await second.error(1100);
    await program.status(program.place(market), 'Filled');
    expect(program.errors.some(({ code }) => code === 1100)).toBe(false);
    await second.close();
  });
});

describe('the nightly reset', () => {
  test('closes every socket once, refuses for a while, and has all orders afterwards', async () => {
    const id = program.place(resting);
    const { permId } = await program.status(id, 'Submitted');
    const reset = await fault({ action: 'nightly_reset', refuse_for_ms: 500 });
    await program.until(() => !program.connected, 'the reset');
    const refused = new TwsProgram(world.port);
    refused.api.connect(1);
    await refused.until(() => refused.errors.length > 0 || !refused.connected, 'a refusal');
    expect(refused.nextId).toBe(0);
    program.nextId = 0;
    // A program tries until it is let in.
    const retry = setInterval(() => program.api.connect(1), 100);
    await program.until(() => program.nextId > 0, 'nextValidId');
    clearInterval(retry);
    expect(program.nextId).toBe(id + 1);
    expect((await program.allOpenOrders()).map(({ order }) => order.permId)).toEqual([permId]);
    expect(await firedOf(reset)).toBe(1);
  });
});

test('next_valid_id_jump: the next order id is higher by so much after a reconnect, and ids before it are refused', async () => {
  await program.status(program.place(resting), 'Submitted');
  const jump = await fault({ action: 'next_valid_id_jump', by: 500, count: 1 });
  await program.close();
  await program.connect();
  expect(program.nextId).toBe(502);
  program.place(resting, undefined, 3);
  await program.error(103, 3);
  await program.status(program.place(resting), 'Submitted');
  expect(await firedOf(jump)).toBe(1);
});

describe('a placeOrder that goes wrong', () => {
  test('swallow: the order is filled and nobody says so, until it is asked for', async () => {
    const swallow = await fault({ action: 'swallow', count: 1, match: { account: KEYS.keyId } });
    const id = program.place({ ...market, orderRef: 'silent' });
    await program.status(program.place({ ...market, orderRef: 'loud' }), 'Filled');
    expect(program.statuses.some(({ orderId }) => orderId === id)).toBe(false);
    const executions = await program.allExecutions();
    expect(new Set(executions.map(({ execution }) => execution.orderRef))).toEqual(
      new Set(['loud', 'silent']),
    );
    expect(await firedOf(swallow)).toBe(1);
  });

  test('drop_before: the socket closes, and the exchange never saw the order', async () => {
    await fault({ action: 'drop_before', count: 1, match: { client_order_id_prefix: 'a' } });
    program.place({ ...resting, orderRef: 'a1' });
    await program.until(() => !program.connected, 'the end');
    await program.connect();
    expect(program.nextId).toBe(1);
    expect(await program.allOpenOrders()).toEqual([]);
  });

  test('drop_after: the socket closes without a word, and the order works', async () => {
    await fault({ action: 'drop_after', count: 1, match: { client_id: 1 } });
    program.place({ ...resting, orderRef: 'a1' });
    await program.until(() => !program.connected, 'the end');
    expect(program.orders).toEqual([]);
    await program.connect();
    expect(program.nextId).toBe(2);
    const open = await program.allOpenOrders();
    expect(open.map(({ order }) => [order.orderId, order.orderRef])).toEqual([[1, 'a1']]);
  });
});

test('a restart keeps order ids, permanent ids, references, executions and the accounts shown', async () => {
  const dataDir = await mkdtemp('/tmp/ex-tws-');
  const first = await startWorld({ dataDir });
  const before = await TwsProgram.open(first.port, 3);
  await before.status(before.place({ ...market, orderRef: 'done' }), 'Filled');
  const { permId } = await before.status(before.place({ ...resting, orderRef: 'rests' }), 'Submitted');
  const executions = await before.allExecutions();
  await first.exchange.close();
  const second = await startWorld({ dataDir, accounts: [], twsAccounts: [] });
  const after = await TwsProgram.open(second.port, 3);
  expect([after.nextId, after.accounts]).toEqual([3, before.accounts]);
  expect(await after.allExecutions()).toEqual(executions);
  const open = await after.allOpenOrders();
  expect(open.map(({ order }) => [order.orderId, order.permId, order.orderRef])).toEqual([
    [2, permId, 'rests'],
  ]);
  after.api.cancelOrder(2);
  await after.status(2, 'Cancelled');
  await after.close();
  await second.exchange.close();
  await rm(dataDir, { recursive: true });
});

test('a full disk refuses orders, changes and cancellations with 201, and takes them again later', async () => {
  const id = program.place(resting);
  await program.status(id, 'Submitted');
  const full = made.parse((await world.control('faults', { kind: 'disk_full' })).body).id;
  const refused = program.place(resting);
  await program.error(201, refused);
  program.place({ ...resting, lmtPrice: 6 }, undefined, id);
  program.api.cancelOrder(id);
  await program.until(
    () => program.errors.filter((one) => one.id === id && one.code === 201).length === 2,
    'refusals',
  );
  await clear(full);
  program.place(resting, undefined, refused);
  expect(await program.status(refused, 'Submitted')).toMatchObject({ filled: 0, remaining: 2 });
});

test('an account that control resets is empty and goes on counting its order ids', async () => {
  await program.status(program.place(market), 'Filled');
  await program.status(program.place(resting), 'Submitted');
  await world.control('accounts/reset', { key_id: KEYS.keyId });
  await program.status(2, 'Cancelled');
  expect([await program.allOpenOrders(), await program.allExecutions()]).toEqual([[], []]);
  await program.close();
  await program.connect();
  expect(program.nextId).toBe(3);
});
