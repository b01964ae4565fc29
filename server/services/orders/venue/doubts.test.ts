import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { eq } from 'drizzle-orm';
import { orders } from '@/db/schema';
import { addFault, control, endFaults, expectAllFired, setFault } from '@/server/testing/control';
import { firstAccountOf, startDesk, type TestDesk } from '@/server/testing/desk';
import type { Trader } from '@/server/testing/trader';
import { until } from '@/server/testing/until';
import { offsetOfLook } from './doubts';

let desk: TestDesk;
beforeAll(async () => {
  desk = await startDesk();
});
afterEach(() => endFaults(desk));
afterAll(() => desk.dispose());

const far = { symbol: 'AAPL', side: 'buy', type: 'limit', limitPrice: '1', qty: '1' } as const;
const FIRST_ORDER = {
  ...far,
  timeInForce: 'day',
  notional: null,
  stopPrice: null,
  trailPrice: null,
  trailPercent: null,
  extendedHours: false,
  orderClass: 'simple',
  positionIntent: null,
  legs: null,
  takeProfit: null,
  stopLoss: null,
} as const;
const POST = { method: 'POST', route: '/v2/orders' };

/** The connection of one such request breaks before the exchange acts on it, or after. */
const lostOnce = (phase: string, match: object) => ({
  kind: 'http',
  phase,
  action: 'reset',
  match,
  count: 1,
});

/** How often the exchange took an order under this id, by its own journal. */
async function timesTaken(clientOrderId: string): Promise<number> {
  const { text } = await control(desk, 'GET', 'journal');
  const lines = text.split('\n').filter((line) => line.includes('"order_accepted"'));
  return lines.filter((line) => line.includes(`"client_order_id":"${clientOrderId}"`)).length;
}

const orderOf = (trader: Trader, id: string) => trader.trpc.orders.get.query({ id });

const becomes = (trader: Trader, id: string, status: string, withinMs = 10_000) =>
  until(
    `it is ${status}`,
    async () => {
      const order = await orderOf(trader, id);
      return order.status === status ? order : null;
    },
    withinMs,
  );

test('is looked up at 0.5, 1, 2, 5, 10 and 30 s, and then every minute', () => {
  expect(Array.from({ length: 8 }, (_none, looks) => offsetOfLook(looks) / 1000)).toEqual([
    0.5, 1, 2, 5, 10, 30, 90, 150,
  ]);
});

describe('an order whose answer was lost', () => {
  const lost = [
    ['hangs after it was taken', { phase: 'after', action: 'hang' }],
    ['is reset after it was taken', { phase: 'after', action: 'reset' }],
    ['is cut off in the middle', { phase: 'after', action: 'truncate' }],
    ['is a 503 after it was taken', { phase: 'after', action: 'status', status: 503 }],
    ['is a 500 before it was taken', { phase: 'before', action: 'status', status: 500 }],
    ['is a reset before it was taken', { phase: 'before', action: 'reset' }],
  ] as const;
  test.each(lost)('because it %s works and was taken once', async (_how, fault) => {
    const trader = await desk.signUp();
    // Its stream would tell of it; the look-up must do without.
    await addFault(desk, { kind: 'stream', action: 'silence' });
    await addFault(desk, { kind: 'http', ...fault, match: POST, count: 1 });
    const { id, clientOrderId } = await trader.trpc.orders.submit.mutate(far);
    await until('the desk found it', async () => (await orderOf(trader, id)).venueOrderId !== null);
    const { events } = await trader.trpc.orders.events.query({ id });
    expect(events.map(({ status }) => status)).not.toContain('rejected');
    expect(await timesTaken(clientOrderId)).toBe(1);
  });

  test.each(lost)(
    'because it %s is lost or doubled by a sender that trusts the wire',
    async (_how, fault) => {
      const trader = await desk.signUp();
      await addFault(desk, { kind: 'http', ...fault, match: POST, count: 1 });
      const record = await firstAccountOf(desk, trader.user.id);
      const { execution } = desk.parts.services.sessions.of(record);
      const id = `naive-${trader.user.username}`;
      const order = { ...FIRST_ORDER, clientOrderId: `${id}-1` };
      const outcome = await execution.submit(order);
      // Doubt after acceptance: sent anew under another id. Doubt before: given up as refused.
      if (fault.phase === 'after') await execution.submit({ ...order, clientOrderId: `${id}-2` });
      expect(outcome.kind).toBe('doubted');
      const taken = (await timesTaken(`${id}-1`)) + (await timesTaken(`${id}-2`));
      expect(taken).toBe(fault.phase === 'after' ? 2 : 0);
    },
  );

  test('and that no look-up finds yet is not taken twice, nor rejected', async () => {
    const trader = await desk.signUp();
    await addFault(desk, { kind: 'stream', action: 'silence' });
    await addFault(desk, { kind: 'lookup', delay_ms: 4_000, lists: true });
    await addFault(desk, lostOnce('after', POST));
    const { id, clientOrderId } = await trader.trpc.orders.submit.mutate(far);
    const { events } = await until('it was found', async () => {
      const story = await trader.trpc.orders.events.query({ id });
      return story.events.at(-1)?.status === 'new' ? story : null;
    });
    expect(events.map(({ status }) => status)).not.toContain('rejected');
    expect(await timesTaken(clientOrderId)).toBe(1);
  });

  test('and whose venue order has other terms is held up to a person, not adopted', async () => {
    const trader = await desk.signUp();
    await addFault(desk, lostOnce('before', POST));
    const journal = (await control(desk, 'GET', 'journal')).text;
    const keyId = /.*"key_id":"([^"]+)"/s.exec(journal)?.[1];
    const submitting = trader.trpc.orders.submit.mutate({ ...far, clientOrderId: 'mine' });
    const { id } = await submitting;
    const order = {
      symbol: 'AAPL',
      side: 'buy',
      type: 'limit',
      limit_price: '1',
      qty: '3',
      time_in_force: 'day',
    };
    await control(desk, 'POST', 'orders', { key_id: keyId, order: { ...order, client_order_id: 'mine' } });
    const held = await becomes(trader, id, 'needs_review');
    expect(held).toMatchObject({ venueOrderId: null, qty: '1', reason: { code: 'terms_differ' } });

    await expect(trader.trpc.orders.dismiss.mutate({ id })).rejects.toThrow('still works an order');
    await trader.trpc.orders.cancel.mutate({ id });
    await until('the other order is gone', () => trader.trpc.orders.dismiss.mutate({ id }).catch(() => null));
    expect(await orderOf(trader, id)).toMatchObject({ status: 'canceled', reason: { code: 'dismissed' } });
  });

  test('and that its owner dismisses is found all the same, and then cancelled at the venue', async () => {
    const trader = await desk.signUp();
    await addFault(desk, { kind: 'stream', action: 'silence' });
    await addFault(desk, { kind: 'lookup', delay_ms: 60_000, lists: true });
    await addFault(desk, lostOnce('after', POST));
    const { id, clientOrderId } = await trader.trpc.orders.submit.mutate(far);
    await expect(trader.trpc.orders.dismiss.mutate({ id })).rejects.toThrow('not in review');
    // As after the minute in which it could still have been sent again.
    await desk.parts.database.write((db) =>
      db.update(orders).set({ status: 'needs_review' }).where(eq(orders.id, id)),
    );
    expect((await trader.trpc.orders.dismiss.mutate({ id })).status).toBe('canceled');
    await expectAllFired(desk);
    await setFault(desk, null);
    const venueOrderId = await until('the venue turns out to have had it', async () => {
      await trader.trpc.reconciliation.compare.mutate();
      return (await orderOf(trader, id)).venueOrderId;
    });
    await becomes(trader, id, 'canceled');
    expect(await timesTaken(clientOrderId)).toBe(1);
    const { text } = await control(desk, 'GET', 'journal');
    const ended = text.split('\n').filter((line) => line.includes('"order_canceled"'));
    expect(ended.filter((line) => line.includes(venueOrderId))).toHaveLength(1);
  });
});

test('an order in doubt that its owner cancels is not sent again, and cancelled once it turns up', async () => {
  const trader = await desk.signUp();
  await addFault(desk, { kind: 'stream', action: 'silence' });
  await addFault(desk, { kind: 'lookup', delay_ms: 1_500, lists: true });
  await addFault(desk, lostOnce('after', POST));
  const { id, status, clientOrderId } = await trader.trpc.orders.submit.mutate(far);
  expect(status).toBe('unknown');
  expect((await trader.trpc.orders.cancel.mutate({ id })).status).toBe('unknown');
  await becomes(trader, id, 'pending_cancel');
  await becomes(trader, id, 'canceled', 15_000);
  expect(await timesTaken(clientOrderId)).toBe(1);
});

test.each([
  ['taken', 'after'],
  ['never taken', 'before'],
])('a change whose answer was lost, %s by the venue, is made once', async (_how, phase) => {
  const trader = await desk.signUp();
  const { id } = await trader.trpc.orders.submit.mutate(far);
  await becomes(trader, id, 'new');
  const match = { method: 'PATCH', route: '/v2/orders' };
  await addFault(desk, lostOnce(phase, match));
  const changed = await trader.trpc.orders.replace.mutate({ id, limitPrice: '2' });
  expect(await becomes(trader, changed.id, 'new')).toMatchObject({ limitPrice: '2', replacesId: id });
  await becomes(trader, id, 'replaced');
  expect(await timesTaken(changed.clientOrderId)).toBe(1);
});

test('a cancel without an answer is asked again', async () => {
  const trader = await desk.signUp();
  const { id } = await trader.trpc.orders.submit.mutate(far);
  await becomes(trader, id, 'new');
  await addFault(desk, lostOnce('before', { method: 'DELETE', route: '/v2/orders' }));
  expect((await trader.trpc.orders.cancel.mutate({ id })).status).toBe('pending_cancel');
  await becomes(trader, id, 'canceled');
});

test('a venue that asks to wait gets the order when the wait is over, and those behind it in order', async () => {
  const trader = await desk.signUp();
  await addFault(desk, {
    kind: 'http',
    phase: 'before',
    action: 'status',
    status: 429,
    retry_after: 1,
    match: POST,
    count: 1,
  });
  const sent = await Promise.all(
    ['1', '2', '3'].map((qty) => trader.trpc.orders.submit.mutate({ ...far, qty })),
  );
  for (const { id } of sent) await becomes(trader, id, 'new');
  const { text } = await control(desk, 'GET', 'journal');
  const received = await Promise.all(
    sent.map(async ({ id, clientOrderId }) => {
      const { events } = await trader.trpc.orders.events.query({ id });
      return { clientOrderId, seq: events[0]?.seq ?? 0 };
    }),
  );
  const places = received
    .toSorted((a, b) => a.seq - b.seq)
    .map(({ clientOrderId }) => text.indexOf(clientOrderId));
  expect(places).toEqual(places.toSorted((a, b) => a - b));
});

test('an order that is cancelled while it waits for its turn never leaves', async () => {
  const trader = await desk.signUp();
  const fault = { kind: 'http', phase: 'before', action: 'status', status: 429, retry_after: 2 };
  await addFault(desk, { ...fault, match: POST, count: 1 });
  const first = trader.trpc.orders.submit.mutate(far);
  const waiting = await until(
    'the first waits',
    async () => (await trader.trpc.orders.list.query()).orders[0] ?? null,
  );
  const second = trader.trpc.orders.submit.mutate({ ...far, qty: '2' });
  const behind = await until('the second waits behind it', async () => {
    const { orders } = await trader.trpc.orders.list.query();
    return orders.find(({ qty }) => qty === '2') ?? null;
  });
  await trader.trpc.orders.cancel.mutate({ id: behind.id });
  await Promise.all([first, second]);
  expect(await becomes(trader, behind.id, 'canceled')).toMatchObject({ reason: { code: 'never_sent' } });
  await becomes(trader, waiting.id, 'new');
  expect(await timesTaken(behind.clientOrderId)).toBe(0);
});

test('executions that come last first are both posted as they come', async () => {
  const trader = await desk.signUp();
  const { id } = await trader.trpc.orders.submit.mutate({ ...far, qty: '10' });
  const { venueOrderId } = await becomes(trader, id, 'new');
  // The sweep would mend it later; here it must not.
  const match = { method: 'GET', route: '/v2/account/activities' };
  await setFault(desk, { kind: 'http', phase: 'before', action: 'status', status: 503, match });
  await addFault(desk, { kind: 'stream', action: 'reorder', window: 2 });
  await control(desk, 'POST', 'fills', { order_id: venueOrderId, qty: '4' });
  await control(desk, 'POST', 'fills', { order_id: venueOrderId, qty: '6' });
  await becomes(trader, id, 'filled');
  const posted = await until(
    'both are posted',
    async () => {
      const { events } = await trader.trpc.orders.events.query({ id });
      const qtys = events.flatMap(({ fill }) => (fill === null ? [] : [fill.qty]));
      return qtys.length === 2 ? qtys : null;
    },
    2_000,
  );
  expect(posted).toEqual(['6', '4']);
});

test('a silent stream loses no fill: what is open is compared with the venue every ten seconds', async () => {
  const trader = await desk.signUp();
  await setFault(desk, { kind: 'stream', action: 'silence' });
  const { id } = await trader.trpc.orders.submit.mutate({ symbol: 'AAPL', side: 'buy', qty: '3' });
  await until(
    'its executions are in the books',
    async () => {
      const { events } = await trader.trpc.orders.events.query({ id });
      return events.reduce((sum, { fill }) => sum + Number(fill?.qty ?? 0), 0) === 3;
    },
    15_000,
  );
  expect((await orderOf(trader, id)).status).toBe('filled');
}, 25_000);

test('no new order leaves an account that is not settled since the start; what was sent before is answered', async () => {
  const trader = await desk.signUp();
  const key = { ...far, idempotencyKey: 'before-it-was-held' };
  const { id, accountId, clientOrderId } = await trader.trpc.orders.submit.mutate(key);
  await becomes(trader, id, 'new');
  const { lanes } = desk.parts.services;
  const body = { symbol: 'AAPL', side: 'buy', type: 'limit', limit_price: '1', qty: '2' };
  let qty = 2;
  const held = await until('no sweep, which ends the hold, comes in between', async () => {
    lanes.holdOnly([accountId]);
    qty += 1;
    const reply = await trader.rest('POST', '/api/v1/orders', { ...body, qty: String(qty) });
    return reply.status === 201 && !lanes.isHeld(accountId) ? null : reply;
  });
  expect(held).toMatchObject({ status: 503, json: { code: 'unavailable' } });
  expect((await trader.trpc.orders.submit.mutate(key)).clientOrderId).toBe(clientOrderId);
  await trader.trpc.orders.cancel.mutate({ id });
  lanes.release(accountId);
  expect((await trader.rest('POST', '/api/v1/orders', body)).status).toBe(201);
});
