import { CONSUMER } from './listings/consumer';
import { FINANCE } from './listings/finance';
import { FUNDS } from './listings/funds';
import { HEALTH } from './listings/health';
import { INDUSTRY } from './listings/industry';
import type { Listing } from './listings/listing';
import { TECHNOLOGY } from './listings/technology';

/** The simulated market's stocks and funds: a file for a few sectors each, by symbol in each sector's file. */
export const LISTINGS: readonly Listing[] = [
  ...CONSUMER,
  ...FINANCE,
  ...FUNDS,
  ...HEALTH,
  ...INDUSTRY,
  ...TECHNOLOGY,
];

/** Crypto pairs against the dollar: symbol, name, dollars, daily volatility in percent, coins a day, lot. */
export const CRYPTO_PAIRS: readonly (readonly [string, string, number, number, number, number])[] = [
  ['BTC/USD', 'Bitcoin / US Dollar', 94_800, 2.4, 22, 0.000_001],
  ['ETH/USD', 'Ethereum / US Dollar', 3_180, 3.2, 420, 0.000_01],
];
