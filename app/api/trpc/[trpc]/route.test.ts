import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { setContainer } from '@/server/running';
import { startDesk, type TestDesk } from '@/server/testing/desk';
import type { Trader } from '@/server/testing/trader';
import { GET, POST } from './route';

let desk: TestDesk;
let trader: Trader;

beforeAll(async () => {
  desk = await startDesk();
  trader = await desk.signUp();
  setContainer(desk.parts);
});
afterAll(() => desk.dispose());

const request = (path: string, init: RequestInit = {}) =>
  new Request(`http://desk.test/api/trpc/${path}`, init);

describe('the portable mount', () => {
  test('answers a query for a valid token and refuses one without', async () => {
    const own = await GET(request('auth.me', { headers: trader.bearer }));
    expect(await own.json()).toMatchObject({ result: { data: { id: trader.user.id } } });
    expect((await GET(request('auth.me'))).status).toBe(401);
  });

  test('takes a mutation and refuses a bad one with the field', async () => {
    const headers = { ...trader.bearer, 'content-type': 'application/json' };
    const submit = (order: object) =>
      POST(request('orders.submit', { method: 'POST', headers, body: JSON.stringify(order) }));
    expect((await submit({ symbol: 'AAPL', side: 'buy', qty: '1', limitPrice: '1' })).status).toBe(200);
    const refused = await submit({ symbol: 'AAPL', side: 'buy', qty: '-1' });
    expect(refused.status).toBe(422);
    expect(await refused.json()).toMatchObject({ error: { data: { fields: [{ field: 'qty' }] } } });
  });

  test('streams hello and then quotes', async () => {
    const stop = new AbortController();
    const input = encodeURIComponent(JSON.stringify({ symbols: ['AAPL'] }));
    const answer = await GET(
      request(`stream.watch?input=${input}`, { headers: trader.bearer, signal: stop.signal }),
    );
    let text = '';
    for await (const chunk of answer.body ?? []) {
      text += new TextDecoder().decode(chunk);
      if (text.includes('"type":"quote"')) break;
    }
    stop.abort();
    expect(text.indexOf('"type":"hello"')).toBeGreaterThan(-1);
    expect(text.indexOf('"type":"hello"')).toBeLessThan(text.indexOf('"type":"quote"'));
  });
});
