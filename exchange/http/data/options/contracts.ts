import { isoDate, newYorkDay, weekdayOf } from '../../../clock/new-york';
import { sessionOf } from '../../../clock/calendar';
import {
  type OptionContract,
  contractName,
  openInterest,
} from '../../../derivatives/contracts/contract-book';
import { rootSymbol } from '../../../derivatives/contracts/occ-symbol';
import { OPTION_UNDERLYINGS } from '../../../derivatives/contracts/underlyings';
import { optionMarketOf } from '../../../derivatives/option-market';
import { tradingDayBefore } from '../../../market/company/company-calendar';
import { badParameter, notFound } from '../../../orders/refusals';
import { type AccountCall, ok, param, type Reply } from '../../call';
import { countOf, listOf, parseFlag } from '../../query';
import { takeTurns } from '../turns';
import { readFilter } from './contract-filter';
import { readLast, writeLast } from './latest';

const deliverablesOf = (contract: OptionContract, shares: number): unknown[] => [
  {
    type: 'equity',
    symbol: contract.root,
    asset_id: contract.underlying.assetId,
    amount: String(shares),
    allocation_percentage: '100',
    settlement_type: 'T+1',
    settlement_method: 'CCC',
    delayed_settlement: false,
  },
];

function contractJson(
  call: AccountCall,
  contract: OptionContract,
  deliverables: boolean,
): Record<string, unknown> {
  const { venue } = call;
  const now = venue.clock.now();
  const active = contract.expiresAt > now;
  const lastDay = tradingDayBefore(Math.min(newYorkDay(now), contract.expiry));
  const market = optionMarketOf(venue.market);
  const close = market.quoteAt(contract, (sessionOf(lastDay)?.close ?? now) - 1, now);
  const shares = market.contracts.sharesOf(contract, newYorkDay(now));
  return {
    id: contract.id,
    symbol: contract.symbol,
    name: contractName(contract),
    status: active ? 'active' : 'inactive',
    tradable: active,
    expiration_date: isoDate(contract.expiry),
    root_symbol: rootSymbol(contract),
    underlying_symbol: contract.root,
    underlying_asset_id: contract.underlying.assetId,
    type: contract.type,
    style: 'american',
    strike_price: String(contract.strike),
    multiplier: '100',
    size: String(shares),
    open_interest: String(openInterest(venue.market, contract, lastDay)),
    open_interest_date: isoDate(lastDay),
    // Nothing was quoted on the day before the listing.
    ...(close === undefined
      ? {}
      : { close_price: String(Math.max(0.01, close.bid / 1_000_000)), close_price_date: isoDate(lastDay) }),
    ppind: true,
    ...(deliverables ? { deliverables: deliverablesOf(contract, shares) } : {}),
  };
}

function isYes(call: AccountCall, name: string): boolean | null {
  const text = call.query.get(name);
  if (text === null || text === '') return null;
  const found = parseFlag(text);
  if (found === null) throw badParameter(`invalid ${name}: ${text.slice(0, 40)}`);
  return found;
}

/** GET /v2/options/contracts. By default: active ones that expire before the next weekend is over. */
export async function listOptionContracts(call: AccountCall): Promise<Reply> {
  const { query, venue } = call;
  const now = venue.clock.now();
  const today = newYorkDay(now);
  const status = query.get('status') || 'active';
  if (status !== 'active' && status !== 'inactive')
    throw badParameter(`invalid status: ${status.slice(0, 40)}`);
  const weekend = today + ((7 - weekdayOf(today)) % 7);
  const filter = readFilter(
    call,
    today,
    status === 'active' ? { to: weekend } : { from: today - 30, to: today },
  );
  const limit = countOf(query, 'limit', { fallback: 100, most: 10_000 });
  const after = readLast(query.get('page_token'));
  const deliverables = isYes(call, 'show_deliverables') ?? false;
  const pennies = isYes(call, 'ppind') ?? true;
  const named = listOf(query, 'underlying_symbols');
  const underlyings = [...new Set(named.length > 0 ? named : OPTION_UNDERLYINGS)].sort();
  const { contracts } = optionMarketOf(venue.market);
  const turn = takeTurns();
  const page: Record<string, unknown>[] = [];
  let last = '';
  for (const underlying of pennies ? underlyings : []) {
    for (const contract of contracts.list(underlying, today, filter.expiries)) {
      if (after !== null && contract.symbol <= after) continue;
      if (contract.expiresAt > now !== (status === 'active') || !filter.passes(contract)) continue;
      if (page.length === limit) return ok({ option_contracts: page, next_page_token: writeLast(last) });
      page.push(contractJson(call, contract, deliverables));
      last = contract.symbol;
      await turn();
    }
  }
  return ok({ option_contracts: page, next_page_token: null });
}

/** GET /v2/options/contracts/{symbol or id}. */
export function getOptionContract(call: AccountCall): Reply {
  const wanted = param(call, 'symbol');
  const { contracts } = optionMarketOf(call.venue.market);
  const contract = contracts.find(wanted, newYorkDay(call.venue.clock.now()));
  if (contract === undefined) throw notFound(`option contract not found for ${wanted}`);
  return ok(contractJson(call, contract, true));
}
