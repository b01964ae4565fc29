import { z } from 'zod';
import { findInstrument } from '../../market/instruments';
import { listedSymbols, type Watchlist } from '../../ledger/watchlist';
import { badRequest, notFound, REFUSALS, unprocessable } from '../../orders/refusals';
import { seededId } from '../../venue/ids';
import { type AccountCall, ok, param, type Reply } from '../call';
import { assetJson } from './assets';

const body = z.looseObject({ name: z.string().nullish(), symbols: z.array(z.string()).nullish() });
const added = z.looseObject({ symbol: z.string() });
const LONGEST_NAME = 64;

const time = (instant: number): string => new Date(instant).toISOString().replace('Z', '000Z');

const headJson = (account: AccountCall['account'], list: Watchlist): Record<string, unknown> => ({
  id: list.id,
  account_id: account.id,
  created_at: time(list.createdAt),
  updated_at: time(list.updatedAt),
  name: list.name,
});

const listJson = (account: AccountCall['account'], list: Watchlist): Record<string, unknown> => ({
  ...headJson(account, list),
  assets: list.symbols.flatMap((symbol) => {
    const instrument = findInstrument(symbol);
    return instrument === undefined ? [] : [assetJson(instrument)];
  }),
});

/** The list that a path's id or a query's name means. */
function findList({ account, params, query }: AccountCall): Watchlist {
  const { id } = params;
  const name = query.get('name') ?? '';
  const found =
    id === undefined
      ? [...account.watchlists.values()].find((list) => list.name === name)
      : account.watchlists.get(id);
  if (found === undefined) throw notFound(`watchlist not found for ${id ?? name}`);
  return found;
}

function save(call: AccountCall, list: { id: string; name: string; symbols: readonly string[] }): Reply {
  const { venue, account } = call;
  venue.commit({
    type: 'watchlist_saved',
    account_id: account.id,
    watchlist: { ...list, symbols: [...list.symbols] },
  });
  const saved = account.watchlists.get(list.id);
  if (saved === undefined) throw new Error('the watchlist just saved is not there');
  return ok(listJson(account, saved));
}

function readBody(call: AccountCall): { name: string | null; symbols: string[] | null } {
  const parsed = body.safeParse(call.body ?? {});
  if (!parsed.success) throw REFUSALS.malformedBody();
  const name = parsed.data.name ?? null;
  if (name !== null && name.length > LONGEST_NAME)
    throw badRequest('watchlist name must be at most 64 characters');
  return { name, symbols: parsed.data.symbols ? knownSymbols(parsed.data.symbols) : null };
}

function knownSymbols(wanted: readonly string[]): string[] {
  const { symbols, unknown } = listedSymbols(wanted);
  if (unknown !== null) throw unprocessable(`asset "${unknown}" not found`);
  return symbols;
}

function refuseTaken({ account }: AccountCall, name: string, own: string | null): void {
  const taken = [...account.watchlists.values()].some((list) => list.name === name && list.id !== own);
  if (taken) throw REFUSALS.watchlistNameTaken();
}

/** GET /v2/watchlists: without their assets. */
export const listWatchlists = ({ account }: AccountCall): Reply =>
  ok([...account.watchlists.values()].map((list) => headJson(account, list)));

/** POST /v2/watchlists. */
export function createWatchlist(call: AccountCall): Reply {
  const { name, symbols } = readBody(call);
  if (name === null || name === '') throw badRequest('watchlist name is required');
  refuseTaken(call, name, null);
  const id = seededId(call.venue.settings.seed, 'watchlist', call.venue.books.lastSeq + 1);
  return save(call, { id, name, symbols: symbols ?? [] });
}

/** GET /v2/watchlists/{id} and :by_name. */
export const getWatchlist = (call: AccountCall): Reply => ok(listJson(call.account, findList(call)));

/** PUT: the symbols sent replace those of the list. */
export function putWatchlist(call: AccountCall): Reply {
  const list = findList(call);
  const { name, symbols } = readBody(call);
  if (name) refuseTaken(call, name, list.id);
  return save(call, { id: list.id, name: name || list.name, symbols: symbols ?? list.symbols });
}

/** POST: adds one symbol. */
export function addToWatchlist(call: AccountCall): Reply {
  const list = findList(call);
  const parsed = added.safeParse(call.body);
  if (!parsed.success) throw REFUSALS.malformedBody();
  const [symbol] = knownSymbols([parsed.data.symbol]);
  if (symbol === undefined || list.symbols.includes(symbol)) throw unprocessable('duplicate symbol');
  return save(call, { id: list.id, name: list.name, symbols: [...list.symbols, symbol] });
}

/** DELETE /v2/watchlists/{id}/{symbol}. */
export function removeFromWatchlist(call: AccountCall): Reply {
  const list = findList(call);
  const symbol = param(call, 'symbol');
  if (!list.symbols.includes(symbol)) throw notFound(`symbol not found: ${symbol}`);
  return save(call, { id: list.id, name: list.name, symbols: list.symbols.filter((one) => one !== symbol) });
}

/** DELETE: 204 without a body. */
export function deleteWatchlist(call: AccountCall): Reply {
  const { id } = findList(call);
  call.venue.commit({ type: 'watchlist_deleted', account_id: call.account.id, watchlist_id: id });
  return { status: 204 };
}
