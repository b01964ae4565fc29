import { findAsset } from '../../assets/asset';
import { isoDate } from '../../clock/new-york';
import { type OptionName, rootSymbol } from '../../derivatives/contracts/occ-symbol';
import type { Instrument } from '../../market/instruments';
import type { Field } from '../wire/frame';
import type { FieldReader } from '../wire/field-reader';
import { conIdOf } from './con-ids';

/** What a client says of a contract. Empty means that it says nothing. */
export interface ContractSpec {
  readonly conId: number;
  readonly symbol: string;
  readonly secType: string;
  /** `yyyymmdd`, or `yyyymm` for any day of a month. */
  readonly expiry: string;
  readonly strike: number;
  readonly right: string;
  readonly exchange: string;
  readonly currency: string;
  readonly localSymbol: string;
  readonly tradingClass: string;
}

/** Something listed here, as this wire names it. */
export interface TwsContract {
  readonly conId: number;
  /** The exchange's own symbol. */
  readonly symbol: string;
  readonly instrument: Instrument;
  readonly option: OptionName | null;
}

/** Reads a contract up to its trading class, as all requests but those for accounts begin with it. */
export function readContract(fields: FieldReader): ContractSpec {
  const conId = fields.int();
  const symbol = fields.text();
  const secType = fields.text().toUpperCase();
  const expiry = fields.text();
  const strike = Number(fields.decimal() ?? 0);
  const right = fields.text().toUpperCase();
  fields.skip(1);
  const exchange = fields.text().toUpperCase();
  fields.skip(1);
  const [currency, localSymbol, tradingClass] = [fields.text(), fields.text(), fields.text()];
  return { conId, symbol, secType, expiry, strike, right, exchange, currency, localSymbol, tradingClass };
}

/** IB writes classes of shares with a blank. */
export const twsSymbol = (symbol: string): string => symbol.replace('.', ' ');
export const ownSymbol = (symbol: string): string => symbol.trim().replace(' ', '.').toUpperCase();

/** The contract of a symbol of ours; null for what this wire does not have, as crypto. */
export function contractOf(symbol: string): TwsContract | null {
  const asset = findAsset(symbol);
  if (asset === undefined || asset.kind === 'crypto') return null;
  const { instrument, option } = asset;
  return { conId: conIdOf(asset.symbol), symbol: asset.symbol, instrument, option };
}

const date = (day: number): string => isoDate(day).replaceAll('-', '');

/** The OCC's symbol with its root on six places, as IB writes it. */
function localSymbolOf({ symbol, option }: TwsContract): string {
  if (option === null) return twsSymbol(symbol);
  const root = rootSymbol(option);
  return root.padEnd(6) + symbol.slice(root.length);
}

/** The words that messages have of a contract. */
export function partsOf(contract: TwsContract) {
  const { option, instrument } = contract;
  return {
    conId: contract.conId,
    symbol: twsSymbol(instrument.symbol),
    secType: option === null ? 'STK' : 'OPT',
    expiry: option === null ? '' : date(option.expiry),
    strike: option?.strike ?? 0,
    right: option === null ? '' : option.type === 'call' ? 'C' : 'P',
    multiplier: option === null ? '' : '100',
    currency: 'USD',
    localSymbol: localSymbolOf(contract),
    tradingClass: option === null ? tapeOf(instrument) : rootSymbol(option),
  };
}

/** A stock's trading class at IB is that of its listing: NMS on Nasdaq, else the symbol. */
const tapeOf = ({ exchange, symbol }: Instrument): string =>
  exchange === 'NASDAQ' ? 'NMS' : twsSymbol(symbol);

/** The fields of a contract in orders, executions and positions; positions tell no exchange. */
export function contractFields(contract: TwsContract, exchange = 'SMART'): Field[] {
  const of = partsOf(contract);
  return [
    of.conId,
    of.symbol,
    of.secType,
    of.expiry,
    of.strike,
    of.right,
    of.multiplier,
    exchange,
    of.currency,
    of.localSymbol,
    of.tradingClass,
  ];
}
