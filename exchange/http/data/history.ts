import { DAY_MS } from '../../clock/new-york';
import type { Span } from '../../market/market';
import { parseTimeframe, type Timeframe } from '../../market/timeframe';
import { badParameter } from '../../orders/refusals';
import { type AccountCall, ok, type Reply } from '../call';
import { pageOver, readToken } from './pages';
import { type HistoryRequest, historyOf } from './request';
import { barJson, quoteJson, tradeJson } from './wire';

/** One kind of history: how to list it, and how it is written. */
interface Series<T> {
  readonly name: 'bars' | 'trades' | 'quotes';
  readonly unit: string;
  list(symbol: string, span: Span): Iterable<T>;
  timeOf(item: T): number;
  toJson(item: T): Record<string, unknown>;
  /** Milliseconds to list at a time when going backwards. */
  readonly stride: number;
}

/** Step over which two items never share a time. */
const BEYOND = 0.000_5;

function* itemsOf<T>(
  series: Series<T>,
  request: HistoryRequest,
  symbol: string,
  beyond: number | null,
): Generator<T> {
  if (!request.descending) {
    const from = beyond === null ? request.start : beyond + BEYOND;
    yield* series.list(symbol, { from, to: request.end + BEYOND });
    return;
  }
  let to = beyond ?? request.end + BEYOND;
  while (to > request.start) {
    const from = Math.max(request.start, to - series.stride);
    yield* [...series.list(symbol, { from, to })].reverse();
    to = from;
  }
}

function answer<T>(call: AccountCall, request: HistoryRequest, series: Series<T>): Reply {
  const { found, token } = pageOver(request.symbols, {
    limit: request.limit,
    unit: series.unit,
    mark: readToken(call.query.get('page_token')),
    items: (symbol, beyond) => itemsOf(series, request, symbol, beyond),
    timeOf: series.timeOf,
  });
  const single = call.params['symbol'];
  if (single !== undefined) {
    const items = found.get(single)?.map(series.toJson) ?? null;
    return ok({ [series.name]: items, symbol: single, next_page_token: token });
  }
  const lists: Record<string, unknown> = {};
  for (const [symbol, items] of found) lists[symbol] = items.map(series.toJson);
  return ok({ [series.name]: lists, next_page_token: token });
}

/** GET /v2/stocks/bars and /v2/stocks/{symbol}/bars. */
export function getBars(call: AccountCall): Reply {
  const text = call.query.get('timeframe') ?? '1Min';
  const frame = parseTimeframe(text);
  if (frame === null) throw badParameter(`invalid timeframe: ${text.slice(0, 40)}`);
  const request = historyOf(call);
  return answer(call, request, {
    name: 'bars',
    unit: unitOf(frame),
    list: (symbol, span) => call.venue.market.bars(symbol, frame, span, request.now),
    timeOf: (bar) => bar.start,
    toJson: barJson,
    stride: frame.unit === 'minute' ? 3 * DAY_MS : 400 * DAY_MS,
  });
}

const unitOf = (frame: Timeframe): string => (frame.unit === 'minute' ? 'M' : 'D');

/** GET /v2/stocks/trades and /v2/stocks/{symbol}/trades. */
export function getTrades(call: AccountCall): Reply {
  return answer(call, historyOf(call), {
    name: 'trades',
    unit: 'T',
    list: (symbol, span) => call.venue.market.trades(symbol, span),
    timeOf: (trade) => trade.at,
    toJson: tradeJson,
    stride: 600_000,
  });
}

/** GET /v2/stocks/quotes and /v2/stocks/{symbol}/quotes. */
export function getQuotes(call: AccountCall): Reply {
  return answer(call, historyOf(call), {
    name: 'quotes',
    unit: 'Q',
    list: (symbol, span) => call.venue.market.quotes(symbol, span),
    timeOf: (quote) => quote.at,
    toJson: quoteJson,
    stride: 600_000,
  });
}
