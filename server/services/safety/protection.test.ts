import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addFault, control } from '@/server/testing/control';
import { startDesk, type TestDesk } from '@/server/testing/desk';
import { sendJson } from '@/server/testing/http-caller';
import { signIn, type Trader } from '@/server/testing/trader';
import { until } from '@/server/testing/until';

let desk: TestDesk;
let trader: Trader;
beforeAll(async () => {
  desk = await startDesk();
});
afterAll(() => desk.dispose());
beforeEach(async () => {
  trader = await desk.signUp();
});

const bracket = { symbol: 'AAPL', side: 'buy', type: 'market', qty: '10', orderClass: 'bracket' } as const;
const EXITS = { takeProfit: { limitPrice: '900' }, stopLoss: { stopPrice: '20' } } as const;

const alertsOf = async (who: Trader, status: 'open' | 'all' = 'open') =>
  (await who.trpc.alerts.list.query({ status })).alerts;

/** The venue lets the entry fill and rejects the second exit, the stop. */
async function loseStop(): Promise<string> {
  await rejectStops(desk, trader);
  return (await trader.trpc.orders.submit.mutate({ ...bracket, ...EXITS })).id;
}

async function rejectStops(at: TestDesk, who: Trader): Promise<void> {
  const { accountNumber } = await who.trpc.account.get.query();
  const { text } = await control(at, 'GET', 'journal');
  const line = text.split('\n').find((each) => each.includes(`"number":"${accountNumber}"`)) ?? '';
  const account = /"key_id":"([^"]+)"/.exec(line)?.[1] ?? 'none';
  await addFault(at, { kind: 'race', action: 'reject_leg', skip: 1, count: 1, match: { account } });
}

const position = async () => (await trader.trpc.positions.list.query()).positions[0]?.qty ?? '0';
const metric = async () => {
  const { text } = await sendJson(desk.url, 'GET', '/metrics');
  return /^outcry_positions_unprotected (\d+)$/m.exec(text)?.[1];
};

describe('a filled bracket whose stop the venue rejects', () => {
  test('raises one alert within five seconds, and tells it in the story, the stream and the metrics', async () => {
    const id = await loseStop();
    const [alert] = await until(
      'it is raised',
      async () => {
        const open = await alertsOf(trader);
        return open.length > 0 ? open : null;
      },
      5_000,
    );
    expect(alert).toMatchObject({
      kind: 'unprotected_position',
      symbol: 'AAPL',
      orderId: id,
      qty: '10',
      side: 'sell',
      stopPrice: '20',
      reason: 'rejected',
    });
    const { events } = await trader.trpc.orders.events.query({ id });
    const told = events.filter(({ type }) => type === 'unprotected');
    expect(told.map(({ message }) => message)).toEqual([expect.stringContaining('10 shares have no stop')]);
    expect(await metric()).toBe('1');
    const other = await desk.signUp();
    expect(await alertsOf(other, 'all')).toEqual([]);
    await expect(other.trpc.alerts.close.mutate({ id: alert?.id ?? '' })).rejects.toThrow('no such alert');
    expect(await position()).toBe('10');
  });

  test('is settled by closing: the other exit ends, the shares go, and the alert clears by itself', async () => {
    await loseStop();
    const alert = await until('it is raised', async () => (await alertsOf(trader))[0] ?? null);
    const sent = await trader.rest('POST', `/api/v1/alerts/${alert.id}/close`);
    expect(sent.status).toBe(201);
    await until('it is flat', async () => (await position()) === '0');
    await until('it is cleared', async () => (await alertsOf(trader)).length === 0, 5_000);
    expect(await alertsOf(trader, 'all')).toMatchObject([{ id: alert.id, outcome: 'closed' }]);
    await expect(trader.trpc.alerts.close.mutate({ id: alert.id })).rejects.toThrow('is settled');
    expect((await trader.trpc.orders.list.query({})).orders).toEqual([]);
  });

  test('is settled by placing the stop again, together with the exit that still worked', async () => {
    await loseStop();
    const alert = await until('it is raised', async () => (await alertsOf(trader))[0] ?? null);
    const placed = await trader.trpc.alerts.placeStop.mutate({ id: alert.id });
    expect(placed).toMatchObject({ orderClass: 'oco', limitPrice: '900', qty: '10', side: 'sell' });
    await until('it is cleared', async () => (await alertsOf(trader)).length === 0, 8_000);
    expect(await alertsOf(trader, 'all')).toMatchObject([{ id: alert.id, outcome: 'protected' }]);
    const { orders } = await trader.trpc.orders.list.query({});
    expect(orders.map(({ type }) => type).sort()).toEqual(['limit', 'stop']);
    expect(await position()).toBe('10');
  }, 20_000);

  test('is settled by closing the position in any other way', async () => {
    await loseStop();
    await until('it is raised', async () => (await alertsOf(trader))[0] ?? null);
    await trader.trpc.positions.closeAll.mutate({ cancelOrders: true });
    await until('it is cleared', async () => (await alertsOf(trader)).length === 0, 8_000);
  }, 20_000);
});

test('a stop that was cancelled at the venue itself raises the alert; one its owner cancelled here does not', async () => {
  await trader.trpc.orders.submit.mutate({ ...bracket, ...EXITS });
  const exits = await until('the exits are there', async () => {
    const { orders } = await trader.trpc.orders.list.query({});
    return orders.length === 2 ? orders : null;
  });
  const stop = exits.find(({ type }) => type === 'stop');
  await until('it is held', async () => (await position()) === '10');
  await trader.trpc.orders.cancel.mutate({ id: stop?.id ?? '' });
  await until('the stop has gone', async () => (await trader.trpc.orders.list.query({})).orders.length === 0);
  await pause(3_000);
  expect(await alertsOf(trader)).toEqual([]);

  // Of the next one only the take profit is cancelled here: the venue ends the stop with it.
  await trader.trpc.positions.closeAll.mutate({ cancelOrders: true });
  await until('it is flat', async () => (await position()) === '0');
  const second = await trader.trpc.orders.submit.mutate({ ...bracket, ...EXITS });
  const limit = await until('the exits are there', async () => {
    const { orders } = await trader.trpc.orders.list.query({});
    return orders.find(({ type, status }) => type === 'limit' && status === 'new') ?? null;
  });
  await trader.trpc.orders.cancel.mutate({ id: limit.id });
  const alert = await until('it is raised', async () => (await alertsOf(trader))[0] ?? null, 6_000);
  expect(alert).toMatchObject({ orderId: second.id, reason: 'canceled' });
  const placed = await trader.trpc.alerts.placeStop.mutate({ id: alert.id });
  expect(placed).toMatchObject({ orderClass: 'simple', type: 'stop', stopPrice: '20', qty: '10' });
  await until('it is cleared', async () => (await alertsOf(trader)).length === 0, 8_000);
}, 30_000);

test('a desk that was started again raises it once, for what was lost while it was down', async () => {
  const own = await startDesk();
  let next: TestDesk | null = null;
  try {
    const owner = await own.signUp();
    await rejectStops(own, owner);
    const { id } = await owner.trpc.orders.submit.mutate({ ...bracket, ...EXITS });
    await until('it is filled', async () => (await owner.trpc.orders.get.query({ id })).status === 'filled');
    await own.stop();
    next = await startDesk({}, own.dataDir);
    const again = await signIn(next.url, owner.user.username, owner.password);
    await until('it is raised', async () => (await alertsOf(again))[0] ?? null, 8_000);
    await pause(1_000);
    expect(await alertsOf(again, 'all')).toMatchObject([{ orderId: id }]);
  } finally {
    await (next ?? own).dispose();
  }
}, 60_000);
