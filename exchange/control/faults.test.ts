import { setTimeout as sleep } from 'node:timers/promises';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { NaiveWorld, type Outcome, orderShape } from '../testing/naive-client';

let world: NaiveWorld;
beforeEach(async () => {
  world = await NaiveWorld.start();
});
afterEach(() => world.close());

/** Takes anything but a good answer for a no, and tries again under a new name. */
async function naiveSubmit(): Promise<Outcome> {
  const first = await world.place('naive-1');
  if (first.status !== 200) await world.place('naive-2');
  return first;
}

const actions = [
  ['hang', { action: 'hang' }, null],
  ['reset', { action: 'reset' }, null],
  ['truncate', { action: 'truncate' }, null],
  ['429', { action: 'status', status: 429, retry_after: 7 }, 429],
  ['500', { action: 'status', status: 500 }, 500],
  ['502', { action: 'status', status: 502 }, 502],
  ['503', { action: 'status', status: 503 }, 503],
  ['504', { action: 'status', status: 504 }, 504],
] as const;
const rows = (['before', 'after'] as const).flatMap((phase) =>
  actions.map(([name, fault, status]) => ({ phase, name, fault, status })),
);

describe('an HTTP fault', () => {
  test.each(rows)('$name $phase acceptance', async ({ phase, fault, status }) => {
    await world.set({
      kind: 'http',
      phase,
      ...fault,
      count: 1,
      match: { method: 'POST', route: '/v2/orders' },
    });
    const first = await naiveSubmit();
    expect(first.status).toBe(status);
    expect(first.headers?.get('retry-after') ?? null).toBe(status === 429 ? '7' : null);
    // After acceptance the naive retry has bought twice.
    expect(await world.count()).toBe(phase === 'before' ? 1 : 2);
    expect(await world.control('GET', 'faults')).toMatchObject([{ fired: 1 }]);
  });

  test('strikes only what it is meant for', async () => {
    const match = { method: 'POST', client_order_id_prefix: 'bad-', account: 'PKNAIVE' };
    await world.set({ kind: 'http', phase: 'before', action: 'status', match });
    expect((await world.place('good-1')).status).toBe(200);
    expect((await world.place('bad-1')).status).toBe(500);
    expect((await world.ask('GET', '/v2/orders:by_client_order_id?client_order_id=bad-1')).status).toBe(404);
    expect(await world.control('DELETE', 'faults')).toEqual({ cleared: 1 });
    expect((await world.place('bad-1')).status).toBe(200);
  });

  test('strikes a cancellation by the order it is about', async () => {
    await world.place('mine-1');
    const { id } = await world.until('mine-1', 'new');
    const match = { method: 'DELETE', client_order_id_prefix: 'mine-' };
    await world.set({ kind: 'http', phase: 'after', action: 'hang', match });
    expect((await world.ask('DELETE', `/v2/orders/${id}`)).status).toBeNull();
    expect(await world.until('mine-1', 'canceled')).toMatchObject({ filled_qty: '0' });
  });

  test('401: keys that were good are refused, and nothing is accepted', async () => {
    await world.set({ kind: 'http', phase: 'before', action: 'status', status: 401 });
    expect((await world.place('revoked')).status).toBe(401);
    await world.control('DELETE', 'faults');
    expect(await world.count()).toBe(0);
  });

  test('drip: the answer begins at once and takes a second a byte', async () => {
    await world.place('slow');
    await world.set({ kind: 'http', phase: 'after', action: 'drip', match: { method: 'GET' } });
    const keys = { 'APCA-API-KEY-ID': 'PKNAIVE', 'APCA-API-SECRET-KEY': 'naive-secret' };
    const answer = await fetch(`${world.exchange.url}/v2/orders`, { headers: keys });
    expect(answer.status).toBe(200);
    const reader = answer.body?.getReader();
    const first = await reader?.read();
    expect(first?.value?.length).toBe(1);
    await reader?.cancel();
  });

  test('by chance strikes the same requests again from the same seed', async () => {
    const pattern = async (seed: number): Promise<(number | null)[]> => {
      const own = await NaiveWorld.start(seed);
      await own.set({
        kind: 'http',
        phase: 'before',
        action: 'status',
        probability: 0.5,
        match: { method: 'POST' },
      });
      const seen: (number | null)[] = [];
      for (let i = 0; i < 24; i += 1) seen.push((await own.place(`p-${i}`)).status);
      await own.close();
      return seen;
    };
    const [one, same, other] = [await pattern(3), await pattern(3), await pattern(4)];
    expect(new Set(one)).toEqual(new Set([200, 500]));
    expect(same).toEqual(one);
    expect(other).not.toEqual(one);
  });

  test('is journalled when it is set, strikes and is cleared', async () => {
    await world.set({
      kind: 'http',
      phase: 'before',
      action: 'status',
      skip: 1,
      count: 1,
      match: { method: 'POST' },
    });
    for (const id of ['a', 'b', 'c']) await world.place(id);
    await world.control('DELETE', 'faults');
    const journal = z.string().parse(await world.control('GET', 'journal'));
    const types = journal
      .trim()
      .split('\n')
      .map((line) => z.looseObject({ type: z.string() }).parse(JSON.parse(line)).type);
    expect(types.filter((type) => type.startsWith('fault'))).toEqual([
      'fault_set',
      'fault_fired',
      'faults_cleared',
    ]);
  });

  test.each([{ kind: 'http' }, { kind: 'quake' }, { kind: 'stream', action: 'drop', nonsense: 1 }])(
    'that makes no sense is refused: %j',
    async (fault) => {
      await expect(world.set(fault)).rejects.toThrow(/400.*request body format is invalid/);
    },
  );
});

/** Shares held, for whoever adds up what the stream says. */
const naivePosition = (): number =>
  world.updates.reduce(
    (sum, { execution_id, qty }) => (execution_id === undefined ? sum : sum + Number(qty)),
    0,
  );

const market = { type: 'market', limit_price: undefined };

describe('a stream fault', () => {
  test('duplicate: who adds up fills holds too much', async () => {
    await world.listen();
    await world.set({ kind: 'stream', action: 'duplicate', times: 2, match: { events: ['fill'] } });
    await world.place('dup', market);
    const fills = await world.heard(3, 'fill');
    expect(new Set(fills.map((fill) => fill.execution_id)).size).toBe(1);
    expect(naivePosition()).toBe(30);
  });

  test('drop: who waits for the fill waits for ever', async () => {
    await world.listen();
    await world.set({ kind: 'stream', action: 'drop', match: { events: ['fill'] } });
    await world.place('lost', market);
    await world.until('lost', 'filled');
    await world.place('next');
    await world.heard(2, 'new');
    expect(naivePosition()).toBe(0);
  });

  test('reorder: the fill comes before the news that the order works', async () => {
    await world.listen();
    await world.set({ kind: 'stream', action: 'reorder', window: 2, match: { events: ['new', 'fill'] } });
    await world.place('turned', market);
    await world.heard(1, 'new');
    expect(world.updates.map(({ event }) => event)).toEqual(['pending_new', 'fill', 'new']);
  });

  test('delay: the venue knows before the listener', async () => {
    await world.listen();
    await world.set({ kind: 'stream', action: 'delay', delay_ms: 300, match: { events: ['fill'] } });
    await world.place('late', market);
    await world.until('late', 'filled');
    expect(naivePosition()).toBe(0);
    await world.heard(1, 'fill');
    expect(naivePosition()).toBe(10);
  });

  test('noisy replay: one execution, two prices', async () => {
    await world.listen();
    await world.set({ kind: 'stream', action: 'noisy_replay' });
    await world.place('noisy', market);
    const [first, second] = await world.heard(2, 'fill');
    expect(second?.execution_id).toBe(first?.execution_id);
    expect(Number(second?.price) / Number(first?.price)).toBeCloseTo(1.01, 6);
  });

  test('silence: the socket answers pings and says nothing', async () => {
    await world.listen();
    await world.set({ kind: 'stream', action: 'silence' });
    await world.place('quiet', market);
    await world.until('quiet', 'filled');
    const pong = once(world.socket ?? process, 'pong');
    world.socket?.ping();
    await pong;
    expect(world.updates).toEqual([]);
    await world.control('DELETE', 'faults');
    await world.place('loud', market);
    await world.heard(1, 'fill');
  });
});

test('steal: every stream of the key is closed again as soon as it is let in', async () => {
  await world.listen();
  await world.set({ kind: 'stream', action: 'steal', count: 1 });
  expect(await world.control('POST', 'streams/drop', { stream: 'trading', key_id: 'OTHER' })).toEqual({
    dropped: 0,
  });
  await world.control('POST', 'streams/drop', { stream: 'trading', key_id: 'PKNAIVE' });
  await world.listen();
  if (world.socket?.readyState === 1) await once(world.socket, 'close');
  await world.place('unheard', market);
  await world.until('unheard', 'filled');
  expect(world.updates).toEqual([]);
  await world.listen();
  await world.place('heard', market);
  await world.heard(1, 'fill');
});

test('shares that come untold are held, and no activity says whence', async () => {
  await world.control('POST', 'positions', { key_id: 'PKNAIVE', symbol: 'SPY', qty: 2 });
  await world.control('POST', 'positions', { key_id: 'PKNAIVE', symbol: 'AAPL', qty: 3, untold: true });
  const held = z.array(z.looseObject({ symbol: z.string() }));
  const named = async (path: string) =>
    held.parse((await world.ask('GET', path)).json).map(({ symbol }) => symbol);
  expect((await named('/v2/positions')).toSorted()).toEqual(['AAPL', 'SPY']);
  expect(await named('/v2/account/activities/JNLS')).toEqual(['SPY']);
});

describe('a late look-up', () => {
  test('does not find an order that was accepted: who sends it again is told it is there', async () => {
    await world.set({ kind: 'lookup', delay_ms: 1_500, lists: true });
    expect((await world.place('hidden')).status).toBe(200);
    const path = '/v2/orders:by_client_order_id?client_order_id=hidden';
    expect((await world.ask('GET', path)).status).toBe(404);
    expect(await world.count()).toBe(0);
    expect(await world.place('hidden')).toMatchObject({ status: 422, json: { code: 40010001 } });
    await sleep(1_600);
    expect((await world.ask('GET', path)).status).toBe(200);
    expect(await world.count()).toBe(1);
  });
});

describe('a full disk', () => {
  test('refuses with 503 before acceptance, trades nothing, and can still be read', async () => {
    await world.place('before');
    const { id } = await world.until('before', 'new');
    await world.set({ kind: 'disk_full' });
    expect(await world.place('during', market)).toMatchObject({ status: 503, json: { code: 50310000 } });
    expect((await world.ask('DELETE', `/v2/orders/${id}`)).status).toBe(503);
    expect((await world.ask('GET', '/v2/account')).status).toBe(200);
    expect(await world.count()).toBe(1);
    await world.control('DELETE', 'faults');
    expect((await world.place('during', market)).status).toBe(200);
    await world.until('during', 'filled');
  });
});

describe('a race', () => {
  const working = async (id: string, more: Record<string, unknown> = {}): Promise<string> => {
    await world.place(id, more);
    return (await world.until(id, 'new')).id;
  };

  test('fill_before_delete: the cancellation is refused, the order is filled', async () => {
    const id = await working('race');
    await world.set({ kind: 'race', action: 'fill_before_delete' });
    expect(await world.ask('DELETE', `/v2/orders/${id}`)).toMatchObject({
      status: 422,
      json: { code: 42210000, message: 'order is already in "filled" state' },
    });
    expect(await world.order('race')).toMatchObject({ status: 'filled', filled_qty: '10' });
  });

  test('fill_before_cancel: 204, and yet it is filled', async () => {
    await world.listen();
    const id = await working('race');
    await world.set({ kind: 'race', action: 'fill_before_cancel', count: 1 });
    expect((await world.ask('DELETE', `/v2/orders/${id}`)).status).toBe(204);
    await world.heard(1, 'fill');
    expect(world.updates.map(({ event }) => event).slice(-3)).toEqual([
      'pending_cancel',
      'order_cancel_rejected',
      'fill',
    ]);
  });

  test('late_fill: canceled, with shares in it', async () => {
    const id = await working('race');
    await world.set({ kind: 'race', action: 'late_fill', count: 1 });
    await world.ask('DELETE', `/v2/orders/${id}`);
    expect(await world.until('race', 'canceled')).toMatchObject({ filled_qty: '5' });
  });

  test('fill_before_replace: PATCH answers 200, the old order fills, the new one is rejected', async () => {
    await world.listen();
    const id = await working('old');
    await world.set({ kind: 'race', action: 'fill_before_replace', count: 1 });
    const patch = { limit_price: '101', client_order_id: 'new' };
    expect((await world.ask('PATCH', `/v2/orders/${id}`, patch)).status).toBe(200);
    await world.heard(1, 'order_replace_rejected');
    expect(await world.until('old', 'filled')).toMatchObject({ filled_qty: '10' });
    expect((await world.order('new')).status).toBe('rejected');
  });

  test('part_before_replace: half of the old order fills, and the new one works for its whole quantity', async () => {
    await world.listen();
    const id = await working('old');
    await world.set({ kind: 'race', action: 'part_before_replace', count: 1 });
    const patch = { limit_price: '101', client_order_id: 'new' };
    expect((await world.ask('PATCH', `/v2/orders/${id}`, patch)).status).toBe(200);
    await world.heard(1, 'replaced');
    expect(await world.until('old', 'replaced')).toMatchObject({ filled_qty: '5' });
    expect(await world.order('new')).toMatchObject({ qty: '10', filled_qty: '0' });
  });

  test('reject_order: 200, and rejected afterwards', async () => {
    await world.listen();
    await world.set({ kind: 'race', action: 'reject_order', match: { client_order_id_prefix: 'doomed' } });
    expect((await world.place('doomed')).status).toBe(200);
    await world.heard(1, 'rejected');
    expect((await world.order('doomed')).status).toBe('rejected');
  });

  test('reject_leg: the entry fills, the position has no stop', async () => {
    await world.set({ kind: 'race', action: 'reject_leg', match: { symbol: 'AAPL' } });
    const exits = { take_profit: { limit_price: '900' }, stop_loss: { stop_price: '90' } };
    const placed = await world.place('guarded', { ...market, order_class: 'bracket', ...exits });
    const { legs } = z.object({ legs: z.array(orderShape) }).parse(placed.json);
    await world.until('guarded', 'filled');
    for (const leg of legs) expect((await world.order(leg.client_order_id)).status).toBe('rejected');
  });
});

describe('control', () => {
  const account = { key_id: 'PKNAIVE' };

  test('sets cash and positions, and the activities tell', async () => {
    expect(await world.control('POST', 'cash', { ...account, cash: '2500.5' })).toMatchObject({
      cash: '2500.5',
    });
    await world.control('POST', 'positions', { ...account, symbol: 'MSFT', qty: '-3', price: '400' });
    expect((await world.ask('GET', '/v2/account')).json).toMatchObject({ cash: '2500.5' });
    expect((await world.ask('GET', '/v2/positions/MSFT')).json).toMatchObject({
      qty: '-3',
      side: 'short',
      avg_entry_price: '400',
    });
    expect((await world.ask('GET', '/v2/account/activities')).json).toMatchObject([
      { activity_type: 'JNLS', symbol: 'MSFT', qty: '-3' },
      { activity_type: 'CSW', net_amount: '-97499.5' },
    ]);
  });

  test('enters an order from elsewhere, and executes one in part and whole', async () => {
    await world.listen();
    const order = {
      symbol: 'AAPL',
      qty: '10',
      side: 'buy',
      type: 'limit',
      limit_price: '100',
      time_in_force: 'day',
    };
    const made = orderShape.parse(await world.control('POST', 'orders', { ...account, order }));
    await world.control('POST', 'fills', { order_id: made.id, qty: '4', price: '99' });
    await world.control('POST', 'fills', { order_id: made.id });
    await world.heard(1, 'fill');
    expect(naivePosition()).toBe(10);
    expect((await world.ask('GET', `/v2/orders/${made.id}`)).json).toMatchObject({
      status: 'filled',
      filled_avg_price: '99.6',
    });
    expect(await world.count()).toBe(1);
  });

  test('advances the clock past the end of a day order', async () => {
    await world.place('today');
    await world.until('today', 'new');
    await world.control('POST', 'clock', { advance_ms: 4 * 86_400_000 });
    await world.until('today', 'expired');
    const { json } = await world.ask('GET', '/v2/clock');
    const at = Date.parse(z.object({ timestamp: z.string() }).parse(json).timestamp);
    expect(at - Date.now()).toBeGreaterThan(3.9 * 86_400_000);
  });
});
