import { type OrderBook, quotedCoins } from '../../../crypto/order-book';
import { CRYPTO } from '../../../market/instruments';
import type { Bar, QuoteTick, TradeTick } from '../../../market/ticks';
import { barJson, dollars, nanoTime } from '../wire';

const lotOf = (symbol: string): number => CRYPTO.get(symbol)?.lot ?? 1;
const coins = (units: number, symbol: string): number => Math.round(units * lotOf(symbol) * 1e9) / 1e9;

export const cryptoTradeJson = (trade: TradeTick, symbol: string): Record<string, unknown> => ({
  t: nanoTime(trade.at),
  p: dollars(trade.price),
  s: coins(trade.size, symbol),
  i: trade.id,
  tks: trade.taker === 'sell' ? 'S' : 'B',
});

export const cryptoQuoteJson = (quote: QuoteTick, symbol: string): Record<string, unknown> => ({
  t: nanoTime(quote.at),
  bp: dollars(quote.bid),
  bs: quotedCoins(quote.bidSize, lotOf(symbol)),
  ap: dollars(quote.ask),
  as: quotedCoins(quote.askSize, lotOf(symbol)),
});

export const cryptoBarJson = (bar: Bar, symbol: string): Record<string, unknown> => ({
  ...barJson(bar),
  v: coins(bar.volume, symbol),
});

export const orderBookJson = (book: OrderBook): Record<string, unknown> => ({
  t: nanoTime(book.at),
  b: book.bids,
  a: book.asks,
});
