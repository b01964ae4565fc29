import { findInstrument, INSTRUMENTS, type Instrument } from '../../market/instruments';
import { notFound } from '../../orders/refusals';
import { type AccountCall, ok, param, type Reply } from '../call';
import { listOf } from '../query';

/** The asset as Alpaca's API writes it. */
export function assetJson(item: Instrument): Record<string, unknown> {
  return {
    id: item.assetId,
    class: 'us_equity',
    exchange: item.exchange,
    symbol: item.symbol,
    name: item.name,
    cusip: null,
    status: 'active',
    tradable: true,
    marginable: true,
    maintenance_margin_requirement: 30,
    margin_requirement_long: '30',
    margin_requirement_short: '30',
    shortable: item.shortable,
    easy_to_borrow: item.shortable,
    borrow_status: item.shortable ? 'easy_to_borrow' : 'hard_to_borrow',
    fractionable: true,
    attributes: ['fractional_eh_enabled'],
  };
}

/** GET /v2/assets: one array, no pages. */
export function listAssets({ query }: AccountCall): Reply {
  const status = query.get('status') ?? 'active';
  const classes = listOf(query, 'asset_class');
  const attributes = listOf(query, 'attributes');
  const exchange = query.get('exchange');
  if (status !== 'active' && status !== 'all') return ok([]);
  if (classes.length > 0 && !classes.includes('us_equity')) return ok([]);
  if (attributes.some((name) => name !== 'fractional_eh_enabled')) return ok([]);
  const listed = [...INSTRUMENTS.values()].filter((item) => exchange === null || item.exchange === exchange);
  return ok(listed.map(assetJson));
}

/** GET /v2/assets/{symbol or id}. */
export function getAsset(call: AccountCall): Reply {
  const wanted = param(call, 'symbol');
  const found = findInstrument(wanted);
  if (found === undefined) throw notFound(`asset not found for ${wanted}`);
  return ok(assetJson(found));
}
