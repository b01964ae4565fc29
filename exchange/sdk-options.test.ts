import { trading } from '@alpacahq/alpaca-trade-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { isoDate, newYorkDay } from './clock/new-york';
import { type Exchange, startExchange } from './index';
import { schemaProblems } from './testing/schema-check';

const headers = { 'APCA-API-KEY-ID': 'PKSDKOPT', 'APCA-API-SECRET-KEY': 'secret' };
const contract = z.object({ symbol: z.string(), strike_price: z.coerce.number() });
let exchange: Exchange;
let orders: trading.OrdersApi;
let positions: trading.PositionsApi;
/** Calls of one expiry about the money, by strike. */
let calls: string[] = [];

const ask = async (path: string): Promise<unknown> => (await fetch(exchange.url + path, { headers })).json();

async function place(postOrderRequest: trading.PostOrderRequest): Promise<string> {
  const { id = '' } = await orders.postOrder({ postOrderRequest });
  for (let tries = 0; tries < 200; tries += 1) {
    const { status } = await orders.getOrderByOrderID({ orderId: id });
    if (status === 'filled') return id;
  }
  throw new Error('not filled');
}

beforeAll(async () => {
  exchange = await startExchange({
    accounts: [{ keyId: 'PKSDKOPT', secret: 'secret' }],
    partialFillRate: 0,
    rateLimit: 'off',
  });
  const config = new trading.Configuration({ basePath: exchange.url, headers });
  orders = new trading.OrdersApi(config);
  positions = new trading.PositionsApi(config);
  const day = isoDate(newYorkDay(Date.now()) + 14);
  const until = isoDate(newYorkDay(Date.now()) + 20);
  const found = await ask(
    `/v2/options/contracts?underlying_symbols=SPY&type=call&expiration_date_gte=${day}&expiration_date_lte=${until}&limit=1000`,
  );
  const list = z.object({ option_contracts: z.array(contract) }).parse(found).option_contracts;
  const { trade } = z
    .object({ trade: z.object({ p: z.number() }) })
    .parse(await ask('/v2/stocks/SPY/trades/latest'));
  calls = list
    .sort((a, b) => Math.abs(a.strike_price - trade.p) - Math.abs(b.strike_price - trade.p))
    .slice(0, 2)
    .sort((a, b) => a.strike_price - b.strike_price)
    .map(({ symbol }) => symbol);
});
afterAll(() => exchange.close());

describe('the official SDK', () => {
  test('buys an option and exercises it', async () => {
    const [symbol = ''] = calls;
    await place({ symbol, qty: '1', side: 'buy', type: 'market', timeInForce: 'day' });
    const held = await positions.getOpenPosition({ symbolOrAssetId: symbol });
    expect(held).toMatchObject({ symbol, assetClass: 'us_option', qty: '1' });
    expect(await ask('/v2/positions').then((list) => z.array(z.unknown()).parse(list))).toHaveLength(1);
    await positions.optionExercise({ symbolOrContractId: symbol });
    expect(await positions.getOpenPosition({ symbolOrAssetId: 'SPY' })).toMatchObject({ qty: '100' });
  });

  test('buys crypto by money and closes the position', async () => {
    await place({ symbol: 'ETH/USD', notional: '100', side: 'buy', type: 'market', timeInForce: 'gtc' });
    const closing = await positions.deleteOpenPosition({ symbolOrAssetId: 'ETHUSD' });
    expect(closing).toMatchObject({ symbol: 'ETH/USD', assetClass: 'crypto', side: 'sell' });
  });

  test('buys a spread, and every order is in the form of the document', async () => {
    const legs = calls.map((symbol, index) => ({
      symbol,
      ratioQty: '1',
      positionIntent: index === 0 ? ('buy_to_open' as const) : ('sell_to_open' as const),
    }));
    const id = await place({ orderClass: 'mleg', qty: '1', type: 'market', timeInForce: 'day', legs });
    expect(await ask(`/v2/orders/${id}?nested=true`)).toMatchObject({ legs: [{ ratio_qty: '1' }, {}] });
    const all = z.array(z.looseObject({ symbol: z.string(), type: z.string() }));
    const made = all.parse(await ask('/v2/orders?status=all&nested=true'));
    expect(made.length).toBeGreaterThan(2);
    const plain = made.filter(({ symbol }) => symbol !== '');
    expect(plain.flatMap((order) => schemaProblems('Order', order))).toEqual([]);
    const held = z.array(z.unknown()).parse(await ask('/v2/positions'));
    // Alpaca writes the exchange of an option as nothing, and its own list has no place for that or for crypto.
    const problems = held.flatMap((one) => schemaProblems('Position', one));
    expect(problems.filter((problem) => !problem.startsWith('Position.exchange'))).toEqual([]);
  });
});
