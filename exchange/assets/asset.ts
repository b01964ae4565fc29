import { valueOf } from '../decimal/decimal';
import { contractIdOf, contractOfId } from '../derivatives/contracts/contract-id';
import { type OptionName, parseOcc, writeOcc } from '../derivatives/contracts/occ-symbol';
import { OPTION_UNDERLYINGS } from '../derivatives/contracts/underlyings';
import { findCrypto, findInstrument, type Instrument } from '../market/instruments';

/** Anything that can be traded: a stock, an option on one, or a crypto pair. */
export interface Asset {
  readonly kind: 'us_equity' | 'us_option' | 'crypto';
  readonly symbol: string;
  readonly id: string;
  /** Empty for options, as Alpaca writes it. */
  readonly exchange: string;
  /** The stock or pair itself; of an option the underlying. */
  readonly instrument: Instrument;
  readonly option: OptionName | null;
}

/** Shares that an option contract stands for. */
const CONTRACT_SIZE = 100n;

function plain(kind: 'us_equity' | 'crypto', instrument: Instrument): Asset {
  const { symbol, assetId, exchange } = instrument;
  return { kind, symbol, id: assetId, exchange, instrument, option: null };
}

/** Looks an asset up by symbol (a pair's with or without its slash) or id. Says nothing of whether an option is listed. */
export function findAsset(symbolOrId: string): Asset | undefined {
  const stock = findInstrument(symbolOrId);
  if (stock !== undefined) return plain('us_equity', stock);
  const pair = findCrypto(symbolOrId);
  if (pair !== undefined) return plain('crypto', pair);
  const option = parseOcc(symbolOrId) ?? contractOfId(symbolOrId);
  const instrument = option === null ? undefined : findInstrument(option.root);
  if (option === null || instrument === undefined || !OPTION_UNDERLYINGS.has(option.root)) return undefined;
  return {
    kind: 'us_option',
    symbol: writeOcc(option),
    id: contractIdOf(option),
    exchange: '',
    instrument,
    option,
  };
}

/** What a unit of a symbol counts in its price: 100 for a contract. */
const multiplierOf = (symbol: string): bigint =>
  findAsset(symbol)?.kind === 'us_option' ? CONTRACT_SIZE : 1n;

/** Money in micro-dollars for a quantity (nano-units) of a symbol at a price. */
export const worthIn = (symbol: string, qty: bigint, price: bigint): bigint =>
  valueOf(qty * multiplierOf(symbol), price);

/** Money for a product of quantity and price, unrounded. */
export const scaleOf = (symbol: string, product: bigint): bigint => product * multiplierOf(symbol);

/** A symbol as positions write it: pairs without their slash. */
export const positionSymbol = (symbol: string): string => symbol.replace('/', '');
