import { newYorkDay } from '../../clock/new-york';
import { contractName, type OptionContract } from '../../derivatives/contracts/contract-book';
import { OPTION_UNDERLYINGS } from '../../derivatives/contracts/underlyings';
import { optionMarketOf } from '../../derivatives/option-market';
import { CRYPTO, findCrypto, findInstrument, INSTRUMENTS, type Instrument } from '../../market/instruments';
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
    attributes: attributesOf(item),
  };
}

const attributesOf = ({ symbol }: Instrument): string[] =>
  OPTION_UNDERLYINGS.has(symbol) ? ['fractional_eh_enabled', 'has_options'] : ['fractional_eh_enabled'];

/** Smallest order about a dollar, steps of a billionth of a coin and of a cent. */
const cryptoJson = (item: Instrument): Record<string, unknown> => ({
  ...assetJson(item),
  class: 'crypto',
  marginable: false,
  maintenance_margin_requirement: 100,
  margin_requirement_long: '100',
  margin_requirement_short: '100',
  min_order_size: (1 / item.price).toFixed(9),
  min_trade_increment: '0.000000001',
  price_increment: '0.01',
  attributes: [],
});

const contractAsset = (contract: OptionContract, now: number): Record<string, unknown> => {
  const { id, symbol, underlying, expiresAt } = contract;
  const active = now < expiresAt;
  return {
    ...assetJson(underlying),
    id,
    class: 'us_option',
    exchange: '',
    symbol,
    name: contractName(contract),
    status: active ? 'active' : 'inactive',
    tradable: active,
    marginable: false,
    maintenance_margin_requirement: 100,
    margin_requirement_long: '100',
    margin_requirement_short: '100',
    shortable: false,
    easy_to_borrow: false,
    borrow_status: 'hard_to_borrow',
    fractionable: false,
    attributes: [],
  };
};

/** GET /v2/assets: one array, no pages. */
export function listAssets({ query }: AccountCall): Reply {
  const status = query.get('status') ?? 'active';
  const classes = listOf(query, 'asset_class');
  const attributes = listOf(query, 'attributes');
  const exchange = query.get('exchange');
  if (status !== 'active' && status !== 'all') return ok([]);
  const wants = (name: string): boolean => classes.length === 0 || classes.includes(name);
  const stocks = wants('us_equity') ? [...INSTRUMENTS.values()] : [];
  // Crypto is listed only when it is asked for by name: the default class is us_equity (Alpaca OpenAPI).
  const pairs = classes.includes('crypto') ? [...CRYPTO.values()] : [];
  const listed = [...stocks.map(assetJson), ...pairs.map(cryptoJson)].filter(
    (asset) =>
      (exchange === null || asset['exchange'] === exchange) &&
      (attributes.length === 0 || attributes.some((name) => hasAttribute(asset, name))),
  );
  return ok(listed);
}

const hasAttribute = ({ attributes }: Record<string, unknown>, name: string): boolean =>
  Array.isArray(attributes) && attributes.includes(name);

/** GET /v2/assets/{symbol or id}. */
export function getAsset(call: AccountCall): Reply {
  const wanted = param(call, 'symbol');
  const pair = findCrypto(wanted);
  if (pair !== undefined) return ok(cryptoJson(pair));
  const found = findInstrument(wanted);
  const { market, clock } = call.venue;
  const contract = optionMarketOf(market).contracts.find(wanted, newYorkDay(clock.now()));
  if (contract !== undefined) return ok(contractAsset(contract, clock.now()));
  if (found === undefined) throw notFound(`asset not found for ${wanted}`);
  return ok(assetJson(found));
}
