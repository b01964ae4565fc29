import { dayFrom, newYorkDay } from '../../clock/new-york';
import { rootSymbol } from '../../derivatives/contracts/occ-symbol';
import { optionMarketOf } from '../../derivatives/option-market';
import { findInstrument, INSTRUMENTS } from '../../market/instruments';
import type { Venue } from '../../venue/venue';
import { ERRORS, TwsRefusal } from '../wire/errors';
import { symbolOfConId } from './con-ids';
import { type ContractSpec, contractOf, ownSymbol, type TwsContract } from './contract';

/** Where IB routes US stocks and options to; what is listed here is taken under each of their names. */
const EXCHANGES: ReadonlySet<string> = new Set(
  ',SMART,BEST,NASDAQ,ISLAND,NYSE,ARCA,AMEX,BATS,IEX,CBOE,CBOE2,ISE,PHLX,BOX,PSE,MIAX,NASDAQOM,EDGX,MEMX'.split(
    ',',
  ),
);
const RIGHTS: Readonly<Record<string, 'call' | 'put'>> = { C: 'call', CALL: 'call', P: 'put', PUT: 'put' };

const one = (contract: TwsContract | null): TwsContract[] => (contract === null ? [] : [contract]);

/** All listed contracts that a description fits. */
export function findContracts(venue: Venue, spec: ContractSpec): TwsContract[] {
  if (!EXCHANGES.has(spec.exchange) || !['', 'USD'].includes(spec.currency)) return [];
  const known = spec.conId === 0 ? undefined : symbolOfConId(spec.conId, newYorkDay(venue.clock.now()));
  if (known !== undefined) return listed(venue, known);
  // A number that names nothing here may be another gateway's; the rest of the description counts then.
  const local = spec.localSymbol.trim();
  if (spec.secType === 'STK' || (spec.secType === '' && local === '' && spec.expiry === '')) {
    return one(contractOf(findInstrument(ownSymbol(spec.symbol || local))?.symbol ?? ''));
  }
  if (spec.secType !== 'OPT' && spec.secType !== '') return [];
  return local === '' ? chainOf(venue, spec) : listed(venue, local.replaceAll(/\s+/g, ''));
}

function listed(venue: Venue, symbol: string): TwsContract[] {
  if (INSTRUMENTS.has(symbol)) return one(contractOf(symbol));
  const now = venue.clock.now();
  const found = optionMarketOf(venue.market).contracts.find(symbol, newYorkDay(now));
  return found === undefined || found.expiresAt <= now ? [] : one(contractOf(found.symbol));
}

/** Options by what they are: underlying, expiry, strike and right, of which all but the first may be left open. */
function chainOf(venue: Venue, spec: ContractSpec): TwsContract[] {
  const now = venue.clock.now();
  const today = newYorkDay(now);
  const span = expiriesOf(spec.expiry, today);
  const right = spec.right === '' ? undefined : RIGHTS[spec.right];
  if (span === null || (spec.right !== '' && spec.right !== '0' && spec.right !== '?' && right === undefined))
    return [];
  const { contracts } = optionMarketOf(venue.market);
  const found: TwsContract[] = [];
  for (const option of contracts.list(ownSymbol(spec.symbol), today, span)) {
    if (option.expiresAt <= now) continue;
    if (right !== undefined && option.type !== right) continue;
    if (spec.strike !== 0 && Math.abs(option.strike - spec.strike) > 1e-6) continue;
    if (spec.tradingClass !== '' && rootSymbol(option) !== spec.tradingClass) continue;
    found.push(...one(contractOf(option.symbol)));
  }
  return found;
}

function expiriesOf(text: string, today: number): { from: number; to: number } | null {
  if (text === '') return { from: today, to: today + 1_500 };
  const match = /^(\d{4})-?(\d{2})-?(\d{2})?$/.exec(text.trim());
  if (match === null) return null;
  const [, year = '', month = '', date] = match;
  const from = dayFrom(`${year}-${month}-${date ?? '01'}`);
  if (Number.isNaN(from)) return null;
  if (date !== undefined) return { from, to: from };
  return { from, to: Math.floor(Date.UTC(Number(year), Number(month), 0) / 86_400_000) };
}

/** The one contract that an order or a subscription is about. */
export function findContract(venue: Venue, spec: ContractSpec): TwsContract {
  if (spec.exchange === '') throw new TwsRefusal(ERRORS.invalid('Missing order exchange'));
  const found = findContracts(venue, spec);
  const [first, second] = found;
  if (first === undefined) throw new TwsRefusal(ERRORS.noContract);
  if (second !== undefined) throw new TwsRefusal(ERRORS.ambiguous);
  return first;
}
