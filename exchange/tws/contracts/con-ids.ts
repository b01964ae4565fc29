import { findAsset } from '../../assets/asset';
import { type OptionName, parseOcc, writeOcc } from '../../derivatives/contracts/occ-symbol';
import { OPTION_UNDERLYINGS } from '../../derivatives/contracts/underlyings';
import { keyOf } from '../../market/hash';
import { INSTRUMENTS } from '../../market/instruments';

/*
 * Numbers of contracts (`conId`) are worked out from what they name, and back, so that they mean the same in every
 * process: a client keeps them. IB's are positive 32-bit integers.
 *
 *      10,000 …           stocks, by the hash of their symbol
 *   1,000,000 …           options: underlying, expiry within four years, side, strike in quarters of a dollar
 *   2,104,840,000 …       the few others (strikes that a split made odd, adjusted contracts), by the hash of their symbol
 */
const STOCKS = { from: 10_000, count: 900_000 };
const OPTIONS_FROM = 1_000_000;
const OTHERS = { from: 2_104_840_000, count: 42_000_000 };
/** Days of four years: an expiry is the one that is nearest to now. */
const DAYS = 1_461;
/** Of a listed option that can lie behind: executions of before are still told. */
const DAYS_BEHIND = 300;
const STRIKES = 20_000;

const ROOTS = [...OPTION_UNDERLYINGS];
const byId = new Map<number, string>();
const bySymbol = new Map<string, number>();

/** Gives a symbol the number that its letters make; the rare one that is taken, the next that is free. */
function enter(symbol: string, range: { from: number; count: number }): number {
  let id = range.from + (Math.abs(keyOf(0x7f5, symbol)) % range.count);
  while (byId.has(id)) id += 1;
  byId.set(id, symbol);
  bySymbol.set(symbol, id);
  return id;
}

for (const symbol of INSTRUMENTS.keys()) enter(symbol, STOCKS);

/** The number of a stock or option by its symbol. */
export function conIdOf(symbol: string): number {
  const known = bySymbol.get(symbol);
  if (known !== undefined) return known;
  const option = parseOcc(symbol);
  return (option === null ? null : numberOf(option)) ?? enter(symbol, OTHERS);
}

function numberOf({ root, suffix, expiry, type, strike }: OptionName): number | null {
  const quarters = Math.round(strike * 4);
  const place = ROOTS.indexOf(root);
  if (suffix !== 0 || place === -1 || quarters >= STRIKES || quarters !== strike * 4) return null;
  const series = (place * DAYS + (expiry % DAYS)) * 2 + (type === 'put' ? 1 : 0);
  return OPTIONS_FROM + series * STRIKES + quarters;
}

/** The symbol that a number names, on a civil day; undefined for none, or for one of the others that nobody was told of. */
export function symbolOfConId(conId: number, today: number): string | undefined {
  const known = byId.get(conId);
  if (known !== undefined) return known;
  const offset = conId - OPTIONS_FROM;
  const series = Math.floor(offset / STRIKES);
  const root = ROOTS[Math.floor(series / 2 / DAYS)];
  if (offset < 0 || conId >= OTHERS.from || root === undefined) return undefined;
  const first = today - DAYS_BEHIND;
  const expiry = first + (((((Math.floor(series / 2) % DAYS) - (first % DAYS)) % DAYS) + DAYS) % DAYS);
  const type = series % 2 === 1 ? 'put' : 'call';
  const symbol = writeOcc({ root, suffix: 0, expiry, type, strike: (offset % STRIKES) / 4 });
  return findAsset(symbol)?.symbol;
}
