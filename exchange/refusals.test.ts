import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
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

const exits = { take_profit: { limit_price: '999' }, stop_loss: { stop_price: '100' } };
const bracket = { ...good, order_class: 'bracket', ...exits };
const oco = {
  ...limit,
  side: 'sell',
  limit_price: '999',
  order_class: 'oco',
  stop_loss: { stop_price: '100' },
};

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
  ['a long client order id', { ...good, client_order_id: 'x'.repeat(129) }, 422, 40010001, /128/],
  ['a symbol that is no text', { ...good, symbol: 5 }, 400, 40010000, /request body format/],
  ['a quantity given as a list', { ...good, qty: [1] }, 400, 40010000, /request body format/],
  ['notional 0', { ...good, qty: undefined, notional: '0' }, 422, 40010001, /notional must be > 0/],
  [
    'a notional limit order',
    { ...limit, qty: undefined, notional: '50' },
    422,
    42210000,
    /notional orders must be DAY market/,
  ],
  ['limit price 0', { ...limit, limit_price: '0' }, 422, 40010001, /limit price must be > 0/],
  ['stop price -1', { ...good, type: 'stop', stop_price: '-1' }, 422, 40010001, /stop price must be > 0/],
  [
    'a stop order without price',
    { ...good, type: 'stop' },
    422,
    40010001,
    /stop orders require a stop price/,
  ],
  [
    'a stop limit order with one price',
    { ...good, type: 'stop_limit', stop_price: '999' },
    422,
    40010001,
    /stop limit orders require both stop and limit price/,
  ],
  [
    'a sub-penny stop',
    { ...good, type: 'stop', stop_price: '999.005' },
    422,
    42210000,
    /invalid stop_price 999.005/,
  ],
  ['five decimals below $1', { ...limit, limit_price: '0.12345' }, 422, 42210000, /sub-penny/],
  [
    'a trailing stop without trail',
    { ...good, type: 'trailing_stop' },
    422,
    40010001,
    /must specify one of trail_price/,
  ],
  [
    'a trailing stop with two trails',
    { ...good, type: 'trailing_stop', trail_price: '1', trail_percent: '1' },
    422,
    40010001,
    /must specify one of trail_price or trail_percent/,
  ],
  [
    'a trail under 0.1 %',
    { ...good, type: 'trailing_stop', trail_percent: '0.05' },
    422,
    40010001,
    /trail_percent must be >= 0.1/,
  ],
  ['a trail on a market order', { ...good, trail_price: '1' }, 422, 40010001, /only trailing stop orders/],
  [
    'a trailing stop for the close',
    { ...good, type: 'trailing_stop', trail_price: '1', time_in_force: 'cls' },
    422,
    40010001,
    /invalid time_in_force/,
  ],
  [
    'a stop that is immediate',
    { ...good, type: 'stop', stop_price: '999', time_in_force: 'ioc' },
    422,
    40010001,
    /invalid time_in_force/,
  ],
  [
    'a fractional trailing stop',
    { ...good, type: 'trailing_stop', trail_price: '1', qty: '0.5' },
    422,
    42210000,
    /fractional orders must be market, limit/,
  ],
  [
    'an extended ioc order',
    { ...limit, extended_hours: true, time_in_force: 'ioc' },
    422,
    42210000,
    /extended hours order must be DAY or GTC limit/,
  ],
  [
    'a sell stop above the market',
    { ...good, side: 'sell', type: 'stop', stop_price: '999' },
    422,
    42210000,
    /stop price must be less than current price/,
  ],
  ['an unknown class', { ...good, order_class: 'fan' }, 422, 40010001, /invalid order class/],
  [
    'a class of several legs',
    { ...good, order_class: 'mleg' },
    422,
    40010001,
    /symbol is not allowed for mleg/,
  ],
  [
    'several legs without symbol',
    { ...good, symbol: undefined, order_class: 'mleg' },
    422,
    42210000,
    /at least 2 legs and at most 4 legs/,
  ],
  [
    'exits on a simple order',
    { ...good, ...exits },
    422,
    40010001,
    /simple orders must not have take_profit/,
  ],
  [
    'a bracket without profit',
    { ...bracket, take_profit: undefined },
    422,
    40010001,
    /take_profit.limit_price/,
  ],
  ['a bracket without stop', { ...bracket, stop_loss: {} }, 422, 40010001, /stop_loss.stop_price/],
  [
    'a stop bracket',
    { ...bracket, type: 'stop', stop_price: '999' },
    422,
    40010001,
    /bracket orders must be market or limit/,
  ],
  [
    'a fractional bracket',
    { ...bracket, qty: '1.5' },
    422,
    42210000,
    /fractional orders must be simple orders/,
  ],
  ['an ioc bracket', { ...bracket, time_in_force: 'ioc' }, 422, 40010001, /must be DAY or GTC/],
  [
    'an extended bracket',
    { ...bracket, type: 'limit', limit_price: '200', extended_hours: true },
    422,
    42210000,
    /extended hours orders must be simple/,
  ],
  [
    'a bracket upside down',
    { ...bracket, take_profit: { limit_price: '90' } },
    422,
    42210000,
    /take_profit.limit_price must be > stop_loss.stop_price/,
  ],
  [
    'a stop limit beyond its stop',
    { ...bracket, stop_loss: { stop_price: '100', limit_price: '101' } },
    422,
    42210000,
    /stop_loss.limit_price must be <= stop_loss.stop_price/,
  ],
  [
    'a profit below the entry',
    { ...bracket, take_profit: { limit_price: '101' } },
    422,
    42210000,
    /take_profit.limit_price must be >= base_price \+ 0.01/,
  ],
  [
    'a stop above the entry',
    { ...bracket, type: 'limit', limit_price: '100', stop_loss: { stop_price: '100' } },
    422,
    42210000,
    /stop_loss.stop_price must be <= base_price - 0.01/,
  ],
  ['a sub-penny profit', { ...bracket, take_profit: { limit_price: '999.001' } }, 422, 42210000, /sub-penny/],
  ['an OCO without position', { ...oco }, 422, 42210000, /oco orders must be exit orders/],
  [
    'an OCO at the market',
    { ...oco, type: 'market', limit_price: undefined },
    422,
    40010001,
    /must be limit orders/,
  ],
  ['an OCO without stop', { ...oco, stop_loss: undefined }, 422, 40010001, /oco orders require stop_loss/],
  [
    'an OTO with both exits',
    { ...bracket, order_class: 'oto' },
    422,
    40010001,
    /one of take_profit or stop_loss/,
  ],
  [
    'too large a cost',
    { ...limit, limit_price: '200', qty: '1000000' },
    403,
    40310000,
    /insufficient buying power/,
  ],
  [
    'a limit order under $1',
    { ...limit, limit_price: '0.5' },
    403,
    40310000,
    /cost basis must be >= minimal amount of order 1/,
  ],
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

describe('an account refuses', () => {
  const patchConfigurations = async (body: unknown): Promise<number> => {
    const url = `${exchange.url}/v2/account/configurations`;
    return (await fetch(url, { method: 'PATCH', headers, body: JSON.stringify(body) })).status;
  };
  const short = { ...limit, symbol: 'KO', side: 'sell', limit_price: '900' };

  test.each([
    [
      'any order while trading is suspended',
      { suspend_trade: true },
      limit,
      /new orders are rejected by user/,
    ],
    ['a short sale when it wants none', { no_shorting: true }, short, /account is not allowed to short/],
    ['a short sale without margin', { max_margin_multiplier: '1' }, short, /account is not allowed to short/],
    [
      'fractions when it wants none',
      { fractional_trading: false },
      { ...good, qty: '0.5' },
      /not allowed to trade fractional/,
    ],
    [
      'more than its cash without margin',
      { max_margin_multiplier: '1' },
      { ...limit, limit_price: '250', qty: '500' },
      /insufficient buying power/,
    ],
  ])('%s', async (_title, wish, body, message) => {
    expect(await patchConfigurations(wish)).toBe(200);
    expect(await post(body)).toMatchObject({
      status: 403,
      json: { code: 40310000, message: expect.stringMatching(message) },
    });
    const usual = { suspend_trade: false, no_shorting: false, fractional_trading: true };
    expect(await patchConfigurations({ ...usual, max_margin_multiplier: '4' })).toBe(200);
  });

  test('a bracket that would close a position, a flip, and a wash trade', async () => {
    expect(await post({ ...good, symbol: 'KO', qty: '10' })).toMatchObject({ status: 200 });
    const held = async (): Promise<boolean> =>
      (await fetch(`${exchange.url}/v2/positions/KO`, { headers })).ok;
    while (!(await held()));
    expect(await post({ ...bracket, symbol: 'KO', side: 'sell', ...flipped })).toMatchObject({
      status: 422,
      json: { code: 42210000, message: 'bracket orders must be entry orders' },
    });
    expect(await post({ ...good, symbol: 'KO', side: 'sell', qty: '15' })).toMatchObject({
      status: 403,
      json: {
        message: expect.stringMatching(/insufficient qty available for order \(requested: 15, available:/),
      },
    });
    const resting = await post({ ...limit, symbol: 'KO', limit_price: '20' });
    expect(await post({ ...good, symbol: 'KO', side: 'sell' })).toMatchObject({
      status: 403,
      json: {
        code: 40310000,
        message: 'potential wash trade detected. use complex orders',
        reject_reason: 'opposite side market/stop order exists',
        existing_order_id: idOf(resting.json),
      },
    });
    expect(await post({ ...limit, symbol: 'KO', side: 'sell', limit_price: '15' })).toMatchObject({
      status: 403,
    });
    expect(await post({ ...limit, symbol: 'KO', side: 'sell', limit_price: '300' })).toMatchObject({
      status: 200,
    });
  });
});

const flipped = { take_profit: { limit_price: '10' }, stop_loss: { stop_price: '900' } };
const idOf = (json: unknown): string => z.object({ id: z.string() }).parse(json).id;

describe('a replacement is refused', () => {
  test.each([
    ['without a change', {}, 422, 42210000, 'order parameters are not changed'],
    ['to a fraction', { qty: '1.5' }, 422, 42210000, 'fractional orders cannot change qty'],
    ['to quantity 0', { qty: '0' }, 422, 40010001, 'qty must be > 0'],
    ['with a trail', { trail: '1' }, 422, 40010001, 'only trailing stop orders have a trail'],
    ['with a stop price', { stop_price: '5' }, 422, 40010001, 'limit orders require no stop price'],
    ['with an unknown time in force', { time_in_force: 'x' }, 422, 40010001, 'invalid time_in_force'],
    ['with a list', { qty: [] }, 400, 40010000, 'request body format is invalid'],
    ['above buying power', { qty: '9999999' }, 403, 40310000, 'insufficient buying power'],
  ])('%s', async (_title, body, status, code, message) => {
    const placed = await post({ ...limit, symbol: 'XOM', time_in_force: 'gtc' });
    const path = `/v2/orders/${idOf(placed.json)}`;
    while (!(await (await fetch(exchange.url + path, { headers })).text()).includes('"status":"new"'));
    const answer = await fetch(exchange.url + path, { method: 'PATCH', headers, body: JSON.stringify(body) });
    expect([answer.status, await answer.json()]).toMatchObject([status, { code, message }]);
  });

  test('before the order works, and after it ended', async () => {
    // A halted symbol's orders stay what they are at first.
    const halt = { method: 'POST', headers: { Authorization: `Bearer ${exchange.controlToken}` } };
    await fetch(`${exchange.url}/control/halt`, { ...halt, body: '{"symbol":"CVX"}' });
    const placed = await post({ ...limit, symbol: 'CVX' });
    const url = `${exchange.url}/v2/orders/${idOf(placed.json)}`;
    const patch = async (): Promise<unknown> =>
      (await fetch(url, { method: 'PATCH', headers, body: '{"limit_price":"11"}' })).json();
    expect(await patch()).toMatchObject({ message: 'cannot replace order in pending_new status' });
    await fetch(url, { method: 'DELETE', headers });
    while (!(await (await fetch(url, { headers })).text()).includes('"status":"canceled"'));
    expect(await patch()).toMatchObject({ message: 'unable to replace order, order is not open' });
    const again = await fetch(url, { method: 'DELETE', headers });
    expect([again.status, await again.json()]).toMatchObject([
      422,
      { code: 42210000, message: 'order is already in "canceled" state' },
    ]);
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
