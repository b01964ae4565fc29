import { DAY_MS } from '../../clock/new-york';
import type { Adjustment } from '../../market/company/adjustment';
import { parseTimeframe, type Timeframe } from '../../market/timeframe';
import { badParameter } from '../../orders/refusals';
import { type Call, ok, type Reply } from '../call';
import { listOf } from '../query';
import { pageOver, type Series } from './pages';
import { currencyOf, type HistoryRequest, historyOf } from './request';
import { barJson, quoteJson, tapeOf, tradeJson } from './wire';

/** A series with the way its items are written for a symbol. */
export type WrittenSeries<T> = Series<T> & { toJson(item: T, symbol: string): Record<string, unknown> };

/** The envelope of all histories: by symbol for many, flat for one. */
export async function answerHistory<T>(
  call: Call,
  request: HistoryRequest,
  series: WrittenSeries<T>,
): Promise<Reply> {
  const { found, token } = await pageOver(request, series, series.toJson);
  const rest = { next_page_token: token, ...currencyOf(call) };
  const single = call.params['symbol'];
  if (single !== undefined) {
    // A list without items is null here, and only here: Alpaca's own does so.
    const items = found.get(single) ?? null;
    return ok({ [series.name]: items, symbol: single, ...rest });
  }
  return ok({ [series.name]: Object.fromEntries(found), ...rest });
}

/** The timeframe of a request; it has no default. */
export function timeframeOf(call: Call): Timeframe {
  const text = call.query.get('timeframe');
  if (text === null || text === '') throw badParameter('timeframe is required');
  const frame = parseTimeframe(text);
  if (frame === null) throw badParameter(`invalid timeframe: ${text.slice(0, 40)}`);
  return frame;
}

/** Alpaca OpenAPI: `raw`, or any of the others joined by commas. */
function adjustmentOf(call: Call): Adjustment {
  const names = listOf(call.query, 'adjustment');
  for (const name of names) {
    if (!['raw', 'split', 'dividend', 'spin-off', 'all'].includes(name))
      throw badParameter(`invalid adjustment: ${name.slice(0, 40)}`);
  }
  const has = (name: string): boolean => names.includes(name) || names.includes('all');
  return { split: has('split'), dividend: has('dividend') };
}

/** What a timeframe's bars are called in a page token, and how many to make at a time. */
export const barPages = (frame: Timeframe): { unit: string; stride: number } =>
  frame.unit === 'minute'
    ? { unit: 'M', stride: 2 * DAY_MS }
    : { unit: 'D', stride: (frame.unit === 'day' ? 60 : 400) * DAY_MS };

/** GET /v2/stocks/bars and /v2/stocks/{symbol}/bars. */
export function getBars(call: Call): Promise<Reply> {
  const request = historyOf(call);
  const how = { now: request.now, ...adjustmentOf(call) };
  const frame = timeframeOf(call);
  const { market } = call.venue;
  const wide = frame.unit !== 'minute';
  return answerHistory(call, request, {
    name: 'bars',
    ...barPages(frame),
    list: (symbol, span) => market.adjustedBars(symbol, frame, span, how),
    prepare: (symbol, span) => (wide ? market.dailyWork(symbol, frame, span, request.now) : []),
    timeOf: (bar) => bar.start,
    toJson: barJson,
  });
}

/** GET /v2/stocks/trades and /v2/stocks/{symbol}/trades. */
export const getTrades = (call: Call): Promise<Reply> =>
  answerHistory(call, historyOf(call), {
    name: 'trades',
    unit: 'T',
    list: (symbol, span) => call.venue.market.trades(symbol, span),
    timeOf: (trade) => trade.at,
    toJson: (trade, symbol) => tradeJson(trade, tapeOf(symbol)),
    stride: 600_000,
  });

/** GET /v2/stocks/quotes and /v2/stocks/{symbol}/quotes. */
export const getQuotes = (call: Call): Promise<Reply> =>
  answerHistory(call, historyOf(call), {
    name: 'quotes',
    unit: 'Q',
    list: (symbol, span) => call.venue.market.quotes(symbol, span),
    timeOf: (quote) => quote.at,
    toJson: (quote, symbol) => quoteJson(quote, tapeOf(symbol)),
    stride: 600_000,
  });
