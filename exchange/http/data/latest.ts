import { notFound } from '../../orders/refusals';
import type { Venue } from '../../venue/venue';
import { type AccountCall, ok, type Reply } from '../call';
import { checkFeed, symbolsOf } from './request';
import { barJson, quoteJson, tradeJson } from './wire';

type Read = (venue: Venue, symbol: string) => Record<string, unknown> | null;

/** The envelope of all "latest" endpoints: by symbol for many, flat for one. */
function latest(call: AccountCall, names: { one: string; many: string }, read: Read): Reply {
  checkFeed(call, Infinity);
  const symbols = symbolsOf(call);
  const single = call.params['symbol'];
  if (single !== undefined) {
    const item = read(call.venue, single);
    if (item === null) throw notFound(`no ${names.one} found for ${single}`);
    return ok({ symbol: single, [names.one]: item });
  }
  const items: Record<string, unknown> = {};
  for (const symbol of symbols) {
    const item = read(call.venue, symbol);
    if (item !== null) items[symbol] = item;
  }
  return ok({ [names.many]: items });
}

const readQuote: Read = (venue, symbol) => {
  const quote = venue.market.quoteAt(symbol, venue.clock.now());
  return quote === undefined ? null : quoteJson(quote);
};
const readTrade: Read = (venue, symbol) => {
  const trade = venue.market.tradeAt(symbol, venue.clock.now());
  return trade === undefined ? null : tradeJson(trade);
};
const readBar: Read = (venue, symbol) => {
  const bar = venue.market.minuteBar(symbol, venue.clock.now());
  return bar === undefined ? null : barJson(bar);
};

/** GET …/quotes/latest. */
export const latestQuotes = (call: AccountCall): Reply =>
  latest(call, { one: 'quote', many: 'quotes' }, readQuote);
/** GET …/trades/latest. */
export const latestTrades = (call: AccountCall): Reply =>
  latest(call, { one: 'trade', many: 'trades' }, readTrade);
/** GET …/bars/latest. */
export const latestBars = (call: AccountCall): Reply => latest(call, { one: 'bar', many: 'bars' }, readBar);

function snapshotOf(venue: Venue, symbol: string): Record<string, unknown> | null {
  const latestTrade = readTrade(venue, symbol);
  if (latestTrade === null) return null;
  const { today, previous } = venue.market.dailyBars(symbol, venue.clock.now());
  return {
    latestTrade,
    latestQuote: readQuote(venue, symbol),
    minuteBar: readBar(venue, symbol),
    dailyBar: today === null ? null : barJson(today),
    prevDailyBar: previous === null ? null : barJson(previous),
  };
}

/** GET /v2/stocks/snapshots (no wrapper) and /v2/stocks/{symbol}/snapshot. */
export function getSnapshots(call: AccountCall): Reply {
  checkFeed(call, Infinity);
  const symbols = symbolsOf(call);
  const single = call.params['symbol'];
  if (single !== undefined) {
    const snapshot = snapshotOf(call.venue, single);
    if (snapshot === null) throw notFound(`no snapshot found for ${single}`);
    return ok({ symbol: single, ...snapshot });
  }
  const snapshots: Record<string, unknown> = {};
  for (const symbol of symbols) {
    const snapshot = snapshotOf(call.venue, symbol);
    if (snapshot !== null) snapshots[symbol] = snapshot;
  }
  return ok(snapshots);
}
