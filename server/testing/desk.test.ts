import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDesk, type TestDesk } from './desk';

let desk: TestDesk;
beforeAll(async () => {
  desk = await startDesk();
});
afterAll(() => desk.dispose());

test('a signed-up trader sees a live quote over tRPC and REST', async () => {
  const trader = await desk.signUp();
  const quote = await trader.trpc.quotes.get.query({ symbol: 'AAPL' });
  expect(Number(quote.bid)).toBeGreaterThan(0);
  const reply = await trader.rest('GET', '/api/v1/stocks/AAPL/quote');
  expect(reply.status).toBe(200);
  expect(reply.json).toMatchObject({ symbol: 'AAPL' });
});
