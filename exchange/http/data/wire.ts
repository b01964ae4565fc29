import { INSTRUMENTS } from '../../market/instruments';
import type { Bar, QuoteTick, TradeTick } from '../../market/ticks';

/** Dollars as a JSON number, from micro-dollars. */
export const dollars = (micros: number): number => Math.round(micros) / 1_000_000;

/** RFC 3339 UTC with nine fractional digits; `at` is epoch milliseconds with a fraction. */
export function nanoTime(at: number): string {
  const whole = Math.floor(at);
  const rest = Math.min(999_999, Math.floor((at - whole) * 1_000_000));
  return `${new Date(whole).toISOString().slice(0, 23)}${String(rest).padStart(6, '0')}Z`;
}

export const secondTime = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;

const TAPES = { NYSE: 'A', ARCA: 'B', NASDAQ: 'C' } as const;

/** The tape that reports a symbol's trades: its listing exchange's (CTA and UTP plans). */
export function tapeOf(symbol: string): 'A' | 'B' | 'C' {
  const exchange = INSTRUMENTS.get(symbol)?.exchange ?? 'NASDAQ';
  return exchange === 'CRYPTO' ? 'C' : TAPES[exchange];
}

export const tradeJson = (trade: TradeTick, tape: string): Record<string, unknown> => ({
  t: nanoTime(trade.at),
  x: trade.exchange,
  p: dollars(trade.price),
  s: trade.size,
  c: trade.reopens === true ? ['@', '5'] : trade.size < 100 ? ['@', 'I'] : ['@'],
  i: trade.id,
  z: tape,
});

/** What a quote of a stock and one of an option have in common. */
export const sidesJson = (quote: QuoteTick): Record<string, unknown> => ({
  t: nanoTime(quote.at),
  ax: quote.askExchange,
  ap: dollars(quote.ask),
  as: quote.askSize,
  bx: quote.bidExchange,
  bp: dollars(quote.bid),
  bs: quote.bidSize,
});

export const quoteJson = (quote: QuoteTick, tape: string): Record<string, unknown> => ({
  ...sidesJson(quote),
  c: ['R'],
  z: tape,
});

export const barJson = (bar: Bar): Record<string, unknown> => ({
  t: secondTime(bar.start),
  o: dollars(bar.open),
  h: dollars(bar.high),
  l: dollars(bar.low),
  c: dollars(bar.close),
  v: bar.volume,
  n: bar.trades,
  vw: dollars(bar.vwap),
});
