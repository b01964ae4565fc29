import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { NaiveWorld } from '../../testing/naive-client';
import { schemaProblems } from '../../testing/schema-check';

let world: NaiveWorld;
let orderId = '';
let listId = '';

beforeAll(async () => {
  world = await NaiveWorld.start();
  const market = { type: 'market', limit_price: undefined };
  const exits = { take_profit: { limit_price: '900' }, stop_loss: { stop_price: '90' } };
  await world.place('filled', market);
  await world.until('filled', 'filled');
  await world.place('short', { ...market, symbol: 'KO', side: 'sell' });
  await world.place('group', { ...market, symbol: 'MSFT', order_class: 'bracket', ...exits });
  await world.place('trail', { ...market, symbol: 'AMD', type: 'trailing_stop', trail_percent: '2' });
  await world.place('money', { ...market, symbol: 'SPY', qty: undefined, notional: '50' });
  await world.place('gone');
  orderId = (await world.until('gone', 'new')).id;
  await world.ask('PATCH', `/v2/orders/${orderId}`, { limit_price: '101' });
  await world.control('POST', 'cash', { key_id: 'PKNAIVE', cash: '90000' });
  await world.until('short', 'filled');
  await world.until('money', 'filled');
  const { json } = await world.ask('POST', '/v2/watchlists', { name: 'mine', symbols: ['AAPL'] });
  listId = z.object({ id: z.string() }).parse(json).id;
});
afterAll(() => world.close());

/** Answers of lists are checked item by item, and there must be some. */
const rows = [
  ['GET', '/v2/account', 'Account'],
  ['GET', '/v2/account/configurations', 'AccountConfigurations'],
  ['PATCH', '/v2/account/configurations', 'AccountConfigurations'],
  ['GET', '/v2/account/activities/FILL', 'TradingActivities'],
  ['GET', '/v2/account/portfolio/history?period=1D&timeframe=5Min', 'PortfolioHistory'],
  ['GET', '/v2/account/portfolio/history?period=1M', 'PortfolioHistory'],
  ['GET', '/v2/orders?status=all', 'Order'],
  ['GET', '/v2/orders?status=all&nested=true', 'Order'],
  ['GET', '/v2/orders:by_client_order_id?client_order_id=group&nested=true', 'Order'],
  ['GET', '/v2/orders/:order', 'Order'],
  ['GET', '/v2/positions', 'Position'],
  ['GET', '/v2/positions/KO', 'Position'],
  ['GET', '/v2/assets?exchange=NYSE', 'Assets'],
  ['GET', '/v2/assets/AAPL', 'Assets'],
  ['GET', '/v2/watchlists', 'WatchlistWithoutAsset'],
  ['GET', '/v2/watchlists/:list', 'Watchlist'],
  ['PUT', '/v2/watchlists/:list', 'Watchlist'],
  ['GET', '/v2/clock', 'legacy_clock'],
  ['GET', '/v3/clock', 'clock_resp'],
  ['GET', '/v2/calendar?start=2026-11-20&end=2026-12-31', 'legacy_calendar_day'],
  ['GET', '/v3/calendar/NYSE?start=2026-11-20&end=2026-12-31', 'public_calendar_resp'],
  // Beyond the last year of four digits there are no days.
  ['GET', '/v2/calendar?start=9999-12-01&end=9999-12-31', 'legacy_calendar_day'],
  ['GET', '/v3/calendar/NYSE?start=9999-12-01&end=9999-12-31', 'public_calendar_resp'],
  ['DELETE', '/v2/positions/SPY?percentage=50', 'Order'],
  ['DELETE', '/v2/positions?cancel_orders=true', 'PositionClosedReponse'],
] as const;

describe("an answer is as Alpaca's OpenAPI document says", () => {
  test.each(rows)('%s %s: %s', async (method, path, name) => {
    const body = method === 'GET' || method === 'DELETE' ? undefined : {};
    const { json } = await world.ask(method, path.replace(':order', orderId).replace(':list', listId), body);
    const items: unknown[] = Array.isArray(json) ? json : [json];
    expect(items.length).toBeGreaterThan(0);
    expect(items.flatMap((item) => schemaProblems(name, item))).toEqual([]);
  });

  test('but for the date of other activities, which its own examples write without a time', async () => {
    const { json } = await world.ask('GET', '/v2/account/activities?category=non_trade_activity');
    const [activity] = z.array(z.unknown()).parse(json);
    const problems = schemaProblems('NonTradeActivities', activity);
    expect(problems).toEqual([
      expect.stringMatching(/^NonTradeActivities.date: \d{4}-\d\d-\d\d is no date-time$/),
    ]);
  });

  test.each(['true', 'True', '1'])('with legs inside for nested=%s, as Go reads a yes', async (yes) => {
    const path = `/v2/orders:by_client_order_id?client_order_id=group&nested=${yes}`;
    const { json } = await world.ask('GET', path);
    expect(z.object({ legs: z.array(z.unknown()) }).parse(json).legs).toHaveLength(2);
  });

  test('and a wrong one is found out', () => {
    expect(schemaProblems('Order', { type: 'iceberg', notional: 5, qty: '' })).toEqual([
      'Order.time_in_force: missing',
      'Order.notional: number, not string',
      'Order.qty: too short',
      'Order.type: iceberg is none of its values',
    ]);
  });
});

test.each([
  ['start=9999-12-31', 0],
  ['start=2026-11-20&end=2020-01-01', 0],
  ['start=0001-01-01', 36_500],
] as const)(
  'portfolio history of %s has at most %i points, no prices to come, and no end of years',
  async (query, most) => {
    const { status, json } = await world.ask('GET', `/v2/account/portfolio/history?timeframe=1D&${query}`);
    expect(status).toBe(200);
    const { timestamp } = z.object({ timestamp: z.array(z.number()) }).parse(json);
    expect(timestamp.length).toBeLessThanOrEqual(most + 1);
    expect(timestamp.filter((at) => at * 1000 > Date.now())).toEqual([]);
  },
);
