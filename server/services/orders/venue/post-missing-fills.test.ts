import { afterAll, beforeAll, expect, test } from 'vitest';
import { control, setFault } from '@/server/testing/control';
import { startDesk, type TestDesk } from '@/server/testing/desk';
import type { Trader } from '@/server/testing/trader';
import { until } from '@/server/testing/until';
import { accountRecords } from '../../accounts/account-record';
import { reconcileAccount } from './reconcile-orders';

let desk: TestDesk;
let trader: Trader;

beforeAll(async () => {
  desk = await startDesk();
  trader = await desk.signUp();
});
afterAll(() => desk.dispose());

/** Cuts the exchange's order streams and refuses new ones for a while. */
const cutOrderStreams = async (milliseconds: number): Promise<number> =>
  (await control(desk, 'POST', 'streams/drop', { stream: 'trading', refuse_for_ms: milliseconds })).status;

const fillsOf = async (id: string) =>
  (await trader.trpc.orders.events.query({ id })).events.flatMap(({ fill }) => (fill === null ? [] : [fill]));
const sum = (fills: { qty: string }[]) => fills.reduce((total, { qty }) => total + Number(qty), 0);

test('executions while the stream was down are posted once when it is back', async () => {
  const first = await trader.trpc.orders.submit.mutate({ symbol: 'SPY', side: 'buy', qty: '1' });
  await until('the stream brought a fill', async () => sum(await fillsOf(first.id)) === 1);
  expect(await cutOrderStreams(1_500)).toBe(200);
  const { id } = await trader.trpc.orders.submit.mutate({ symbol: 'SPY', side: 'buy', qty: '7' });
  await until('the sweep posted it', async () => sum(await fillsOf(id)) === 7);
  expect(await trader.trpc.orders.get.query({ id })).toMatchObject({ status: 'filled', filledQty: '7' });
  // Another sweep finds nothing new.
  expect(await cutOrderStreams(0)).toBe(200);
  const later = await trader.trpc.orders.submit.mutate({ symbol: 'SPY', side: 'buy', qty: '2' });
  await until('the stream is back again', async () => sum(await fillsOf(later.id)) === 2);
  expect(sum(await fillsOf(id))).toBe(7);
  expect(sum(await fillsOf(first.id))).toBe(1);
}, 30_000);

test('executions are found by a desk whose clock is ten minutes ahead of its venue', async () => {
  const order = { symbol: 'SPY', side: 'buy', type: 'limit', limitPrice: '5', qty: '9' } as const;
  const { id, venueOrderId } = await trader.trpc.orders.submit.mutate(order);
  await setFault(desk, { kind: 'stream', action: 'silence' });
  await control(desk, 'POST', 'fills', { order_id: venueOrderId, qty: '4' });
  const [account] = await accountRecords(desk.parts.database.db);
  if (account === undefined) throw new Error('the account has gone');
  // The first time the order itself is looked up, and shows that it lacks an execution.
  const ahead = Date.now() + 10 * 60_000;
  for (const _time of [1, 2]) await reconcileAccount(desk.parts.services, account, ahead);
  expect(sum(await fillsOf(id))).toBe(4);
  await setFault(desk, null);
});
