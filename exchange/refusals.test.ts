import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Exchange, startExchange } from './index';

const headers = { 'APCA-API-KEY-ID': 'PKREFUSE', 'APCA-API-SECRET-KEY': 'secret' };
let exchange: Exchange;

beforeAll(async () => {
  const accounts = [{ keyId: 'PKREFUSE', secret: 'secret' }];
  exchange = await startExchange({ accounts, rateLimit: 'off' });
});
afterAll(() => exchange.close());

const good = { symbol: 'AAPL', qty: '1', side: 'buy', type: 'market', time_in_force: 'day' };
const limit = { ...good, type: 'limit', limit_price: '10' };

const refusals: readonly [title: string, body: unknown, status: number, code: number, message: RegExp][] = [
  ['no quantity', { ...good, qty: undefined }, 422, 40010001, /qty or notional is required/],
  ['quantity and notional', { ...good, notional: '5' }, 422, 40010001, /only one of qty or notional/],
  ['quantity 0', { ...good, qty: '0' }, 422, 40010001, /qty must be > 0/],
  ['quantity -1', { ...good, qty: -1 }, 422, 40010001, /qty must be > 0/],
  ['quantity NaN', { ...good, qty: 'NaN' }, 422, 40010001, /invalid qty/],
  ['quantity 0.0000000001', { ...good, qty: '0.0000000001' }, 422, 40010001, /invalid qty/],
  ['quantity 10^12', { ...good, qty: '1000000000000' }, 403, 40310000, /insufficient buying power/],
  ['a wrong side', { ...good, side: 'hold' }, 422, 40010001, /invalid side/],
  ['a wrong type', { ...good, type: 'iceberg' }, 422, 40010001, /invalid order type/],
  ['a wrong time in force', { ...good, time_in_force: 'never' }, 422, 40010001, /invalid time_in_force/],
  ['an unknown symbol', { ...good, symbol: 'NOSUCH' }, 422, 42210000, /asset "NOSUCH" not found/],
  [
    'a limit order without price',
    { ...limit, limit_price: undefined },
    422,
    40010001,
    /require a limit price/,
  ],
  ['a market order with price', { ...good, limit_price: '1' }, 422, 40010001, /no stop or limit price/],
  [
    'a sub-penny price',
    { ...limit, limit_price: '10.123' },
    422,
    42210000,
    /invalid limit_price 10.123. sub-penny/,
  ],
  ['a fractional gtc order', { ...limit, qty: '0.5', time_in_force: 'gtc' }, 422, 42210000, /must be DAY/],
  [
    'extended hours at the market',
    { ...good, extended_hours: true },
    422,
    42210000,
    /extended hours order must/,
  ],
  ['a fractional short sale', { ...good, side: 'sell', qty: '0.5' }, 422, 42210000, /fractional/],
  [
    'a buy stop below the market',
    { ...good, type: 'stop', stop_price: '1' },
    422,
    42210000,
    /stop price must be greater/,
  ],
  [
    'a notional under $1',
    { ...good, qty: undefined, notional: '0.5' },
    403,
    40310000,
    /minimal amount of order 1/,
  ],
  [
    'a bracket order',
    { ...good, order_class: 'bracket' },
    422,
    42210000,
    /not supported by this exchange yet/,
  ],
  ['a long client order id', { ...good, client_order_id: 'x'.repeat(129) }, 422, 40010001, /128/],
  ['a symbol that is no text', { ...good, symbol: 5 }, 400, 40010000, /request body format/],
  ['a wrong intent', { ...good, position_intent: 'buy_to_close' }, 422, 42210000, /inferred: buy_to_open/],
];

async function post(body: unknown): Promise<{ status: number; json: unknown; id: string | null }> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await fetch(`${exchange.url}/v2/orders`, { method: 'POST', headers, body: text });
  return { status: answer.status, json: await answer.json(), id: answer.headers.get('x-request-id') };
}

describe('an order is refused', () => {
  test.each(refusals)('with %s', async (_title, body, status, code, message) => {
    const answer = await post(body);
    expect(answer).toMatchObject({ status, json: { code, message: expect.stringMatching(message) } });
    expect(answer.id).toMatch(/^[0-9a-f]{32}$/);
  });

  test('when its body is no JSON', async () => {
    expect(await post('{"symbol":')).toMatchObject({ status: 400, json: { code: 40010000 } });
  });

  test('when its client order id was used before', async () => {
    expect(await post({ ...limit, client_order_id: 'once' })).toMatchObject({ status: 200 });
    expect(await post({ ...limit, client_order_id: 'once' })).toMatchObject({
      status: 422,
      json: { code: 40010001, message: 'client_order_id must be unique' },
    });
  });

  test('when it could trade with the own other side', async () => {
    expect(await post({ ...limit, symbol: 'IBM' })).toMatchObject({ status: 200 });
    expect(await post({ ...limit, symbol: 'IBM', side: 'sell', limit_price: '9' })).toMatchObject({
      status: 403,
      json: { code: 40310000, message: 'cannot open a short sell while a long buy order is open' },
    });
  });
});

describe('a request is refused', () => {
  const get = (path: string, more: RequestInit = {}): Promise<Response> =>
    fetch(exchange.url + path, { headers, ...more });

  test('with 401 for a wrong secret', async () => {
    const answer = await get('/v2/account', { headers: { ...headers, 'APCA-API-SECRET-KEY': 'no' } });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toEqual({ message: 'unauthorized.' });
  });

  test.each([
    ['/v2/nothing', 404, 'endpoint not found'],
    ['/v2/orders/12', 422, 'order_id is missing'],
    ['/v2/positions/AAPL', 404, 'position does not exist'],
    ['/v2/assets/NOSUCH', 404, 'asset not found for NOSUCH'],
    [
      '/v2/stocks/bars?symbols=AAPL&limit=10001',
      400,
      'invalid limit: larger than the allowed maximum of 10000',
    ],
    ['/v2/stocks/bars?symbols=AAPL&adjustment=bogus', 400, 'invalid adjustment: bogus'],
    [
      '/v2/stocks/quotes/latest?symbols=AAPL&feed=sip',
      403,
      'subscription does not permit querying recent SIP data',
    ],
  ])('%s with %i', async (path, status, message) => {
    const answer = await get(path);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ message });
  });

  test('with 401 on control without the token', async () => {
    expect((await get('/control/journal')).status).toBe(401);
  });

  test('with 429 beyond the rate limit, which every answer tells', async () => {
    const limited = await startExchange({
      accounts: [{ keyId: 'PKREFUSE', secret: 'secret' }],
      rateLimit: 2,
    });
    const statuses: number[] = [];
    for (let i = 0; i < 5; i += 1) {
      const answer = await fetch(`${limited.url}/v2/account`, { headers });
      expect(answer.headers.get('x-ratelimit-limit')).toBe('2');
      statuses.push(answer.status);
    }
    expect(statuses).toContain(429);
    await limited.close();
  });
});
