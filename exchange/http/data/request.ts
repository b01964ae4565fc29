import { instantOf, newYorkDay } from '../../clock/new-york';
import { badParameter, Refusal } from '../../orders/refusals';
import { type AccountCall, param } from '../call';
import { countOf, listOf, timeOf } from '../query';

const SYMBOL = /^[A-Z]+(\.[A-Z]+)?$/;
const FEEDS = ['sip', 'iex', 'otc', 'boats', 'delayed_sip', 'overnight'];
const ADJUSTMENTS = ['raw', 'split', 'dividend', 'spin-off', 'all'];
const QUARTER_HOUR = 15 * 60_000;

/** Symbols asked for, checked for form; the same symbol twice counts once. */
export function symbolsOf(call: AccountCall): string[] {
  const single = call.params['symbol'];
  const symbols = single === undefined ? listOf(call.query, 'symbols') : [param(call, 'symbol')];
  if (symbols.length === 0) throw badParameter('symbols is required');
  for (const symbol of symbols) {
    if (!SYMBOL.test(symbol)) {
      throw badParameter(`invalid symbol: ${symbol.slice(0, 40)} does not match ${SYMBOL.source}`);
    }
  }
  return [...new Set(symbols)];
}

/** Refuses unknown feeds, and what the free plan does not see (Alpaca docs: market data plans). */
export function checkFeed(call: AccountCall, reaches: number): void {
  const feed = call.query.get('feed');
  if (feed === null || feed === '') return;
  if (!FEEDS.includes(feed)) throw badParameter(`invalid feed: ${feed.slice(0, 40)}`);
  if (feed === 'sip' && call.plan === 'free' && reaches > call.venue.clock.now() - QUARTER_HOUR) {
    throw new Refusal(403, null, 'subscription does not permit querying recent SIP data');
  }
}

/** A stretch of history that is asked for. */
export interface HistoryRequest {
  readonly symbols: string[];
  /** Both ends are part of it, epoch milliseconds. */
  readonly start: number;
  readonly end: number;
  readonly limit: number;
  readonly descending: boolean;
  readonly now: number;
}

/** Reads what all historical endpoints have in common. */
export function historyOf(call: AccountCall): HistoryRequest {
  const { query } = call;
  const symbols = symbolsOf(call);
  const now = call.venue.clock.now();
  const start = timeOf(query, 'start', instantOf(newYorkDay(now), 0));
  const end = timeOf(query, 'end', now);
  const limit = countOf(query, 'limit', { fallback: 1000, most: 10_000 });
  const sort = query.get('sort') ?? 'asc';
  if (sort !== 'asc' && sort !== 'desc') throw badParameter(`invalid sort: ${sort.slice(0, 40)}`);
  for (const adjustment of listOf(query, 'adjustment')) {
    if (!ADJUSTMENTS.includes(adjustment))
      throw badParameter(`invalid adjustment: ${adjustment.slice(0, 40)}`);
  }
  if (query.get('end')) checkFeed(call, end);
  else checkFeed(call, 0);
  if (query.get('start') && query.get('end') && start > end)
    throw badParameter('end should not be before start');
  return { symbols, start, end: Math.min(end, now), limit, descending: sort === 'desc', now };
}
