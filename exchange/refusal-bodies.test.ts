import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Exchange, startExchange } from './index';

const headers = { 'APCA-API-KEY-ID': 'PKREFUSE', 'APCA-API-SECRET-KEY': 'secret' };
const accounts = [{ keyId: 'PKREFUSE', secret: 'secret' }];
let exchange: Exchange;

beforeAll(async () => {
  exchange = await startExchange({ accounts, rateLimit: 'off' });
});
afterAll(() => exchange.close());

const good = { symbol: 'AAPL', qty: '1', side: 'buy', type: 'market', time_in_force: 'day' };
const limit = { ...good, type: 'limit', limit_price: '10' };
const idOf = (json: unknown): string => z.object({ id: z.string() }).parse(json).id;

describe('a refusal says besides its message', () => {
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown[]> => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(exchange.url + path, { method, headers, ...sent });
    return [answer.status, await answer.json()];
  };
  const control = (path: string, body: unknown): Promise<Response> =>
    fetch(`${exchange.url}/control/${path}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${exchange.controlToken}` },
      body: JSON.stringify(body),
    });
  const nobody = '00000000-0000-4000-8000-000000000000';
  const decimal = expect.stringMatching(/^\d+(\.\d+)?$/);

  test.each([
    ['GET', `/v2/orders/${nobody}`, `order not found for ${nobody}`],
    ['PATCH', `/v2/orders/${nobody}`, `order not found for ${nobody}`],
    ['DELETE', `/v2/orders/${nobody}`, `order not found for ${nobody}`],
    ['GET', '/v2/orders:by_client_order_id?client_order_id=none', 'order not found for none'],
    ['GET', '/v2/positions/NOSUCH', 'symbol not found: NOSUCH'],
    ['DELETE', '/v2/positions/AMZN', 'position does not exist'],
    ['POST', '/v2/positions/AAPL280121C00270000/exercise', 'long position not found: AAPL280121C00270000'],
  ])('%s %s: 404 with code 40410000', async (method, path, message) => {
    expect(await ask(method, path, method === 'GET' ? undefined : {})).toEqual([
      404,
      { code: 40410000, message },
    ]);
  });

  test('what there is and what it would cost, without buying power', async () => {
    expect(await ask('POST', '/v2/orders', { ...limit, limit_price: '200', qty: '5000' })).toEqual([
      403,
      { code: 40310000, message: 'insufficient buying power', buying_power: decimal, cost_basis: '1000000' },
    ]);
  });

  test('what is held and by which orders, without quantity', async () => {
    const of = { key_id: 'PKREFUSE', symbol: 'PG', qty: '10' };
    await control('positions', of);
    const resting = { ...limit, symbol: 'PG', side: 'sell', qty: '8', limit_price: '900' };
    const [, first] = await ask('POST', '/v2/orders', resting);
    expect(await ask('POST', '/v2/orders', { ...good, symbol: 'PG', side: 'sell', qty: '5' })).toEqual([
      403,
      {
        code: 40310000,
        message: 'insufficient qty available for order (requested: 5, available: 2)',
        symbol: 'PG',
        available: '2',
        existing_qty: '10',
        held_for_orders: '8',
        related_orders: [idOf(first)],
      },
    ]);
  });

  test('which stop and which market price, on the wrong side', async () => {
    expect(await ask('POST', '/v2/orders', { ...good, type: 'stop', stop_price: '1.5' })).toEqual([
      422,
      {
        code: 42210000,
        message: 'stop price must be greater than current price',
        market_price: decimal,
        stop_price: '1.5',
      },
    ]);
  });

  test('that a replacement must leave more than was filled', async () => {
    const [, placed] = await ask('POST', '/v2/orders', { ...limit, symbol: 'WMT', qty: '10' });
    const order_id = idOf(placed);
    await control('fills', { order_id, qty: '4' });
    expect(await ask('PATCH', `/v2/orders/${order_id}`, { qty: '4' })).toEqual([
      422,
      { code: 42210000, message: 'qty must be > filled_qty' },
    ]);
  });

  test('that a watchlist of that name is there', async () => {
    expect(await ask('POST', '/v2/watchlists', { name: 'one' })).toMatchObject([200, { name: 'one' }]);
    expect(await ask('POST', '/v2/watchlists', { name: 'one' })).toEqual([
      422,
      { code: 40010001, message: 'watchlist name must be unique' },
    ]);
  });

  test('500 with code 50010000 when it is our fault', async () => {
    const match = { method: 'GET', route: '/v2/account' };
    await control('faults', {
      kind: 'http',
      phase: 'before',
      action: 'status',
      status: 500,
      count: 1,
      match,
    });
    expect(await ask('GET', '/v2/account')).toEqual([
      500,
      { code: 50010000, message: 'internal server error occurred' },
    ]);
  });

  test.each([
    ['/v2/account', { code: 42910000, message: 'rate limit exceeded' }],
    ['/v2/stocks/quotes/latest?symbols=AAPL', { message: 'too many requests.' }],
  ])('%s: 429, of market data without a code', async (path, body) => {
    const limited = await startExchange({ accounts, rateLimit: 1 });
    // The minute may turn between two requests.
    let answer = await fetch(limited.url + path, { headers });
    for (let tries = 0; tries < 5 && answer.status === 200; tries += 1)
      answer = await fetch(limited.url + path, { headers });
    expect([answer.status, await answer.json()]).toEqual([429, body]);
    await limited.close();
  });

  test('that a contract is expired, and not before', async () => {
    const after = await startExchange({ accounts, clock: '2026-11-20T21:05:00Z', rateLimit: 'off' });
    const order = { ...limit, symbol: 'AAPL261120C00200000' };
    const answer = await fetch(`${after.url}/v2/orders`, {
      method: 'POST',
      headers,
      body: JSON.stringify(order),
    });
    expect([answer.status, await answer.json()]).toEqual([
      422,
      { code: 42210000, message: 'contract "AAPL261120C00200000" is expired' },
    ]);
    await after.close();
  });
});
