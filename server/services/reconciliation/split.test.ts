import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { holdings } from '@/db/schema';
import { control } from '@/server/testing/control';
import { startDesk, type TestDesk } from '@/server/testing/desk';
import { until } from '@/server/testing/until';

/** A Monday, half an hour after the opening in New York; ahead of every desk's clock, or its prices would be old. */
const MONDAY = '2035-11-19T15:00:00Z';
const DAY_MS = 24 * 60 * 60_000;

let desk: TestDesk;
beforeAll(async () => {
  desk = await startDesk({ EXCHANGE_CLOCK: MONDAY });
});
afterAll(() => desk.dispose());

test('a split of a stock leaves the books in agreement, its cost as it was, and the working order restated', async () => {
  const trader = await desk.signUp();
  const opened = await until('the books are open', async () => {
    const found = await trader.trpc.reconciliation.get.query();
    return found.openedAt === null ? null : found;
  });
  const { accountId } = opened;
  const orderOf = (id: string) => trader.trpc.orders.get.query({ id });
  const bought = await trader.trpc.orders.submit.mutate({ symbol: 'AAPL', side: 'buy', qty: '10' });
  await until('it is filled', async () => (await orderOf(bought.id)).status === 'filled');
  const far = { symbol: 'AAPL', side: 'buy', type: 'limit', timeInForce: 'gtc' } as const;
  const working = await trader.trpc.orders.submit.mutate({ ...far, limitPrice: '80', qty: '3' });
  await until('it works', async () => (await orderOf(working.id)).status === 'new');
  const rows = () => desk.parts.database.db.select().from(holdings).where(eq(holdings.accountId, accountId));
  const [before] = await rows();

  const split = { type: 'forward_split', symbol: 'AAPL', new_rate: 4, ex_date: '2035-11-20' };
  expect((await control(desk, 'POST', 'corporate-actions', split)).status).toBe(201);
  await control(desk, 'POST', 'clock', { advance_ms: DAY_MS });

  await until('the split is in the books', async () => {
    await trader.trpc.reconciliation.compare.mutate({ accountId });
    return (await rows())[0]?.qty === '40';
  });
  expect((await rows())[0]?.costMicros).toBe(before?.costMicros);
  const restated = await until('the order is restated', async () => {
    const order = await orderOf(working.id);
    return order.qty === '12' ? order : null;
  });
  expect(restated).toMatchObject({ status: 'new', limitPrice: '20' });
  const { events } = await trader.trpc.orders.events.query({ id: working.id });
  expect(events.map(({ message }) => message)).toContain('the venue changed its quantity and limit');
  const { drifts } = await trader.trpc.reconciliation.compare.mutate({ accountId });
  expect(drifts).toEqual([]);
}, 60_000);
