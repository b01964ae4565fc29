import { notFound } from '../../orders/refusals';
import type { Venue } from '../../venue/venue';
import { type AccountCall, ok, type Reply } from '../call';
import { currencyOf, latestAt, symbolsOf } from './request';
import { barJson, quoteJson, tapeOf, tradeJson } from './wire';

type Read = (venue: Venue, symbol: string, at: number) => Record<string, unknown> | null;

/** The envelope of all "latest" endpoints: by symbol for many, flat for one. */
function latest(call: AccountCall, names: { one: string; many: string }, read: Read): Reply {
  const symbols = symbolsOf(call);
  const at = latestAt(call);
  const currency = currencyOf(call);
  const single = call.params['symbol'];
  if (single !== undefined) {
    const item = at === null ? null : read(call.venue, single, at);
    if (item === null) throw notFound(`no ${names.one} found for ${single}`);
    return ok({ symbol: single, [names.one]: item, ...currency });
  }
  const items: Record<string, unknown> = {};
  for (const symbol of symbols) {
    const item = at === null ? null : read(call.venue, symbol, at);
    if (item !== null) items[symbol] = item;
  }
  return ok({ [names.many]: items, ...currency });
}

const readQuote: Read = (venue, symbol, at) => {
  const quote = venue.market.quoteAt(symbol, at);
  return quote === undefined ? null : quoteJson(quote, tapeOf(symbol));
};
const readTrade: Read = (venue, symbol, at) => {
  const trade = venue.market.tradeAt(symbol, at);
  return trade === undefined ? null : tradeJson(trade, tapeOf(symbol));
};
const readBar: Read = (venue, symbol, at) => {
  const bar = venue.market.minuteBar(symbol, at);
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

const snapshotOf: Read = (venue, symbol, at) => {
  const latestTrade = readTrade(venue, symbol, at);
  if (latestTrade === null) return null;
  const { today, previous } = venue.market.dailyBars(symbol, at);
  return {
    latestTrade,
    latestQuote: readQuote(venue, symbol, at),
    minuteBar: readBar(venue, symbol, at),
    dailyBar: today === null ? null : barJson(today),
    prevDailyBar: previous === null ? null : barJson(previous),
  };
};

/** GET /v2/stocks/snapshots (no wrapper) and /v2/stocks/{symbol}/snapshot. */
export function getSnapshots(call: AccountCall): Reply {
  const symbols = symbolsOf(call);
  const at = latestAt(call);
  const currency = currencyOf(call);
  const single = call.params['symbol'];
  const read = (symbol: string): Record<string, unknown> | null =>
    at === null ? null : snapshotOf(call.venue, symbol, at);
  if (single !== undefined) {
    const snapshot = read(single);
    if (snapshot === null) throw notFound(`no snapshot found for ${single}`);
    return ok({ symbol: single, ...snapshot, ...currency });
  }
  const snapshots: Record<string, unknown> = {};
  for (const symbol of symbols) {
    const snapshot = read(symbol);
    if (snapshot !== null) snapshots[symbol] = snapshot;
  }
  return ok(snapshots);
}
