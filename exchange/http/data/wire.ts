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

/** Tape of a listing exchange is not kept: all is reported as tape C, as the free feed's symbols mostly are. */
const TAPE = 'C';

export const tradeJson = (trade: TradeTick): Record<string, unknown> => ({
  t: nanoTime(trade.at),
  x: trade.exchange,
  p: dollars(trade.price),
  s: trade.size,
  c: ['@'],
  i: trade.id,
  z: TAPE,
});

export const quoteJson = (quote: QuoteTick): Record<string, unknown> => ({
  t: nanoTime(quote.at),
  ax: quote.askExchange,
  ap: dollars(quote.ask),
  as: quote.askSize,
  bx: quote.bidExchange,
  bp: dollars(quote.bid),
  bs: quote.bidSize,
  c: ['R'],
  z: TAPE,
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
