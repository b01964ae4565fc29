import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Exchange, startExchange } from '../../index';

const headers = { 'APCA-API-KEY-ID': 'PKSTOCKS', 'APCA-API-SECRET-KEY': 'secret' };
/** A Wednesday afternoon in New York: market hours are on. */
const clock = '2026-11-18T19:00:00Z';
let exchange: Exchange;

beforeAll(async () => {
  const accounts = [{ keyId: 'PKSTOCKS', secret: 'secret' }];
  exchange = await startExchange({ accounts, clock, rateLimit: 'off', seed: 3 });
});
afterAll(() => exchange.close());

const bar = z.object({ t: z.string(), o: z.number(), c: z.number(), v: z.number() });
const bars = z.object({ bars: z.record(z.string(), z.array(bar)), next_page_token: z.string().nullable() });

async function ask(path: string): Promise<{ status: number; headers: Headers; body: unknown }> {
  const response = await fetch(`${exchange.url}${path}`, { headers });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

const barsOf = async (query: string): Promise<z.infer<typeof bars>> =>
  bars.parse((await ask(`/v2/stocks/bars?${query}`)).body);

describe('stock bars', () => {
  const week = 'symbols=SPY,AAPL&start=2026-11-02&end=2026-11-13';

  test('come sorted by symbol, then time; the limit counts all symbols; a symbol may span two pages', async () => {
    const whole = await barsOf(`${week}&timeframe=1Day`);
    expect(whole.bars['AAPL']).toHaveLength(10);
    const pages: string[][] = [];
    let token = '';
    do {
      const page = await barsOf(`${week}&timeframe=1Day&limit=7&page_token=${encodeURIComponent(token)}`);
      pages.push(Object.entries(page.bars).flatMap(([symbol, list]) => list.map((one) => symbol + one.t)));
      token = page.next_page_token ?? '';
    } while (token !== '');
    expect(pages.map((page) => page.length)).toEqual([7, 7, 6]);
    expect(pages.flat()).toEqual(
      ['AAPL', 'SPY'].flatMap((symbol) => (whole.bars[symbol] ?? []).map((one) => symbol + one.t)),
    );
  });

  test('backwards are the same bars in reverse, page by page', async () => {
    const forward = await barsOf('symbols=AAPL&start=2025-01-01&end=2026-11-13&timeframe=1Month');
    const seen: unknown[] = [];
    let token = '';
    do {
      const query = `symbols=AAPL&start=2025-01-01&end=2026-11-13&timeframe=1Month&sort=desc&limit=5`;
      const page = await barsOf(`${query}&page_token=${encodeURIComponent(token)}`);
      seen.push(...(page.bars['AAPL'] ?? []));
      token = page.next_page_token ?? '';
    } while (token !== '');
    expect(seen.toReversed()).toEqual(forward.bars['AAPL']);
    expect(seen).toHaveLength(23);
  });

  test('of a day are stamped with midnight in New York, in winter and in summer', async () => {
    const winter = await barsOf('symbols=SPY&start=2026-01-12&end=2026-01-12T23:00:00Z&timeframe=1D');
    const summer = await barsOf('symbols=SPY&start=2026-07-13&end=2026-07-13T23:00:00Z&timeframe=1D');
    expect(winter.bars['SPY']?.[0]?.t).toBe('2026-01-12T05:00:00Z');
    expect(summer.bars['SPY']?.[0]?.t).toBe('2026-07-13T04:00:00Z');
  });

  test.each(['1Min', '59T', '23Hour', '1D', '1Week', '12M', '1min'])(
    'take the timeframe %s',
    async (frame) => {
      const { status } = await ask(`/v2/stocks/bars?symbols=SPY&start=2026-11-10&timeframe=${frame}&limit=3`);
      expect(status).toBe(200);
    },
  );

  test('of one symbol with nothing in range are null, and an unknown symbol is absent among many', async () => {
    const saturday = 'start=2026-11-14&end=2026-11-14T12:00:00Z&timeframe=1Min';
    const single = await ask(`/v2/stocks/AAPL/bars?${saturday}`);
    expect(single).toMatchObject({
      status: 200,
      body: { bars: null, symbol: 'AAPL', next_page_token: null },
    });
    const many = await barsOf('symbols=NOSUCH,SPY&start=2026-11-10&end=2026-11-11&timeframe=1Day');
    expect(Object.keys(many.bars)).toEqual(['SPY']);
  });

  test('adjusted for dividends lie below the raw ones in the past and meet them today', async () => {
    const query = 'symbols=VZ&start=2024-01-02&end=2026-11-18&timeframe=1Day&limit=10000';
    const [raw, dividend, both] = await Promise.all([
      barsOf(query),
      barsOf(`${query}&adjustment=dividend`),
      barsOf(`${query}&adjustment=split,dividend`),
    ]);
    const all = await barsOf(`${query}&adjustment=all`);
    expect(dividend.bars['VZ']?.[0]?.c).toBeLessThan((raw.bars['VZ']?.[0]?.c ?? 0) * 0.92);
    expect(dividend.bars['VZ']?.at(-1)?.c).toBe(raw.bars['VZ']?.at(-1)?.c);
    expect(both).toEqual(all);
  });
});

describe('stock auctions', () => {
  test('give each day its opening and closing prints, today only the opening', async () => {
    const { body } = await ask('/v2/stocks/auctions?symbols=AAPL&start=2026-11-17');
    const print = z.object({ t: z.string(), p: z.number(), x: z.literal('Q'), c: z.string() });
    const day = z.object({ d: z.string(), o: z.array(print), c: z.array(print) });
    const days = z.object({ auctions: z.object({ AAPL: z.array(day) }) }).parse(body).auctions.AAPL;
    expect(days.map(({ d, o, c }) => [d, o.map((one) => one.c), c.map((one) => one.c)])).toEqual([
      ['2026-11-17', ['O', 'Q'], ['6', 'M']],
      ['2026-11-18', ['O', 'Q'], []],
    ]);
    const daily = await barsOf('symbols=AAPL&start=2026-11-17&end=2026-11-17T22:00:00Z&timeframe=1Day');
    expect(days[0]?.c[0]?.p).toBe(daily.bars['AAPL']?.[0]?.c);
    expect(days[0]?.o[0]?.p).toBe(daily.bars['AAPL']?.[0]?.o);
  });
});

describe('stock data', () => {
  test('carries where the caller stands with his requests', async () => {
    const { headers: sent } = await ask('/v2/stocks/trades/latest?symbols=SPY');
    for (const name of ['limit', 'remaining', 'reset'])
      expect(sent.get(`x-ratelimit-${name}`)).toMatch(/^\d+$/);
  });

  test('reports each symbol on the tape of its listing', async () => {
    const { body } = await ask('/v2/stocks/trades/latest?symbols=AAPL,KO,SPY');
    expect(body).toMatchObject({ trades: { AAPL: { z: 'C' }, KO: { z: 'A' }, SPY: { z: 'B' } } });
  });

  test('of a delayed feed is a quarter of an hour old', async () => {
    const { body } = await ask('/v2/stocks/quotes/latest?symbols=SPY&feed=delayed_sip');
    const { t } = z.object({ quotes: z.object({ SPY: z.object({ t: z.string() }) }) }).parse(body).quotes.SPY;
    expect(Date.parse(clock) - Date.parse(t)).toBeGreaterThan(14 * 60_000);
  });

  test.each([
    ['/v2/stocks/meta/exchanges', { V: 'IEX', N: 'New York Stock Exchange' }],
    ['/v2/stocks/meta/conditions/trade?tape=B', { '6': 'Closing Prints' }],
    ['/v2/stocks/bars/latest?symbols=SPY&currency=USD', { currency: 'USD' }],
    ['/v2/stocks/trades?symbols=SPY&feed=otc&start=2026-11-10', { trades: {} }],
    ['/v2/stocks/bars?symbols=SPY&timeframe=1Day&feed=sip', {}],
  ])('%s answers 200', async (path, body) => {
    expect(await ask(path)).toMatchObject({ status: 200, body });
  });

  test.each([
    ['bars?symbols=SPY', 'timeframe is required'],
    ['bars?symbols=SPY&timeframe=2Day', 'invalid timeframe: 2Day'],
    ['bars?symbols=SPY&timeframe=1Day&asof=soon', 'invalid asof: soon'],
    ['bars?symbols=SPY&timeframe=1Day&currency=XXX', 'invalid currency: XXX'],
    ['bars?symbols=SPY&timeframe=1Day&sort=up', 'invalid sort: up'],
    ['bars?symbols=SPY&timeframe=1Day&page_token=%00', 'invalid page_token'],
    ['auctions?symbols=SPY&feed=iex', 'invalid feed: iex'],
    ['meta/conditions/trade?tape=Z', 'invalid tape: Z'],
    ['meta/conditions/bars?tape=A', 'invalid ticktype: bars'],
    ['trades?symbols=spy', 'invalid symbol: spy does not match ^[A-Z]+(\\.[A-Z]+)?$'],
    ['trades?symbols=SPY&start=2026-11-18&end=2026-11-17', 'end should not be before start'],
    [
      'quotes?symbols=SPY&start=0',
      "Invalid format for parameter start: error parsing '0' as RFC3339 or 2006-01-02 time",
    ],
  ])('%s is refused with 400: %s', async (path, message) => {
    expect(await ask(`/v2/stocks/${path}`)).toMatchObject({ status: 400, body: { message } });
  });

  test('of the last quarter of an hour is not for the free plan on SIP', async () => {
    const { status, body } = await ask(
      '/v2/stocks/trades?symbols=SPY&feed=sip&start=2026-11-18&end=2026-11-18T18:50:00Z',
    );
    expect({ status, body }).toEqual({
      status: 403,
      body: { message: 'subscription does not permit querying recent SIP data' },
    });
    const older = await ask(
      '/v2/stocks/trades?symbols=SPY&feed=sip&start=2026-11-18T18:00:00Z&end=2026-11-18T18:40:00Z',
    );
    expect(older.status).toBe(200);
  });
});
