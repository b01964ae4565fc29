import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { type Exchange, startExchange } from './index';

const keys = { keyId: 'PKFUZZ', secret: 'fuzz-secret' };
const headers = { 'APCA-API-KEY-ID': keys.keyId, 'APCA-API-SECRET-KEY': keys.secret };
const envelope = z.object({ message: z.string().min(1), code: z.number().int().optional() });

let exchange: Exchange;
const faults: unknown[] = [];
beforeAll(async () => {
  exchange = await startExchange({
    accounts: [keys],
    rateLimit: 'off',
    onError: (error) => faults.push(error),
  });
});
afterAll(() => exchange.close());

/** Contracts that are listed for years ahead. */
const CONTRACT = 'AAPL280121C00270000';
const OTHER = 'AAPL280121C00280000';

/** Values that are right, at the edge, of the wrong type, or hostile. */
const odd = fc.oneof(
  fc.constantFrom<unknown>(
    '',
    '0',
    '-1',
    '1e309',
    'NaN',
    '0.0000000001',
    '999999999999999',
    null,
    true,
    [],
    {},
    [1],
  ),
  fc.constantFrom<unknown>(
    '__proto__',
    'constructor',
    '\u0000',
    '\ud800',
    '💥'.repeat(50),
    'x'.repeat(5_000),
  ),
  fc.double(),
  fc.string(),
);
const mostly = (...values: unknown[]): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...values) }, { weight: 1, arbitrary: odd });

const body = fc.record(
  {
    symbol: mostly('AAPL', 'SPY', 'F', 'BTC/USD', CONTRACT),
    qty: mostly('1', '2.5', 10),
    notional: odd,
    side: mostly('buy', 'sell'),
    type: mostly('market', 'limit', 'stop', 'stop_limit', 'trailing_stop'),
    time_in_force: mostly('day', 'gtc', 'ioc', 'fok', 'opg', 'cls'),
    limit_price: mostly('100', '0.5', '99.999'),
    stop_price: mostly('100', '900'),
    trail_price: odd,
    trail_percent: mostly('1', '0.01'),
    extended_hours: mostly(true, false),
    order_class: mostly('', 'simple', 'bracket', 'oco', 'oto', 'mleg'),
    take_profit: mostly({ limit_price: '900' }, {}),
    stop_loss: mostly({ stop_price: '50', limit_price: '49' }, { stop_price: '900' }),
    position_intent: mostly('buy_to_open', 'sell_to_close'),
    client_order_id: odd,
    legs: mostly([
      { symbol: CONTRACT, ratio_qty: '1', position_intent: 'buy_to_open' },
      { symbol: OTHER, ratio_qty: 1, position_intent: 'sell_to_open' },
    ]),
    name: mostly('list'),
    symbols: mostly(['AAPL'], ['NOSUCH']),
  },
  { requiredKeys: [] },
);

const query = fc.dictionary(
  fc.constantFrom(
    'status',
    'limit',
    'after',
    'until',
    'date',
    'direction',
    'symbols',
    'side',
    'nested',
    'period',
    'timeframe',
    'start',
    'end',
    'page_size',
    'page_token',
    'qty',
    'percentage',
    'category',
    'before_order_id',
    'cancel_orders',
    'name',
    'intraday_reporting',
  ),
  fc.oneof(
    fc.constantFrom('all', '1', '1D', '1Min', '2026-11-20', 'true', 'AAPL', '50', '-5', '1e9', 'list'),
    fc.string(),
  ),
  { maxKeys: 4 },
);

const request = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PATCH', 'PUT', 'DELETE'),
  path: fc.constantFrom(
    '/v2/orders',
    '/v2/orders/last',
    '/v2/orders:by_client_order_id',
    '/v2/positions',
    '/v2/positions/AAPL',
    '/v2/positions/BTCUSD',
    `/v2/positions/${CONTRACT}/exercise`,
    `/v2/positions/${CONTRACT}/do-not-exercise`,
    '/v2/positions/%E0%A4%A',
    '/v2/account',
    '/v2/account/configurations',
    '/v2/account/activities',
    '/v2/account/activities/FILL',
    '/v2/account/portfolio/history',
    '/v2/assets',
    '/v2/watchlists',
    '/v2/watchlists:by_name',
    '/v2/watchlists/last',
    '/v2/calendar',
    '/v2/clock',
  ),
  query,
  body: fc.oneof({ weight: 8, arbitrary: body }, { weight: 1, arbitrary: odd }),
  raw: fc.option(fc.string(), { freq: 12 }),
});

test('no request finds a fault of ours, a hang or an answer out of form', async () => {
  let last = '00000000-0000-4000-8000-000000000000';
  await fc.assert(
    fc.asyncProperty(request, async ({ method, path, query: asked, body: sent, raw }) => {
      const url = new URL(exchange.url + path.replace('last', last));
      for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
      const hasBody = method !== 'GET' && method !== 'DELETE';
      const answer = await fetch(url, {
        method,
        headers,
        signal: AbortSignal.timeout(5_000),
        ...(hasBody ? { body: raw ?? JSON.stringify(sent) } : {}),
      });
      const text = await answer.text();
      expect(answer.status).toBeLessThan(500);
      expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/);
      const json: unknown = text === '' ? null : JSON.parse(text);
      expect(answer.status >= 400 ? envelope.safeParse(json).success : true).toBe(true);
      const made = z.object({ id: z.string() }).safeParse(json);
      if (made.success) last = made.data.id;
    }),
    { numRuns: 1_500 },
  );
  expect(faults).toEqual([]);
}, 60_000);
