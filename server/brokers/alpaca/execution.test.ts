import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { control, setFault } from '@/server/testing/control';
import { firstAccountOf, startDesk, type TestDesk } from '@/server/testing/desk';
import { until } from '@/server/testing/until';

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

test('a stream that another connection takes again and again is left alone longer each time, and comes back', async () => {
  const trader = await desk.signUp();
  const { execution } = desk.parts.services.sessions.of(await firstAccountOf(desk, trader.user.id));
  let readied = 0;
  const stream = execution.watchOrders({
    onEvent: () => undefined,
    onReady: () => {
      readied += 1;
    },
    onDown: () => undefined,
  });
  await until('it listens', () => Promise.resolve(readied > 0));
  await setFault(desk, { kind: 'stream', action: 'steal' });
  await control(desk, 'POST', 'streams/drop', { stream: 'trading' });
  await pause(8_500);
  // After 0.5, 1.5, 3.5 and 7.5 s; the SDK by itself comes every half second.
  const openings = z.array(z.object({ fired: z.number() }));
  const [fault] = openings.parse(JSON.parse((await control(desk, 'GET', 'faults')).text));
  expect(fault?.fired).toBeGreaterThanOrEqual(2);
  expect(fault?.fired).toBeLessThanOrEqual(5);
  await setFault(desk, null);
  readied = 0;
  await until('it listens again', () => Promise.resolve(readied > 0), 20_000);
  stream.close();
}, 60_000);
