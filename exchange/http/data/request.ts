import { instantOf, newYorkDay } from '../../clock/new-york';
import { badParameter, Refusal } from '../../orders/refusals';
import { type Call, param } from '../call';
import { countOf, listOf, parseDate, timeOf } from '../query';
import { type PageRequest, readToken } from './pages';

/** What symbols of a market look like, and how many may be asked for at once. */
export interface SymbolForm {
  readonly pattern: RegExp;
  readonly most: number;
}

export const STOCK_SYMBOLS: SymbolForm = { pattern: /^[A-Z]+(\.[A-Z]+)?$/, most: 10_000 };
/** Alpaca OpenAPI: option market data takes up to 100 contract symbols. */
export const OPTION_SYMBOLS: SymbolForm = { pattern: /^[A-Z]{1,5}\d?\d{6}[CP]\d{8}$/, most: 100 };
export const CRYPTO_SYMBOLS: SymbolForm = { pattern: /^[A-Z0-9]+\/[A-Z]+$/, most: 1_000 };

const HISTORY_FEEDS = ['sip', 'iex', 'otc', 'boats'];
const LATEST_FEEDS = [...HISTORY_FEEDS, 'delayed_sip', 'overnight'];
/** Feeds of markets that the simulation does not have: nothing is ever traded there. */
const EMPTY_FEEDS = new Set(['otc', 'boats', 'overnight']);
const QUARTER_HOUR = 15 * 60_000;
const recentSip = (): Refusal =>
  new Refusal(403, null, 'subscription does not permit querying recent SIP data');

/** Symbols asked for, checked for form; the same symbol twice counts once. */
export function symbolsOf(call: Call, form: SymbolForm = STOCK_SYMBOLS): string[] {
  const single = call.params['symbol'];
  const symbols = single === undefined ? listOf(call.query, 'symbols') : [param(call, 'symbol')];
  if (symbols.length === 0) throw badParameter('symbols is required');
  for (const symbol of symbols) {
    if (!form.pattern.test(symbol)) {
      throw badParameter(`invalid symbol: ${symbol.slice(0, 40)} does not match ${form.pattern.source}`);
    }
  }
  const unique = [...new Set(symbols)];
  if (unique.length > form.most) {
    throw badParameter(`too many symbols: ${unique.length}, the allowed maximum is ${form.most}`);
  }
  return unique;
}

function feedOf(call: Call, known: readonly string[]): string | null {
  const feed = call.query.get('feed');
  if (feed === null || feed === '') return null;
  if (!known.includes(feed)) throw badParameter(`invalid feed: ${feed.slice(0, 40)}`);
  return feed;
}

/** Prices are in dollars only; the key is echoed when it was sent. */
export function currencyOf(call: Call): { currency?: string } {
  const currency = call.query.get('currency');
  if (currency === null || currency === '') return {};
  if (currency !== 'USD') throw badParameter(`invalid currency: ${currency.slice(0, 40)}`);
  return { currency };
}

/** When to look, for "latest" endpoints; null for a feed on which there is nothing. */
export function latestAt(call: Call): number | null {
  const feed = feedOf(call, LATEST_FEEDS);
  const now = call.venue.clock.now();
  if (feed === 'sip' && call.plan === 'free') throw recentSip();
  if (feed !== null && EMPTY_FEEDS.has(feed)) return null;
  return feed === 'delayed_sip' ? now - QUARTER_HOUR : now;
}

/** A page of history, and the moment it is seen from. */
export interface HistoryRequest extends PageRequest {
  readonly now: number;
}

/** Reads what all historical endpoints have in common. */
export function pageOf(call: Call, symbols: readonly string[], latest: number): HistoryRequest {
  const { query } = call;
  const now = call.venue.clock.now();
  const end = timeOf(query, 'end', latest);
  const start = timeOf(query, 'start', Math.min(instantOf(newYorkDay(now), 0), latest));
  const limit = countOf(query, 'limit', { fallback: 1000, most: 10_000 });
  const sort = query.get('sort') || 'asc';
  if (sort !== 'asc' && sort !== 'desc') throw badParameter(`invalid sort: ${sort.slice(0, 40)}`);
  if (query.get('start') && query.get('end') && start > end)
    throw badParameter('end should not be before start');
  const mark = readToken(query.get('page_token'));
  return { symbols, start, end: Math.min(end, now), limit, descending: sort === 'desc', mark, now };
}

/** Reads a request for a stock's history: as above, with feed, `asof` and currency. */
export function historyOf(call: Call, feeds = HISTORY_FEEDS): HistoryRequest {
  const symbols = symbolsOf(call);
  const now = call.venue.clock.now();
  const feed = feedOf(call, feeds);
  const asof = call.query.get('asof');
  if (asof !== null && asof !== '' && asof !== '-' && parseDate(asof) === null) {
    throw badParameter(`invalid asof: ${asof.slice(0, 40)}`);
  }
  const delayed = feed === 'sip' && call.plan === 'free';
  const request = pageOf(call, symbols, delayed ? now - QUARTER_HOUR : now);
  if (delayed && call.query.get('end') && request.end > now - QUARTER_HOUR) throw recentSip();
  return feed !== null && EMPTY_FEEDS.has(feed) ? { ...request, symbols: [] } : request;
}
