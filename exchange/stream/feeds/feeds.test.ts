import { streaming } from '@alpacahq/alpaca-trade-api';
import { decode, encode } from '@msgpack/msgpack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { newYorkDay } from '../../clock/new-york';
import { optionMarketOf } from '../../derivatives/option-market';
import { type Exchange, startExchange } from '../../index';
import { Market } from '../../market/market';
import { newsroomOf } from '../../news/newsroom';
import { StreamTime } from '../events';
import { bytesOf } from '../socket';
import { CryptoFeed } from './crypto-feed';
import type { Message } from './feed';
import { NewsFeed } from './news-feed';
import { StockFeed } from './stock-feed';

const NOON = Date.parse('2026-11-18T17:00:00Z');
const MINUTE = 60_000;
const market = new Market(3, false);
const stocks = new StockFeed(market, 'free');
const ofMinutes = (count: number) => ({ from: NOON, to: NOON + count * MINUTE });

/** All messages of a channel as a stream would send them: a tenth of a second at a time. */
function streamed(
  feed: StockFeed | CryptoFeed,
  channel: 'bars' | 'updatedBars' | 'lulds' | 'imbalances' | 'orderbooks',
  symbol: string,
  minutes: number,
): Message[] {
  const sent: Message[] = [];
  for (let at = NOON; at < NOON + minutes * MINUTE; at += 100) {
    const span = { from: at, to: at + 100 };
    if (!feed.isQuiet(channel, span)) sent.push(...feed.messages(channel, symbol, span));
  }
  return sent;
}

const startOf = (message: Message | undefined): number => {
  const time = message?.['t'];
  return time instanceof StreamTime ? time.at : Number.NaN;
};

describe('the stock stream', () => {
  test('sends one bar a minute, just after it; the late ones again at :30, then as history has them', () => {
    const bars = streamed(stocks, 'bars', 'SPY', 120);
    const updates = streamed(stocks, 'updatedBars', 'SPY', 120);
    expect(bars.length).toBe(120);
    expect(updates.length).toBeGreaterThan(0);
    expect(updates.length).toBeLessThan(30);
    const history = new Map(
      [
        ...market.bars(
          'SPY',
          { unit: 'minute', count: 1 },
          { from: NOON - MINUTE, to: NOON + 120 * MINUTE },
          NOON + 200 * MINUTE,
        ),
      ].map((bar) => [bar.start, bar]),
    );
    const late = new Set(updates.map(startOf));
    for (const bar of bars) {
      const whole = history.get(startOf(bar));
      const missing = late.has(startOf(bar)) ? 1 : 0;
      expect(bar).toMatchObject({ T: 'b', n: (whole?.trades ?? 0) - missing });
    }
    for (const bar of updates) {
      const whole = history.get(startOf(bar));
      expect(bar).toMatchObject({
        T: 'u',
        S: 'SPY',
        n: whole?.trades,
        v: whole?.volume,
        c: (whole?.close ?? 0) / 1e6,
      });
    }
  });

  test('sends price bands around the last price when they change', () => {
    const bands = streamed(stocks, 'lulds', 'TSLA', 30);
    expect(bands.length).toBeGreaterThan(3);
    const trade = market.tradeAt('TSLA', NOON);
    const price = (trade?.price ?? 0) / 1e6;
    const { u, d } = z.object({ u: z.number(), d: z.number() }).parse(bands[0]);
    expect(u / price).toBeCloseTo(1.05, 2);
    expect(d / price).toBeCloseTo(0.95, 2);
  });

  test('sends imbalances before the close and while halted, not in between', () => {
    const other = new Market(3, false);
    const feed = new StockFeed(other, 'paid');
    const close = Date.parse('2026-11-18T21:00:00Z');
    const at = (from: number): Message[] => [
      ...feed.messages('imbalances', 'SPY', { from, to: from + 5_000 }),
    ];
    expect(at(NOON)).toEqual([]);
    expect(at(close - MINUTE)).toMatchObject([{ T: 'i', S: 'SPY', z: 'B' }]);
    other.halt('SPY', NOON);
    expect(at(NOON + 5_000)).toMatchObject([{ T: 'i' }]);
    expect([...feed.messages('statuses', 'SPY', { from: NOON, to: NOON + 1 })]).toMatchObject([
      { T: 's', sm: 'Trading Halt', z: 'B' },
    ]);
    expect([...feed.messages('bars', 'SPY', ofMinutes(3))].length).toBeLessThanOrEqual(1);
  });
});

test('the crypto stream sends whole books, a second apart, with the best prices of the quote', () => {
  const books = streamed(new CryptoFeed(market), 'orderbooks', 'BTC/USD', 1);
  expect(books).toHaveLength(60);
  const level = z.object({ p: z.number(), s: z.number() });
  const book = z.looseObject({ r: z.literal(true), b: z.array(level), a: z.array(level) }).parse(books[3]);
  expect(book.b[0]?.p).toBeLessThan(book.a[0]?.p ?? 0);
});

test('the news stream sends an article when it comes out, once, to those who follow its symbol', () => {
  const feed = new NewsFeed(market);
  const [article] = newsroomOf(market).articlesOn(newYorkDay(NOON));
  if (article === undefined) throw new Error('no news today');
  const span = { from: article.at, to: article.at + 100 };
  expect(feed.isQuiet('news', span)).toBe(false);
  expect([...feed.messages('news', article.symbols[0] ?? '', span)]).toMatchObject([
    { T: 'n', id: article.id, headline: article.headline },
  ]);
  expect([...feed.messages('news', 'NOSUCH', span)]).toEqual([]);
  expect([
    ...feed.messages('news', article.symbols[0] ?? '', { from: article.at + 100, to: article.at + 200 }),
  ]).toEqual([]);
});

describe('over the wire', () => {
  const accounts = [1, 2, 3].map((n) => ({ keyId: `PKFEED${n}`, secret: 'secret' }));
  let exchange: Exchange;
  let contracts: string[];
  beforeAll(async () => {
    exchange = await startExchange({ accounts });
    const now = Date.now();
    const day = newYorkDay(now);
    const { contracts: book } = optionMarketOf(new Market(1, true));
    contracts = [...book.list('SPY', day, { from: day + 3, to: day + 30 })].map(
      (contract) => contract.symbol,
    );
  });
  afterAll(() => exchange.close());

  const urlOf = (path: string): string => `${exchange.url.replace('http', 'ws')}${path}`;

  /** Opens a MsgPack stream and answers what comes back to each message in turn. */
  async function talk(path: string, account: number, sent: readonly unknown[]): Promise<unknown[]> {
    const socket = new WebSocket(urlOf(path), { headers: { 'Content-Type': 'application/msgpack' } });
    const auth = { action: 'auth', key: `PKFEED${account}`, secret: 'secret' };
    const heard: unknown[] = [];
    await new Promise<void>((resolve, reject) => {
      const queue = [auth, ...sent];
      socket.on('error', reject);
      socket.on('message', (data) => {
        const [message] = z.array(z.looseObject({ T: z.string() })).parse(decode(bytesOf(data)));
        if (message === undefined || !['success', 'error', 'subscription'].includes(message.T)) return;
        heard.push(message);
        const next = queue.shift();
        if (next === undefined) resolve();
        else socket.send(encode(next));
      });
    });
    const closed = new Promise((resolve) => socket.on('close', resolve));
    socket.close();
    await closed;
    return heard.slice(2);
  }

  test('options: 413 for all quotes, 405 above 200 of them, 410 for bars, and the state stays', async () => {
    const heard = await talk('/v1beta1/indicative', 1, [
      { action: 'subscribe', quotes: ['*'] },
      { action: 'subscribe', quotes: contracts.slice(0, 201) },
      { action: 'subscribe', bars: ['SPY'] },
      { action: 'subscribe', trades: ['*'], quotes: contracts.slice(0, 200) },
    ]);
    expect(heard).toMatchObject([
      { T: 'error', code: 413, msg: 'star subscription is not allowed for option quotes' },
      { T: 'error', code: 405 },
      { T: 'error', code: 410, msg: 'invalid subscribe action for this feed' },
      { T: 'subscription', trades: ['*'] },
    ]);
  });

  test('options: 412 to those who speak JSON', async () => {
    const socket = new WebSocket(urlOf('/v1beta1/indicative'));
    const first = await new Promise<string>((resolve) => {
      socket.on('message', (data) => resolve(bytesOf(data).toString()));
    });
    expect(JSON.parse(first)).toEqual([
      { T: 'error', code: 412, msg: 'option messages are only available in MsgPack format' },
    ]);
  });

  test.each([
    [
      '/v1beta3/crypto/us',
      { orderbooks: ['BTC/USD'] },
      ['trades', 'quotes', 'bars', 'updatedBars', 'dailyBars', 'orderbooks'],
    ],
    ['/v1beta1/news', { news: ['*'] }, ['news']],
    ['/v2/delayed_sip', { lulds: ['SPY'] }, ['trades', 'quotes', 'lulds', 'imbalances']],
  ])('%s acknowledges with its own channels, each of them', async (path, wanted, channels) => {
    const [ack] = await talk(path, 2, [{ action: 'subscribe', ...wanted }]);
    expect(ack).toMatchObject({ T: 'subscription', ...wanted });
    expect(Object.keys(z.looseObject({}).parse(ack))).toEqual(expect.arrayContaining(channels));
  });

  test.each([
    ['/v1beta1/opra', 409],
    ['/v2/sip', 409],
  ])('%s is not for the free plan: %d', async (path, code) => {
    const socket = new WebSocket(urlOf(path), { headers: { 'Content-Type': 'application/msgpack' } });
    socket.on('open', () => socket.send(encode({ action: 'auth', key: 'PKFEED3', secret: 'secret' })));
    const heard: unknown[] = [];
    socket.on('message', (data) => heard.push(decode(bytesOf(data))));
    await new Promise((resolve) => socket.on('close', resolve));
    expect(heard.at(-1)).toMatchObject([{ T: 'error', code }]);
  });

  test('the official SDK hears option quotes and crypto books', async () => {
    const credentials = { keyId: 'PKFEED3', secret: 'secret' };
    const options = new streaming.OptionDataStream({
      credentials,
      url: urlOf('/v1beta1/indicative'),
      reconnect: false,
    });
    const crypto = new streaming.CryptoDataStream({
      credentials,
      url: urlOf('/v1beta3/crypto/us'),
      reconnect: false,
    });
    const quote = new Promise<streaming.StreamQuote>((resolve) => options.onQuote(resolve));
    const book = new Promise<streaming.StreamOrderbook>((resolve) => crypto.onOrderbook(resolve));
    options.subscribeForQuotes(contracts.slice(0, 20));
    crypto.subscribeForOrderbooks(['ETH/USD']);
    options.connect();
    crypto.connect();
    expect(contracts).toContain((await quote).symbol);
    expect((await book).asks.length).toBeGreaterThan(3);
    options.disconnect();
    crypto.disconnect();
  });
});
