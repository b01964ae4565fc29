import { marketData, streaming } from '@alpacahq/alpaca-trade-api';
import type { Timeframe } from '@/domain/market/bar';
import type { QuoteSource } from '@/domain/market/quote';
import type { MarketDataClient } from '@/server/brokers/ports';
import type { Logger } from '@/server/platform/logger';
import type { AlpacaAccess } from './endpoints';
import { reading } from './failures';
import { keepOpen } from './keys/keep-open';
import type { KeyGate } from './keys/key-gate';
import { parseBar, parsePrice, parseQuote, parseTrade } from './parse';
import { scopedFetch } from './scoped-fetch';

const TIMEFRAMES: Record<Timeframe, string> = {
  '1Min': '1Min',
  '5Min': '5Min',
  '15Min': '15Min',
  '1Hour': '1Hour',
  '1Day': '1Day',
};

/** Alpaca docs: the free plan streams 30 symbols; the exchange in the box is run without that limit. */
const FREE_PLAN_SYMBOLS = 30;

type Options = AlpacaAccess & { keys: KeyGate; source: QuoteSource; log: Logger };

/** Prices over the official SDK: REST for what is asked once, one socket for what is watched. */
export function alpacaMarketData({ endpoints, credentials, keys, source, log }: Options): MarketDataClient {
  const configuration = new marketData.Configuration({
    basePath: endpoints.data,
    keyId: credentials.keyId,
    secret: credentials.secretKey,
    fetchApi: keys.shield(scopedFetch(endpoints)),
    timeoutMs: 10_000,
    retry: { maxRetries: 1 },
  });
  const stocks = new marketData.StockApi(configuration);
  const options = new marketData.OptionApi(configuration);
  // The free plan answers for IEX only; the exchange in the box takes any feed.
  const feed = 'iex' as const;

  return {
    source,
    streamedSymbols: source === 'iex' ? FREE_PLAN_SYMBOLS : Number.POSITIVE_INFINITY,

    async latest(symbols) {
      const snapshots = await reading(stocks.stockSnapshots({ symbols: symbols.join(','), feed }));
      return new Map(
        Object.entries(snapshots).map(
          ([symbol, { latestQuote: quote, latestTrade: trade, prevDailyBar }]) => [
            symbol,
            {
              symbol,
              ...(quote
                ? parseQuote({
                    bidPrice: quote.bp,
                    bidSize: quote.bs,
                    askPrice: quote.ap,
                    askSize: quote.as,
                    timestamp: quote.t,
                  })
                : { bid: null, bidSize: null, ask: null, askSize: null, quotedAt: null }),
              ...(trade
                ? parseTrade({ price: trade.p, size: trade.s, timestamp: trade.t })
                : { last: null, lastSize: null, tradedAt: null }),
              previousClose: parsePrice(prevDailyBar?.c),
            },
          ],
        ),
      );
    },

    async optionQuotes(symbols) {
      const { quotes } = await reading(options.optionLatestQuotes({ symbols: symbols.join(',') }));
      return new Map(
        Object.entries(quotes).map(([symbol, { bp, ap, t }]) => [
          symbol,
          { bid: parsePrice(bp), ask: parsePrice(ap), quotedAt: t.toISOString() },
        ]),
      );
    },

    async bars({ symbol, timeframe, start, end, limit, pageToken }) {
      // Without a start the newest bars are wanted: read backwards, then turn them around.
      const newestFirst = start === null;
      const answer = await reading(
        stocks.stockBarSingle({
          symbol,
          timeframe: TIMEFRAMES[timeframe],
          ...(start === null
            ? { start: new Date(reachBack(timeframe, limit, end)) }
            : { start: new Date(start) }),
          ...(end === null ? {} : { end: new Date(end) }),
          limit,
          feed,
          adjustment: 'split',
          sort: newestFirst ? 'desc' : 'asc',
          ...(pageToken === null ? {} : { pageToken }),
        }),
      );
      const bars = (answer.bars ?? []).map(parseBar);
      return { bars: newestFirst ? bars.reverse() : bars, nextPageToken: answer.nextPageToken ?? null };
    },

    stream(listener) {
      const stream = new streaming.StockDataStream({
        url: endpoints.dataStream,
        credentials: { keyId: credentials.keyId, secret: credentials.secretKey },
        maxReconnectAttempts: streaming.UNLIMITED_RECONNECT_ATTEMPTS,
        initialReconnectMs: 500,
        maxReconnectMs: 5_000,
      });
      let watched = new Set<string>();
      stream.onQuote((quote) => listener.onChange({ symbol: quote.symbol, ...parseQuote(quote) }));
      stream.onTrade((trade) => listener.onChange({ symbol: trade.symbol, ...parseTrade(trade) }));
      stream.on(streaming.EVENT.STATE_CHANGE, (state: streaming.STATE) => {
        if (state === streaming.STATE.AUTHENTICATED) listener.onLink(true);
        if (state === streaming.STATE.WAITING_TO_RECONNECT || state === streaming.STATE.DISCONNECTED)
          listener.onLink(false);
      });
      stream.on(streaming.EVENT.CLIENT_ERROR, (message: string) =>
        log.warn({ message }, 'market data stream error'),
      );
      const connection = keepOpen(stream, keys);
      return {
        watch(symbols) {
          const wanted = new Set(symbols);
          const added = symbols.filter((symbol) => !watched.has(symbol));
          const removed = [...watched].filter((symbol) => !wanted.has(symbol));
          watched = wanted;
          if (added.length > 0) {
            stream.subscribeForQuotes(added);
            stream.subscribeForTrades(added);
          }
          if (removed.length > 0) {
            stream.unsubscribeFromQuotes(removed);
            stream.unsubscribeFromTrades(removed);
          }
        },
        close: () => connection.close(),
      };
    },
  };
}

/** Calendar time that surely holds `limit` bars of trading time, weekends and holidays included. */
function reachBack(timeframe: Timeframe, limit: number, end: string | null): number {
  const DAY = 86_400_000;
  const barsADay: Record<Timeframe, number> = { '1Min': 390, '5Min': 78, '15Min': 26, '1Hour': 7, '1Day': 1 };
  const tradingDays = Math.ceil(limit / barsADay[timeframe]);
  const until = end === null ? Date.now() : Date.parse(end);
  return until - (tradingDays * 1.6 + 7) * DAY;
}
