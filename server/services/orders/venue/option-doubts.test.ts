import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { addFault, control, endFaults } from '@/server/testing/control';
import { startDesk, type TestDesk } from '@/server/testing/desk';
import { startDeskProcess } from '@/server/testing/desk-process';
import { contractsNear } from '@/server/testing/option-contracts';
import { signIn, signUp, type Trader } from '@/server/testing/trader';
import { until } from '@/server/testing/until';

let desk: TestDesk;
let low = '';
let high = '';
beforeAll(async () => {
  desk = await startDesk();
  [low = '', high = ''] = await contractsNear(desk, 'AAPL', 'put');
});
afterEach(() => endFaults(desk));
afterAll(() => desk.dispose());

const POST = { method: 'POST', route: '/v2/orders' };
const EXERCISE = { method: 'POST', route: '/v2/positions' };

/** A put spread that costs a cent, or what the market asks for it. */
const spread = (limitPrice?: string) => ({
  orderClass: 'mleg' as const,
  qty: '1',
  ...(limitPrice === undefined ? {} : { limitPrice }),
  legs: [
    { symbol: high, side: 'buy' as const, ratioQty: '1', positionIntent: 'buy_to_open' as const },
    { symbol: low, side: 'sell' as const, ratioQty: '1', positionIntent: 'sell_to_open' as const },
  ],
});

const taken = (journal: string, clientOrderId: string) =>
  journal
    .split('\n')
    .filter((line) => line.includes('"order_accepted"') && line.includes(`"${clientOrderId}"`)).length;

/** The exchange's key of the account that was made last. */
async function newestKey(): Promise<string | undefined> {
  const { text } = await control(desk, 'GET', 'journal');
  return /.*"key_id":"([^"]+)"/s.exec(text)?.[1];
}

async function familyOf(trader: Trader, id: string) {
  const { orders } = await trader.trpc.orders.list.query({ status: 'all', limit: 500 });
  return orders.filter((order) => order.id === id || order.parentId === id);
}

const fillsOf = async (trader: Trader, id: string) => {
  const { events } = await trader.trpc.orders.events.query({ id });
  return events.flatMap(({ fill }) => (fill === null ? [] : [fill.executionId]));
};

describe('a multi-leg order whose answer was lost', () => {
  test.each([
    ['hangs after it was taken', { phase: 'after', action: 'hang' }],
    ['is reset after it was taken', { phase: 'after', action: 'reset' }],
    ['is cut off in the middle', { phase: 'after', action: 'truncate' }],
    ['is a 503 after it was taken', { phase: 'after', action: 'status', status: 503 }],
    ['is a reset before it was taken', { phase: 'before', action: 'reset' }],
  ])('because it %s works with its legs, and was taken once', async (_how, fault) => {
    const trader = await desk.signUp();
    await addFault(desk, { kind: 'stream', action: 'silence' });
    await addFault(desk, { kind: 'http', ...fault, match: POST, count: 1 });
    const { id, clientOrderId } = await trader.trpc.orders.submit.mutate(spread('0.01'));
    const family = await until('the desk found all of it', async () => {
      const found = await familyOf(trader, id);
      return found.length === 3 && found.every(({ venueOrderId }) => venueOrderId !== null) ? found : null;
    });
    expect(new Set(family.map(({ symbol }) => symbol))).toEqual(new Set(['', low, high]));
    expect(taken((await control(desk, 'GET', 'journal')).text, clientOrderId)).toBe(1);
  });

  test('and that the venue holds with other legs is held up to a person, not adopted', async () => {
    const trader = await desk.signUp();
    await addFault(desk, { kind: 'http', phase: 'before', action: 'reset', match: POST, count: 1 });
    const keyId = await newestKey();
    const sending = trader.trpc.orders.submit.mutate({ ...spread('0.01'), clientOrderId: 'my-spread' });
    const { id } = await sending;
    const order = {
      order_class: 'mleg',
      type: 'limit',
      limit_price: '0.01',
      time_in_force: 'day',
      qty: '1',
      client_order_id: 'my-spread',
      legs: [
        { symbol: low, ratio_qty: '1', position_intent: 'buy_to_open' },
        { symbol: high, ratio_qty: '1', position_intent: 'sell_to_open' },
      ],
    };
    expect((await control(desk, 'POST', 'orders', { key_id: keyId, order })).status).toBe(200);
    const held = await until('it is in review', async () => {
      const found = await trader.trpc.orders.get.query({ id });
      return found.status === 'needs_review' ? found : null;
    });
    expect(held).toMatchObject({ venueOrderId: null, reason: { code: 'terms_differ' } });
    expect(held.reason?.message).toContain('another set of legs');
  });

  test('and whose sender was killed is there once when the desk is back', async () => {
    const killed = await startDeskProcess();
    try {
      const trader = await signUp(killed.url);
      const sending = trader.trpc.orders.submit.mutate(spread('0.01')).catch(() => null);
      await until('it is written down', async () => {
        const all = await trader.trpc.orders.list.query({ status: 'all' }).catch(() => null);
        return (all?.orders.length ?? 0) > 0;
      });
      await killed.end('SIGKILL');
      await sending;
      await killed.start();
      const back = await signIn(killed.url, trader.user.username, trader.password);
      const parent = await until(
        'it works, with its legs',
        async () => {
          const { orders } = await back.trpc.orders.list.query({ status: 'all' });
          const found = orders.filter(({ status }) => status === 'new');
          const own = found.find(({ parentId }) => parentId === null);
          return found.length === 3 ? (own ?? null) : null;
        },
        20_000,
      );
      expect(taken(await killed.exchangeJournal(), parent.clientOrderId)).toBe(1);
    } finally {
      await killed.dispose();
    }
  }, 60_000);
});

test('executions of legs are posted as the stream tells of them', async () => {
  const trader = await desk.signUp();
  const { id } = await trader.trpc.orders.submit.mutate(spread('0.01'));
  await until('it works', async () => (await familyOf(trader, id)).every(({ status }) => status === 'new'));
  await trader.trpc.orders.cancel.mutate({ id });
  // The venue's records would tell too; here they do not.
  const match = { method: 'GET', route: '/v2/account/activities' };
  await addFault(desk, { kind: 'http', phase: 'before', action: 'status', status: 503, match });
  const filled = await trader.trpc.orders.submit.mutate(spread());
  await until('both legs have their execution', async () => {
    const legs = (await familyOf(trader, filled.id)).filter(({ parentId }) => parentId === filled.id);
    const fills = await Promise.all(legs.map((leg) => fillsOf(trader, leg.id)));
    return fills.length === 2 && fills.every((own) => own.length === 1);
  });
});

test('a silent stream loses no execution of a leg: each posts once', async () => {
  const trader = await desk.signUp();
  await addFault(desk, { kind: 'stream', action: 'silence' });
  const { id } = await trader.trpc.orders.submit.mutate(spread());
  const family = await until(
    'all have filled',
    async () => {
      const found = await familyOf(trader, id);
      return found.length === 3 && found.every(({ status }) => status === 'filled') ? found : null;
    },
    15_000,
  );
  const legs = family.filter(({ parentId }) => parentId === id);
  await until('their executions are posted', async () =>
    (await Promise.all(legs.map((leg) => fillsOf(trader, leg.id)))).every((fills) => fills.length === 1),
  );
  expect(await fillsOf(trader, id)).toEqual([]);
  const { drifts } = await trader.trpc.reconciliation.compare.mutate({});
  expect(drifts).toEqual([]);
}, 30_000);

test('a multi-leg order that was placed elsewhere comes in with its legs, and its executions are booked', async () => {
  const trader = await desk.signUp();
  await until('the books are open', async () => (await trader.trpc.reconciliation.get.query()).openedAt);
  const keyId = await newestKey();
  const legs = spread().legs.map(({ symbol, positionIntent }) => ({
    symbol,
    ratio_qty: '1',
    position_intent: positionIntent,
  }));
  const order = { order_class: 'mleg', type: 'market', time_in_force: 'day', qty: '2', legs };
  const placed = await control(desk, 'POST', 'orders', { key_id: keyId, order });
  expect(placed.status).toBe(200);
  const orders = await until('it came in and filled', async () => {
    await trader.trpc.reconciliation.compare.mutate({});
    const all = (await trader.trpc.orders.list.query({ status: 'all' })).orders;
    return all.length === 3 && all.every(({ status }) => status === 'filled') ? all : null;
  });
  const parent = orders.find(({ parentId }) => parentId === null);
  expect(parent).toMatchObject({ symbol: '', orderClass: 'mleg', legs: spread().legs });
  const { positions } = await trader.trpc.positions.list.query();
  expect(positions.map(({ symbol, qty }) => [symbol, qty])).toEqual([
    [low, '-2'],
    [high, '2'],
  ]);
  const { drifts } = await trader.trpc.reconciliation.compare.mutate({});
  expect(drifts).toEqual([]);
});

describe('an exercise without an answer', () => {
  async function holder(): Promise<Trader> {
    const trader = await desk.signUp();
    const [call = ''] = await contractsNear(desk, 'SPY', 'call', 1);
    const { id } = await trader.trpc.orders.submit.mutate({ symbol: call, side: 'buy', qty: '1' });
    await until('it is held', async () => (await trader.trpc.orders.get.query({ id })).status === 'filled');
    return trader;
  }
  const heldBy = async (trader: Trader) =>
    (await trader.trpc.positions.list.query()).positions.map(({ symbol }) => symbol);

  test('that was carried out is seen by the positions', async () => {
    const trader = await holder();
    const [symbol = ''] = await heldBy(trader);
    await addFault(desk, { kind: 'http', phase: 'after', action: 'reset', match: EXERCISE, count: 1 });
    const reply = await trader.rest('POST', `/api/v1/positions/${symbol}/exercise`);
    expect(reply).toMatchObject({ status: 200, json: { status: 'done' } });
    expect(await heldBy(trader)).toEqual(['SPY']);
  });

  test('that was not is said to be unknown, and asking again carries it out once', async () => {
    const trader = await holder();
    const [symbol = ''] = await heldBy(trader);
    await addFault(desk, { kind: 'http', phase: 'before', action: 'reset', match: EXERCISE, count: 1 });
    const reply = await trader.rest('POST', `/api/v1/positions/${symbol}/exercise`);
    expect(reply).toMatchObject({ status: 202, json: { status: 'unknown' } });
    expect(await trader.trpc.positions.exercise.mutate({ symbol })).toMatchObject({ status: 'done' });
    expect(await heldBy(trader)).toEqual(['SPY']);
    const { drifts } = await trader.trpc.reconciliation.compare.mutate({});
    expect(drifts).toEqual([]);
  });

  test('is not asked while the kill switch is on', async () => {
    const trader = await holder();
    const [symbol = ''] = await heldBy(trader);
    await trader.trpc.risk.kill.mutate({});
    await expect(trader.trpc.positions.exercise.mutate({ symbol })).rejects.toThrow('kill switch');
    await trader.trpc.positions.close.mutate({ symbol });
    await until('it is closed', async () => (await heldBy(trader)).length === 0);
  });
});
