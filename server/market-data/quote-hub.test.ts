import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Quote } from '@/domain/market/quote';
import type { MarketDataClient, QuoteChange } from '@/server/brokers/ports';
import { createQuoteHub, type HubListener, type QuoteFrame } from './quote-hub';

const START = Date.parse('2026-11-20T15:00:00.000Z');
const clock = { now: () => Date.now(), iso: (at = Date.now()) => new Date(at).toISOString() };

type Known = Omit<Quote, 'receivedAt' | 'source'>;
const quote = (symbol: string, bid: string, more: Partial<Known> = {}): Known => ({
  symbol,
  bid,
  bidSize: 100,
  ask: '900',
  askSize: 100,
  quotedAt: clock.iso(),
  last: '200',
  lastSize: 1,
  tradedAt: clock.iso(),
  previousClose: '199',
  ...more,
});

/** A feed that says what the test tells it to. */
function scriptedFeed(streamedSymbols = Number.POSITIVE_INFINITY) {
  const feed = {
    source: 'simulated' as const,
    prices: new Map([
      ['AAPL', '100'],
      ['MSFT', '300'],
    ]),
    asked: new Array<string[]>(),
    watched: new Array<string>(),
    answer: () => Promise.resolve(),
    closed: 0,
    change: (_change: QuoteChange) => {},
    link: (_up: boolean) => {},
  };
  const client: MarketDataClient = {
    source: feed.source,
    streamedSymbols,
    async latest(symbols) {
      feed.asked.push([...symbols]);
      const found = symbols.flatMap((symbol): [string, Known][] => {
        const bid = feed.prices.get(symbol);
        return bid === undefined ? [] : [[symbol, quote(symbol, bid)]];
      });
      await feed.answer();
      return new Map(found);
    },
    bars: () => Promise.resolve({ bars: [], nextPageToken: null }),
    optionQuotes: () => Promise.resolve(new Map()),
    stream(listener) {
      feed.change = (change) => listener.onChange(change);
      feed.link = (up) => listener.onLink(up);
      return {
        watch: (symbols) => {
          feed.watched = [...symbols];
        },
        close: () => {
          feed.closed += 1;
        },
      };
    },
  };
  const framed: string[] = [];
  const hub = createQuoteHub({
    client,
    clock,
    frameOf: (seen) => {
      framed.push(`${seen.symbol} ${seen.bid}`);
      return Buffer.from(`${seen.symbol} ${seen.bid}`);
    },
  });
  return { feed, hub, framed };
}

function listener(...symbols: string[]) {
  const got = { frames: new Array<QuoteFrame>(), flushes: 0, links: new Array<boolean>(), hasRoom: true };
  const listening: HubListener = {
    symbols: new Set(symbols),
    send(frames) {
      got.frames.push(...frames);
      got.flushes += frames.length > 0 ? 1 : 0;
      return got.hasRoom;
    },
    onLink: (up) => got.links.push(up),
  };
  const bids = () => got.frames.map((frame) => `${frame.quote.symbol} ${frame.quote.bid}`);
  return { got, listening, bids };
}

const settle = (ms = 60) => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => vi.useFakeTimers({ now: START }));
afterEach(() => vi.useRealTimers());

describe('the quote hub', () => {
  test('tells a listener without symbols that the feed lives', () => {
    const { feed, hub } = scriptedFeed();
    const { listening, got } = listener();
    hub.listen(listening);
    feed.link(true);
    expect(got.links).toEqual([true]);
  });

  test('folds a burst into one frame with the newest price', async () => {
    const { feed, hub } = scriptedFeed();
    const { listening, bids, got } = listener('AAPL');
    hub.listen(listening);
    feed.link(true);
    await settle();
    got.frames.length = 0;
    for (let bid = 101; bid <= 150; bid += 1) feed.change({ symbol: 'AAPL', bid: String(bid) });
    await settle();
    expect(bids()).toEqual(['AAPL 150']);
  });

  test('serialises a change once and hands the same bytes to all listeners', async () => {
    const { feed, hub, framed } = scriptedFeed();
    const all = Array.from({ length: 50 }, () => listener('AAPL'));
    for (const { listening } of all) hub.listen(listening);
    feed.link(true);
    await settle();
    framed.length = 0;
    feed.change({ symbol: 'AAPL', bid: '101' });
    await settle();
    expect(framed).toEqual(['AAPL 101']);
    expect(new Set(all.map(({ got }) => got.frames.at(-1)?.bytes)).size).toBe(1);
  });

  test('gives a slow listener the newest of each symbol once it can take more, and delays nobody', async () => {
    const { feed, hub } = scriptedFeed();
    const [slow, quick] = [listener('AAPL', 'MSFT'), listener('AAPL')];
    const subscription = hub.listen(slow.listening);
    hub.listen(quick.listening);
    feed.link(true);
    slow.got.hasRoom = false;
    await settle();
    for (const { got } of [slow, quick]) got.frames.length = 0;
    for (const bid of ['101', '102', '103']) {
      feed.change({ symbol: 'AAPL', bid });
      feed.change({ symbol: 'MSFT', bid });
      await settle();
    }
    expect(slow.bids()).toEqual([]);
    expect(quick.bids()).toEqual(['AAPL 101', 'AAPL 102', 'AAPL 103']);
    slow.got.hasRoom = true;
    subscription.resume();
    expect(slow.bids().sort()).toEqual(['AAPL 103', 'MSFT 103']);
  });

  test('sends only what was asked for, and nothing after close', async () => {
    const { feed, hub } = scriptedFeed();
    const { listening, bids } = listener('MSFT');
    const subscription = hub.listen(listening);
    hub.listen(listener('AAPL').listening);
    feed.link(true);
    await settle();
    feed.change({ symbol: 'AAPL', bid: '101' });
    await settle();
    expect(new Set(bids())).toEqual(new Set(['MSFT 300']));
    subscription.close();
    feed.change({ symbol: 'MSFT', bid: '301' });
    await settle();
    expect(bids()).not.toContain('MSFT 301');
  });

  test('tells of the link, and after it was down fetches what it missed', async () => {
    const { feed, hub } = scriptedFeed();
    const { listening, bids, got } = listener('AAPL');
    hub.listen(listening);
    feed.link(true);
    await settle();
    feed.link(false);
    feed.prices.set('AAPL', '50');
    feed.link(true);
    await settle();
    expect(got.links).toEqual([true, false, true]);
    expect(bids().at(-1)).toBe('AAPL 50');
  });

  test('does not let a fetched price overwrite a newer one that streamed in meanwhile', async () => {
    const { feed, hub } = scriptedFeed();
    const { listening, bids } = listener('AAPL');
    hub.listen(listening);
    await settle();
    let answer = () => {};
    feed.answer = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    feed.link(true);
    await settle();
    feed.change({ symbol: 'AAPL', bid: '105', quotedAt: clock.iso() });
    await settle();
    answer();
    await settle();
    expect(bids().at(-1)).toBe('AAPL 105');
  });

  test('serves the newest from memory while the link is up, and asks again while it is down', async () => {
    const { feed, hub } = scriptedFeed();
    await hub.latest(['AAPL']);
    feed.link(true);
    await settle(30_000);
    feed.asked.length = 0;
    expect(hub.peek('AAPL')?.bid).toBe('100');
    expect((await hub.latest(['AAPL'])).get('AAPL')?.bid).toBe('100');
    expect(feed.asked).toEqual([]);
    feed.link(false);
    expect(hub.peek('AAPL')).toBeUndefined();
    await hub.latest(['AAPL']);
    expect(feed.asked).toEqual([['AAPL']]);
  });

  test('asks once for a hundred askers, and answers null for what the feed does not know', async () => {
    const { feed, hub } = scriptedFeed();
    const answers = await Promise.all(Array.from({ length: 100 }, () => hub.latest(['AAPL', 'ZZZZ'])));
    expect(feed.asked).toEqual([['AAPL', 'ZZZZ']]);
    for (const answer of answers)
      expect([answer.get('AAPL')?.bid, answer.get('ZZZZ')]).toEqual(['100', null]);
  });

  test('keeps a symbol a while after it was last asked for, then lets go of it', async () => {
    const { feed, hub } = scriptedFeed();
    const subscription = hub.listen(listener('AAPL').listening);
    await hub.latest(['MSFT']);
    expect([...feed.watched].sort()).toEqual(['AAPL', 'MSFT']);
    await settle(160_000);
    expect(feed.watched).toEqual(['AAPL']);
    subscription.close();
    await settle(160_000);
    expect(feed.watched).toEqual([]);
    hub.close();
    expect(feed.closed).toBe(1);
  });

  test('a failed fetch is nobody’s last word', async () => {
    const { feed, hub } = scriptedFeed();
    feed.answer = () => Promise.reject(new Error('the feed is away'));
    await expect(hub.latest(['AAPL'])).rejects.toThrow('the feed is away');
    feed.answer = () => Promise.resolve();
    expect((await hub.latest(['AAPL'])).get('AAPL')?.bid).toBe('100');
  });

  test('streams no more symbols than the plan allows, those on a screen first, and fetches the rest', async () => {
    const { feed, hub } = scriptedFeed(1);
    await hub.latest(['MSFT']);
    hub.listen({ symbols: new Set(['AAPL']), send: () => true, onLink: () => {} });
    feed.link(true);
    expect(feed.watched).toEqual(['AAPL']);
    feed.prices.set('MSFT', '301');
    await vi.advanceTimersByTimeAsync(1_500);
    expect((await hub.latest(['MSFT'])).get('MSFT')?.bid).toBe('301');
  });
});
