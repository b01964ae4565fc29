import { marketData } from '@alpacahq/alpaca-trade-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Exchange, startExchange } from '../../index';

const headers = { 'APCA-API-KEY-ID': 'PKREFERENCE', 'APCA-API-SECRET-KEY': 'secret' };
/** A Saturday: stocks are closed, crypto is not. */
const clock = '2026-11-21T19:00:00Z';
let exchange: Exchange;
let crypto: marketData.CryptoApi;
let news: marketData.NewsApi;

beforeAll(async () => {
  const accounts = [{ keyId: 'PKREFERENCE', secret: 'secret' }];
  exchange = await startExchange({ accounts, clock, rateLimit: 'off', seed: 3 });
  const configuration = new marketData.Configuration({ basePath: exchange.url, headers });
  crypto = new marketData.CryptoApi(configuration);
  news = new marketData.NewsApi(configuration);
});
afterAll(() => exchange.close());

async function ask(
  path: string,
  sent: Record<string, string> = headers,
): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${exchange.url}${path}`, { headers: sent });
  return { status: response.status, body: await response.json() };
}

describe('crypto', () => {
  const both = { loc: 'us', symbols: 'BTC/USD,ETH/USD' } as const;

  test('is traded on a Saturday: quotes, trades, bars and books of the last minute', async () => {
    const { quotes } = await crypto.cryptoLatestQuotes(both);
    const quote = quotes['BTC/USD'];
    expect(Date.parse(clock) - (quote?.t.getTime() ?? 0)).toBeLessThan(60_000);
    expect(quote?.ap).toBeGreaterThan(quote?.bp ?? Infinity);
    expect(quote?.as).toBeLessThan(10);
    const { orderbooks } = await crypto.cryptoLatestOrderbooks(both);
    const book = orderbooks['BTC/USD'];
    // Asked for a moment later: the touch may have moved by then, but not far.
    expect(Math.abs((book?.b[0]?.p ?? 0) / (quote?.bp ?? 1) - 1)).toBeLessThan(0.01);
    expect(book?.b[0]?.p).toBeLessThan(book?.a[0]?.p ?? 0);
    expect(book?.a.every((level, i) => i === 0 || level.p > (book.a[i - 1]?.p ?? 0))).toBe(true);
    expect(book?.b.every((level, i) => i === 0 || level.p < (book.b[i - 1]?.p ?? Infinity))).toBe(true);
    const { snapshots } = await crypto.cryptoSnapshots(both);
    expect(snapshots['ETH/USD']?.prevDailyBar?.v).toBeGreaterThan(1);
  });

  test('has bars made of its trades, with parts of coins', async () => {
    const [start, end] = [new Date('2026-11-21T18:00:00Z'), new Date('2026-11-21T18:00:59Z')];
    const ask = { loc: 'us', symbols: 'BTC/USD', start, end, limit: 10_000 } as const;
    const { trades } = await crypto.cryptoTrades(ask);
    const { bars } = await crypto.cryptoBars({ ...ask, timeframe: '1Min' });
    const [bar] = bars['BTC/USD'] ?? [];
    const list = trades['BTC/USD'] ?? [];
    expect(bar?.n).toBe(list.length);
    expect(bar?.v).toBeCloseTo(
      list.reduce((sum, trade) => sum + trade.s, 0),
      6,
    );
    expect(bar?.h).toBe(Math.max(...list.map((trade) => trade.p)));
    expect(new Set(list.map((trade) => trade.tks))).toEqual(new Set(['B', 'S']));
  });

  test('is shown without keys, but not with wrong ones', async () => {
    const path = '/v1beta3/crypto/us/latest/trades?symbols=BTC/USD,NO/USD';
    const open = await ask(path, {});
    expect(open.status).toBe(200);
    expect(Object.keys(z.object({ trades: z.looseObject({}) }).parse(open.body).trades)).toEqual(['BTC/USD']);
    expect((await ask(path, { ...headers, 'APCA-API-SECRET-KEY': 'wrong' })).status).toBe(401);
    expect((await ask('/v2/stocks/trades/latest?symbols=SPY', {})).status).toBe(401);
  });

  test('is listed among assets when asked for, with its increments', async () => {
    const assets = await ask('/v2/assets?asset_class=crypto');
    expect(assets.body).toMatchObject([{ symbol: 'BTC/USD', class: 'crypto', price_increment: '0.01' }, {}]);
    expect(await ask('/v2/assets/BTC%2FUSD')).toEqual(await ask('/v2/assets/BTCUSD'));
  });
});

describe('news', () => {
  test('begins in 2015, however early it is asked for', async () => {
    for (const query of ['end=0001-01-01', 'start=1999-01-01&end=2014-12-31']) {
      expect((await ask(`/v1beta1/news?${query}`)).body).toMatchObject({ news: [], next_page_token: null });
    }
    const first = await ask('/v1beta1/news?start=1999-01-01&end=2015-02-01&sort=asc&limit=1');
    expect(first.body).toMatchObject({ news: [{ created_at: expect.stringMatching(/^2015-01-0/) }] });
  });

  test('comes newest first, page by page without a gap or a double, and never from the future', async () => {
    const whole = await news.news({ limit: 50 });
    expect(whole.news).toHaveLength(50);
    const ids: number[] = [];
    let pageToken: string | undefined;
    for (let page = 0; page < 5; page += 1) {
      const answer = await news.news({ limit: 10, ...(pageToken ? { pageToken } : {}) });
      ids.push(...answer.news.map((article) => article.id));
      pageToken = answer.nextPageToken ?? undefined;
    }
    expect(ids).toEqual(whole.news.map((article) => article.id));
    const times = whole.news.map((article) => article.updatedAt.getTime());
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    expect(times[0]).toBeLessThanOrEqual(Date.parse(clock));
  });

  test('is filtered by symbol and time, oldest first when asked', async () => {
    const start = new Date('2026-10-01T00:00:00Z');
    const { news: list } = await news.news({
      symbols: 'AAPL,BTCUSD',
      start,
      sort: 'asc',
      limit: 50,
      includeContent: true,
    });
    expect(list.length).toBeGreaterThan(5);
    expect(list.every((one) => one.symbols.some((symbol) => ['AAPL', 'BTCUSD'].includes(symbol)))).toBe(true);
    expect(list[0]?.createdAt.getTime()).toBeGreaterThanOrEqual(start.getTime());
    expect(list[0]?.content).toContain('simulated');
  });

  test.each(['limit=51', 'sort=up', 'include_content=maybe', 'page_token=zzz', 'start=x'])(
    'refuses %s',
    async (query) => {
      expect((await ask(`/v1beta1/news?${query}`)).status).toBe(400);
    },
  );
});

describe('the screeners', () => {
  const mover = z.object({
    symbol: z.string(),
    price: z.number(),
    change: z.number(),
    percent_change: z.number(),
  });
  const movers = z.object({ gainers: z.array(mover), losers: z.array(mover), market_type: z.string() });

  test('rank by volume, and by the change since the close before', async () => {
    const active = await ask('/v1beta1/screener/stocks/most-actives?by=volume&top=5');
    const list = z
      .object({ most_actives: z.array(z.object({ symbol: z.string(), volume: z.number() })) })
      .parse(active.body).most_actives;
    expect(list).toHaveLength(5);
    expect(list.map((one) => one.volume)).toEqual(list.map((one) => one.volume).toSorted((a, b) => b - a));
    const { gainers, losers } = movers.parse((await ask('/v1beta1/screener/stocks/movers?top=50')).body);
    expect(gainers.length + losers.length).toBeGreaterThan(60);
    const changes = gainers.map((one) => one.percent_change);
    expect(changes).toEqual(changes.toSorted((a, b) => b - a));
    const first = losers[0];
    const { body } = await ask(`/v2/stocks/${first?.symbol}/snapshot`);
    const bar = z.object({ c: z.number() });
    const day = z.object({ dailyBar: bar, prevDailyBar: bar }).parse(body);
    expect(first?.change).toBeCloseTo(day.dailyBar.c - day.prevDailyBar.c, 2);
  });

  test.each([
    ['/v1beta1/screener/crypto/movers', 200],
    ['/v1beta1/screener/bonds/movers', 400],
    ['/v1beta1/screener/stocks/movers?top=51', 400],
    ['/v1beta1/screener/stocks/most-actives?by=luck', 400],
  ])('%s answers %d', async (path, status) => {
    expect((await ask(path)).status).toBe(status);
  });
});

describe('corporate actions', () => {
  const page = z.object({
    corporate_actions: z.object({
      cash_dividends: z
        .array(z.object({ id: z.string(), symbol: z.string(), rate: z.number(), ex_date: z.string() }))
        .optional(),
    }),
    next_page_token: z.string().nullable(),
  });

  test('post the dividend by which bars are adjusted', async () => {
    const query = 'symbols=KO&types=cash_dividend&start=2026-01-01&end=2026-11-21';
    const { corporate_actions } = page.parse((await ask(`/v1/corporate-actions?${query}`)).body);
    const dividends = corporate_actions.cash_dividends ?? [];
    expect(dividends.length).toBeGreaterThanOrEqual(3);
    const { ex_date: exDate = '', rate = 0, id = '' } = dividends[0] ?? {};
    const bars = async (adjustment: string): Promise<number[]> => {
      const start = new Date(Date.parse(exDate) - 6 * 86_400_000).toISOString().slice(0, 10);
      const path = `/v2/stocks/KO/bars?timeframe=1Day&start=${start}&end=${exDate}&adjustment=${adjustment}`;
      const { body } = await ask(path);
      return z
        .object({ bars: z.array(z.object({ c: z.number() })) })
        .parse(body)
        .bars.map((bar) => bar.c);
    };
    const [raw, adjusted] = [await bars('raw'), await bars('dividend')];
    const before = raw.length - 2;
    const step = (adjusted[before] ?? 0) / (raw[before] ?? 1) / ((adjusted.at(-1) ?? 0) / (raw.at(-1) ?? 1));
    expect(step).toBeCloseTo(1 - rate / (raw[before] ?? 1), 3);
    const byId = page.parse((await ask(`/v1/corporate-actions?ids=${id}`)).body);
    expect(byId.corporate_actions.cash_dividends).toEqual([dividends[0]]);
    const old = await ask(`/v2/corporate_actions/announcements/${id}`);
    expect(old).toMatchObject({
      status: 200,
      body: { initiating_symbol: 'KO', ca_type: 'dividend', ex_date: exDate },
    });
  });

  test('come page by page, all types together, and leave out what has not been announced', async () => {
    const query = 'start=2026-09-01&end=2027-09-01';
    const seen: string[] = [];
    let token = '';
    do {
      const answer = page.parse(
        (await ask(`/v1/corporate-actions?${query}&limit=7&page_token=${token}`)).body,
      );
      seen.push(...(answer.corporate_actions.cash_dividends ?? []).map((one) => one.ex_date));
      token = encodeURIComponent(answer.next_page_token ?? '');
    } while (token !== '');
    expect(seen.length).toBeGreaterThan(20);
    expect(seen.every((date) => date < '2027-01-01')).toBe(true);
  });

  test.each([
    ['/v1/corporate-actions', 200],
    ['/v1/corporate-actions?types=party', 400],
    ['/v1/corporate-actions?region=moon', 400],
    ['/v1/corporate-actions?ids=x&symbols=KO', 400],
    ['/v1/corporate-actions?limit=1001', 400],
    ['/v2/corporate_actions/announcements?ca_types=dividend&since=2026-09-01&until=2026-11-20', 200],
    ['/v2/corporate_actions/announcements?ca_types=dividend&since=2026-01-01&until=2026-11-20', 422],
    ['/v2/corporate_actions/announcements', 422],
    ['/v2/corporate_actions/announcements/none', 404],
  ])('%s answers %d', async (path, status) => {
    expect((await ask(path)).status).toBe(status);
  });
});
