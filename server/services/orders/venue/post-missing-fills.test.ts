import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDesk, type TestDesk } from '@/server/testing/desk';
import type { Trader } from '@/server/testing/trader';
import { until } from '@/server/testing/until';

let desk: TestDesk;
let trader: Trader;

beforeAll(async () => {
  desk = await startDesk();
  trader = await desk.signUp();
});
afterAll(() => desk.dispose());

/** Cuts the exchange's order streams and refuses new ones for a while. */
async function cutOrderStreams(milliseconds: number): Promise<number> {
  const answer = await fetch(`${desk.parts.exchange.url}/control/streams/drop`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${desk.parts.secrets.exchangeControlToken}`,
    },
    body: JSON.stringify({ stream: 'trading', refuse_for_ms: milliseconds }),
  });
  return answer.status;
}

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
