import { afterAll, beforeAll, expect, test } from 'vitest';
import { firstAccountOf, startDesk, type TestDesk } from '@/server/testing/desk';

let desk: TestDesk;
beforeAll(async () => {
  desk = await startDesk();
});
afterAll(() => desk.dispose());

test('all open orders are listed, however many pages they fill', async () => {
  const trader = await desk.signUp();
  const { execution } = desk.parts.services.sessions.of(await firstAccountOf(desk, trader.user.id));
  const order = {
    symbol: 'AAPL',
    side: 'buy',
    type: 'limit',
    timeInForce: 'day',
    limitPrice: '1',
    qty: '1',
    orderClass: 'simple',
    extendedHours: false,
    positionIntent: null,
    legs: null,
    notional: null,
    stopPrice: null,
    trailPrice: null,
    trailPercent: null,
    takeProfit: null,
    stopLoss: null,
  } as const;
  const ids = Array.from({ length: 520 }, (_none, at) => `page-${at}`);
  for (const clientOrderId of ids) await execution.submit({ ...order, clientOrderId });
  const started = Date.now();
  const listed = new Set((await execution.listOpenOrders()).map(({ clientOrderId }) => clientOrderId));
  expect(ids.filter((id) => !listed.has(id))).toEqual([]);
  const recent = await execution.listOrders(new Date(started - 60_000).toISOString());
  expect(new Set(recent.map(({ clientOrderId }) => clientOrderId))).toEqual(listed);
}, 60_000);
