import { optionMarketOf } from '../../../derivatives/option-market';
import { newYorkDay } from '../../../clock/new-york';
import type { OptionContract } from '../../../derivatives/contracts/contract-book';
import { badParameter } from '../../../orders/refusals';
import { type AccountCall, ok, param, type Reply } from '../../call';
import { countOf, timeOf } from '../../query';
import { takeTurns } from '../turns';
import { type ContractFilter, readFilter } from './contract-filter';
import { checkOptionFeed, contractsOf, optionQuoteJson, optionTradeJson, snapshotJson } from './wire';

/** GET /v1beta1/options/quotes/latest. */
export function latestOptionQuotes(call: AccountCall): Reply {
  checkOptionFeed(call);
  const market = optionMarketOf(call.venue.market);
  const quotes: Record<string, unknown> = {};
  for (const [symbol, contract] of contractsOf(call)) {
    const quote = market.quoteAt(contract, call.venue.clock.now());
    if (quote !== undefined) quotes[symbol] = optionQuoteJson(quote);
  }
  return ok({ quotes });
}

/** GET /v1beta1/options/trades/latest. */
export function latestOptionTrades(call: AccountCall): Reply {
  checkOptionFeed(call);
  const market = optionMarketOf(call.venue.market);
  const trades: Record<string, unknown> = {};
  for (const [symbol, contract] of contractsOf(call)) {
    const trade = market.tradeAt(contract, call.venue.clock.now());
    if (trade !== undefined) trades[symbol] = optionTradeJson(trade);
  }
  return ok({ trades });
}

/** A page of snapshots, by symbol; the token is the last symbol of the page. */
async function snapshots(call: AccountCall, contracts: Iterable<OptionContract>): Promise<Reply> {
  const now = call.venue.clock.now();
  const market = optionMarketOf(call.venue.market);
  const limit = countOf(call.query, 'limit', { fallback: 100, most: 1000 });
  const since = timeOf(call.query, 'updated_since', 0);
  const after = readLast(call.query.get('page_token'));
  const turn = takeTurns();
  const found: Record<string, unknown> = {};
  let [count, last] = [0, ''];
  for (const contract of contracts) {
    if (after !== null && contract.symbol <= after) continue;
    await turn();
    if (count === limit) return ok({ snapshots: found, next_page_token: writeLast(last) });
    const json = snapshotJson(market, contract, { now, since });
    if (json === null) continue;
    found[contract.symbol] = json;
    last = contract.symbol;
    count += 1;
  }
  return ok({ snapshots: found, next_page_token: null });
}

export const writeLast = (symbol: string): string => Buffer.from(`${symbol}|O`).toString('base64');

/** The last symbol of the page before; null for a first page. */
export function readLast(token: string | null): string | null {
  if (token === null || token === '' || token === 'null') return null;
  const [symbol, kind] = Buffer.from(token, 'base64').toString('utf8').split('|');
  if (!symbol || kind !== 'O') throw badParameter('invalid page_token');
  return symbol;
}

/** GET /v1beta1/options/snapshots. */
export function optionSnapshots(call: AccountCall): Promise<Reply> {
  checkOptionFeed(call);
  const contracts = [...contractsOf(call).values()].sort((a, b) => (a.symbol < b.symbol ? -1 : 1));
  return snapshots(call, contracts);
}

/** GET /v1beta1/options/snapshots/{underlying}: the chain. */
export function optionChain(call: AccountCall): Promise<Reply> {
  checkOptionFeed(call);
  const underlying = param(call, 'underlying');
  if (!/^[A-Z]{1,6}$/.test(underlying))
    throw badParameter(`invalid underlying symbol: ${underlying.slice(0, 40)}`);
  const today = newYorkDay(call.venue.clock.now());
  const filter = readFilter(call, today, { to: today + 1_000 });
  return snapshots(call, chainOf(call, underlying, filter));
}

/** Contracts of an underlying that are traded now and pass a filter, in order of their symbols. */
function* chainOf(call: AccountCall, underlying: string, filter: ContractFilter): Generator<OptionContract> {
  const now = call.venue.clock.now();
  const { contracts } = optionMarketOf(call.venue.market);
  for (const contract of contracts.list(underlying, newYorkDay(now), filter.expiries)) {
    if (contract.expiresAt > now && filter.passes(contract)) yield contract;
  }
}
