import { createHash } from 'node:crypto';
import { CRYPTO_PAIRS, LISTINGS } from './listings';
import type { Listing } from './listings/listing';

/** A listed stock or fund. `price` is the believable level at the anchor date, in dollars. */
export interface Instrument {
  readonly symbol: string;
  readonly name: string;
  readonly exchange: 'NASDAQ' | 'NYSE' | 'ARCA' | 'CRYPTO';
  readonly sector: string;
  readonly price: number;
  /** Standard deviation of a day's return. */
  readonly volatility: number;
  /** Weight of the market's return in this one's. */
  readonly beta: number;
  /** Shares on a usual day. */
  readonly volume: number;
  /** What one unit of volume is: 1 share, or a small part of a coin. */
  readonly lot: number;
  readonly assetId: string;
  readonly shortable: boolean;
  /** Yearly dividend in percent of the price, paid in quarters; 0 for none. */
  readonly dividendPercent: number;
}

/** The letter on the tape of the exchange that lists an instrument (CTA and UTP plans). */
export const PRIMARY = { NYSE: 'N', ARCA: 'P', NASDAQ: 'Q', CRYPTO: 'V' } as const;

/** A UUID made from a name, the same in every process. */
export function uuidOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  const variant = ((parseInt(hex.slice(16, 17), 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function toInstrument(row: Listing): Instrument {
  const [symbol, name, exchange, sector, price, dailyPercent, millions, dividendPercent] = row;
  return {
    symbol,
    name,
    exchange,
    sector,
    price,
    volatility: dailyPercent / 100,
    beta: sector === 'fund' ? 0.95 : 0.55,
    volume: millions * 1_000_000,
    lot: 1,
    assetId: uuidOf(`asset:${symbol}`),
    shortable: millions >= 1,
    dividendPercent,
  };
}

/** Every instrument by symbol, in alphabetical order. */
export const INSTRUMENTS: ReadonlyMap<string, Instrument> = new Map(
  LISTINGS.map(toInstrument)
    .sort((a, b) => (a.symbol < b.symbol ? -1 : 1))
    .map((instrument) => [instrument.symbol, instrument]),
);

const BY_ID = new Map([...INSTRUMENTS.values()].map((item) => [item.assetId, item]));

function toPair(row: (typeof CRYPTO_PAIRS)[number]): Instrument {
  const [symbol, name, price, dailyPercent, coins, lot] = row;
  return {
    symbol,
    name,
    exchange: 'CRYPTO',
    sector: 'crypto',
    price,
    volatility: dailyPercent / 100,
    beta: 0.3,
    volume: Math.round(coins / lot),
    lot,
    assetId: uuidOf(`asset:${symbol}`),
    shortable: false,
    dividendPercent: 0,
  };
}

/** Every crypto pair by symbol (with its slash): always open, whatever the clock. */
export const CRYPTO: ReadonlyMap<string, Instrument> = new Map(
  CRYPTO_PAIRS.map(toPair).map((pair) => [pair.symbol, pair]),
);

/** Looks a pair up by symbol, with or without its slash, or by asset id. */
export const findCrypto = (symbolOrId: string): Instrument | undefined =>
  [...CRYPTO.values()].find(
    ({ symbol, assetId }) =>
      symbolOrId === symbol || symbolOrId === symbol.replace('/', '') || symbolOrId.toLowerCase() === assetId,
  );

/** Looks an instrument up by symbol or asset id. */
export const findInstrument = (symbolOrId: string): Instrument | undefined =>
  INSTRUMENTS.get(symbolOrId) ?? BY_ID.get(symbolOrId.toLowerCase());
