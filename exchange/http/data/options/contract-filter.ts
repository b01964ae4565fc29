import type { OptionContract } from '../../../derivatives/contracts/contract-book';
import { rootSymbol } from '../../../derivatives/contracts/occ-symbol';
import { badParameter } from '../../../orders/refusals';
import type { AccountCall } from '../../call';
import { parseTime } from '../../query';
import { newYorkDay } from '../../../clock/new-york';

/** Which contracts are wanted. Days are civil days, both ends included. */
export interface ContractFilter {
  readonly expiries: { readonly from: number; readonly to: number };
  passes(contract: OptionContract): boolean;
}

function choice<T extends string>(call: AccountCall, name: string, choices: readonly T[]): T | null {
  const text = call.query.get(name);
  if (text === null || text === '') return null;
  const found = choices.find((one) => one === text);
  if (found === undefined) throw badParameter(`invalid ${name}: ${text.slice(0, 40)}`);
  return found;
}

function dateOf(call: AccountCall, name: string): number | null {
  const text = call.query.get(name);
  if (text === null || text === '') return null;
  const at = parseTime(text);
  if (at === null) throw badParameter(`invalid ${name}: ${text.slice(0, 40)} is not a date (YYYY-MM-DD)`);
  return newYorkDay(at);
}

function priceOf(call: AccountCall, name: string, fallback: number): number {
  const text = call.query.get(name);
  if (text === null || text === '') return fallback;
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0 || !/^[\d.]+$/.test(text)) {
    throw badParameter(`invalid ${name}: ${text.slice(0, 40)}`);
  }
  return value;
}

/** Reads what chains and contract lists have in common. `rest` says what holds when no date is given. */
export function readFilter(
  call: AccountCall,
  today: number,
  rest: { from?: number; to: number },
): ContractFilter {
  const type = choice(call, 'type', ['call', 'put']);
  const style = choice(call, 'style', ['american', 'european']);
  const root = call.query.get('root_symbol') || null;
  const low = priceOf(call, 'strike_price_gte', 0);
  const high = priceOf(call, 'strike_price_lte', Infinity);
  const on = dateOf(call, 'expiration_date');
  const from = on ?? dateOf(call, 'expiration_date_gte');
  const to = on ?? dateOf(call, 'expiration_date_lte');
  const first = from ?? rest.from ?? today;
  // A date in the far future without an end asks for all that lies behind it.
  const last = to ?? (from !== null && from > rest.to ? from + 1_000 : rest.to);
  return {
    expiries: { from: first, to: last },
    passes: (contract) =>
      (type === null || contract.type === type) &&
      style !== 'european' &&
      (root === null || rootSymbol(contract) === root) &&
      contract.strike >= low &&
      contract.strike <= high,
  };
}
