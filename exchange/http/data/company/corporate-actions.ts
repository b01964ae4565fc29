import { isoDate, newYorkDay } from '../../../clock/new-york';
import { cusipOf } from '../../../market/company/action-name';
import { badParameter, badRequest, notFound } from '../../../orders/refusals';
import { type AccountCall, ok, param, type Reply } from '../../call';
import { countOf, listOf, parseTime } from '../../query';
import { actionJson, actionsKnownOn, type CorporateAction, recordDay } from './actions';

/** All that Alpaca names; the simulation has splits and cash dividends. */
const TYPES = [
  'reverse_split',
  'forward_split',
  'unit_split',
  'cash_dividend',
  'stock_dividend',
  'spin_off',
  'cash_merger',
  'stock_merger',
  'stock_and_cash_merger',
  'redemption',
  'name_change',
  'worthless_removal',
  'rights_distribution',
  'partial_call',
  'reorganization',
];

function dayParameter(call: AccountCall, name: string, fallback: number): number {
  const text = call.query.get(name);
  if (text === null || text === '') return fallback;
  const at = parseTime(text);
  if (at === null)
    throw badParameter(
      `Invalid format for parameter ${name}: error parsing '${text.slice(0, 40)}' as a date`,
    );
  return newYorkDay(at);
}

/** Which actions a request is about; those not yet announced stay unknown. */
function wantedBy(call: AccountCall): (action: CorporateAction) => boolean {
  const { query, venue } = call;
  const today = newYorkDay(venue.clock.now());
  const [ids, symbols, cusips] = ['ids', 'symbols', 'cusips'].map((name) => new Set(listOf(query, name)));
  const types = listOf(query, 'types');
  for (const type of types)
    if (!TYPES.includes(type)) throw badParameter(`invalid type: ${type.slice(0, 40)}`);
  const region = query.get('region') || 'us';
  if (!['us', 'non_us', 'all'].includes(region)) throw badParameter(`invalid region: ${region.slice(0, 40)}`);
  const [start, end] = [dayParameter(call, 'start', today), dayParameter(call, 'end', today)];
  if (ids !== undefined && ids.size > 0) {
    if (types.length > 0 || symbols?.size || cusips?.size || query.get('start') || query.get('end')) {
      throw badParameter('ids is mutually exclusive with all other filters');
    }
    return (action) => ids.has(action.id);
  }
  if (query.get('start') && query.get('end') && start > end)
    throw badParameter('end should not be before start');
  const named = (action: CorporateAction): boolean =>
    (!symbols?.size && !cusips?.size) ||
    symbols?.has(action.symbol) === true ||
    cusips?.has(cusipOf(action.symbol)) === true;
  return (action) =>
    region !== 'non_us' &&
    action.processDay >= start &&
    action.processDay <= end &&
    (types.length === 0 || types.includes(action.type)) &&
    named(action);
}

const order = (a: CorporateAction, b: CorporateAction): number =>
  a.processDay - b.processDay || (a.id < b.id ? -1 : 1);

/** GET /v1/corporate-actions: by process date; types without any are left out. */
export async function getCorporateActions(call: AccountCall): Promise<Reply> {
  const { query, venue } = call;
  const limit = countOf(query, 'limit', { fallback: 100, most: 1000 });
  const sort = query.get('sort') || 'asc';
  if (sort !== 'asc' && sort !== 'desc') throw badParameter(`invalid sort: ${sort.slice(0, 40)}`);
  const wanted = wantedBy(call);
  const known = await actionsKnownOn(venue.market, newYorkDay(venue.clock.now()));
  const found = known.filter(wanted).sort(order);
  if (sort === 'desc') found.reverse();
  const token = query.get('page_token');
  const last =
    token === null || token === '' || token === 'null' ? null : Buffer.from(token, 'base64').toString('utf8');
  const from = last === null ? 0 : found.findIndex((action) => action.id === last) + 1;
  if (last !== null && from === 0) throw badParameter('invalid page_token');
  const page = found.slice(from, from + limit);
  const lists: Record<string, unknown[]> = {};
  for (const action of page) (lists[`${action.type}s`] ??= []).push(actionJson(action));
  const end = page.at(-1);
  const more = found.length > from + limit && end !== undefined;
  return ok({
    corporate_actions: lists,
    next_page_token: more ? Buffer.from(end.id).toString('base64') : null,
  });
}

const CA_TYPES = ['dividend', 'merger', 'spinoff', 'split'];

/** The older form of the same news (deprecated by Alpaca, still answered). */
function announcementJson(action: CorporateAction): Record<string, unknown> {
  const { event, cash } = action.priced;
  const cusip = cusipOf(action.symbol);
  return {
    id: action.id,
    corporate_action_id: `${cusip}_${action.id.slice(0, 4).toUpperCase()}`,
    ca_type: event.kind,
    ca_sub_type:
      event.kind === 'dividend' ? 'cash' : action.type === 'forward_split' ? 'stock_split' : 'reverse_split',
    initiating_symbol: action.symbol,
    initiating_original_cusip: cusip,
    target_symbol: action.symbol,
    target_original_cusip: cusip,
    declaration_date: isoDate(action.knownFrom),
    ex_date: isoDate(event.exDay),
    record_date: isoDate(recordDay(action)),
    payable_date: isoDate(action.processDay),
    cash: String(cash),
    old_rate: event.kind === 'split' ? String(event.oldRate) : '1',
    new_rate: event.kind === 'split' ? String(event.newRate) : '1',
  };
}

/** GET /v2/corporate_actions/announcements: at most 90 days, by the date that `date_type` names. */
export async function listAnnouncements(call: AccountCall): Promise<Reply> {
  const { query, venue } = call;
  const types = listOf(query, 'ca_types').map((type) => type.toLowerCase());
  if (types.length === 0) throw badRequest('ca_types is required');
  for (const type of types)
    if (!CA_TYPES.includes(type)) throw badRequest(`invalid ca_type: ${type.slice(0, 40)}`);
  const [since, until] = ['since', 'until'].map((name) => parseTime(query.get(name) ?? ''));
  if (since == null || until == null) throw badRequest('since and until are required (YYYY-MM-DD)');
  const [from, to] = [newYorkDay(since), newYorkDay(until)];
  if (to - from > 90) throw badRequest('the date range is limited to 90 days');
  const dateType = query.get('date_type') || 'declaration_date';
  const dayOf = (action: CorporateAction): number | undefined =>
    ({
      declaration_date: action.knownFrom,
      ex_date: action.priced.event.exDay,
      record_date: recordDay(action),
      payable_date: action.processDay,
    })[dateType];
  const [symbol, cusip] = [query.get('symbol'), query.get('cusip')];
  const known = await actionsKnownOn(venue.market, newYorkDay(venue.clock.now()));
  const found = known.filter((action) => {
    const day = dayOf(action);
    if (day === undefined) throw badRequest(`invalid date_type: ${dateType.slice(0, 40)}`);
    return (
      day >= from &&
      day <= to &&
      types.includes(action.priced.event.kind) &&
      (!symbol || symbol === action.symbol) &&
      (!cusip || cusip === cusipOf(action.symbol))
    );
  });
  return ok(found.sort(order).map(announcementJson));
}

/** GET /v2/corporate_actions/announcements/{id}. */
export async function getAnnouncement(call: AccountCall): Promise<Reply> {
  const id = param(call, 'id');
  const { market, clock } = call.venue;
  const known = await actionsKnownOn(market, newYorkDay(clock.now()));
  const found = known.find((action) => action.id === id);
  if (found === undefined) throw notFound(`announcement not found for ${id}`);
  return ok(announcementJson(found));
}
