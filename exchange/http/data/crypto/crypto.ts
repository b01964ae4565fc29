import { orderBookAt } from '../../../crypto/order-book';
import { badParameter } from '../../../orders/refusals';
import { type Call, ok, param, type Reply } from '../../call';
import { answerHistory, barPages, timeframeOf } from '../history';
import { CRYPTO_SYMBOLS, pageOf, symbolsOf } from '../request';
import { cryptoBarJson, cryptoQuoteJson, cryptoTradeJson, orderBookJson } from './wire';

/** Locations of Alpaca's crypto data. The simulation shows the same market at each. */
const LOCATIONS = ['us', 'us-1', 'us-2', 'eu-1', 'bs-1'];

function pairsOf(call: Call): string[] {
  const location = param(call, 'loc');
  if (!LOCATIONS.includes(location)) throw badParameter(`invalid location: ${location.slice(0, 40)}`);
  return symbolsOf(call, CRYPTO_SYMBOLS);
}

type Read = (call: Call, symbol: string, at: number) => Record<string, unknown> | null;

function latest(call: Call, name: string, read: Read): Reply {
  const at = call.venue.clock.now();
  const found: Record<string, unknown> = {};
  for (const symbol of pairsOf(call)) {
    const item = read(call, symbol, at);
    if (item !== null) found[symbol] = item;
  }
  return ok({ [name]: found });
}

const readQuote: Read = ({ venue }, symbol, at) => {
  const quote = venue.market.quoteAt(symbol, at);
  return quote === undefined ? null : cryptoQuoteJson(quote, symbol);
};
const readTrade: Read = ({ venue }, symbol, at) => {
  const trade = venue.market.tradeAt(symbol, at);
  return trade === undefined ? null : cryptoTradeJson(trade, symbol);
};
const readBar: Read = ({ venue }, symbol, at) => {
  const bar = venue.market.minuteBar(symbol, at);
  return bar === undefined ? null : cryptoBarJson(bar, symbol);
};
const readBook: Read = ({ venue }, symbol, at) => {
  const book = venue.orderBook(symbol) ?? orderBookAt(venue.market, symbol, at);
  return book === undefined ? null : orderBookJson(book);
};
const readSnapshot: Read = (call, symbol, at) => {
  const latestTrade = readTrade(call, symbol, at);
  if (latestTrade === null) return null;
  const { today, previous } = call.venue.market.dailyBars(symbol, at);
  return {
    latestTrade,
    latestQuote: readQuote(call, symbol, at),
    minuteBar: readBar(call, symbol, at),
    ...(today === null ? {} : { dailyBar: cryptoBarJson(today, symbol) }),
    ...(previous === null ? {} : { prevDailyBar: cryptoBarJson(previous, symbol) }),
  };
};

/** GET /v1beta3/crypto/{loc}/latest/… and /snapshots. */
export const latestCryptoQuotes = (call: Call): Reply => latest(call, 'quotes', readQuote);
export const latestCryptoTrades = (call: Call): Reply => latest(call, 'trades', readTrade);
export const latestCryptoBars = (call: Call): Reply => latest(call, 'bars', readBar);
export const latestCryptoBooks = (call: Call): Reply => latest(call, 'orderbooks', readBook);
export const cryptoSnapshots = (call: Call): Reply => latest(call, 'snapshots', readSnapshot);

/** GET /v1beta3/crypto/{loc}/bars. */
export function getCryptoBars(call: Call): Promise<Reply> {
  const request = pageOf(call, pairsOf(call), call.venue.clock.now());
  const frame = timeframeOf(call);
  const { market } = call.venue;
  return answerHistory(call, request, {
    name: 'bars',
    ...barPages(frame),
    list: (symbol, span) => market.bars(symbol, frame, span, request.now),
    prepare: (symbol, span) =>
      frame.unit === 'minute' ? [] : market.dailyWork(symbol, frame, span, request.now),
    timeOf: (bar) => bar.start,
    toJson: cryptoBarJson,
  });
}

/** GET /v1beta3/crypto/{loc}/trades. */
export const getCryptoTrades = (call: Call): Promise<Reply> =>
  answerHistory(call, pageOf(call, pairsOf(call), call.venue.clock.now()), {
    name: 'trades',
    unit: 'T',
    list: (symbol, span) => call.venue.market.trades(symbol, span),
    timeOf: (trade) => trade.at,
    toJson: cryptoTradeJson,
    stride: 600_000,
  });

/** GET /v1beta3/crypto/{loc}/quotes. */
export const getCryptoQuotes = (call: Call): Promise<Reply> =>
  answerHistory(call, pageOf(call, pairsOf(call), call.venue.clock.now()), {
    name: 'quotes',
    unit: 'Q',
    list: (symbol, span) => call.venue.market.quotes(symbol, span),
    timeOf: (quote) => quote.at,
    toJson: cryptoQuoteJson,
    stride: 600_000,
  });
