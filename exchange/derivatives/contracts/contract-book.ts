import { sessionOf } from '../../clock/calendar';
import { isoDate, newYorkDay } from '../../clock/new-york';
import { bits, keyOf } from '../../market/hash';
import { INSTRUMENTS, type Instrument } from '../../market/instruments';
import type { Market } from '../../market/market';
import { dividedStrike, firstAdjustment, isWhole, sharesDelivered, suffixesOn } from './adjustments';
import { contractIdOf, contractOfId } from './contract-id';
import { type Expiry, expiriesBetween, expiryOn } from './expiries';
import { type OptionName, parseOcc, rootSymbol, writeOcc } from './occ-symbol';
import { type StrikeGrid, strikeGrid, strikesOf } from './strikes';
import { OPTION_UNDERLYINGS } from './underlyings';

/** A listed option, on 100 shares unless a split adjusted it. Days are civil days, `strike` in dollars. */
export interface OptionContract extends OptionName {
  readonly symbol: string;
  readonly id: string;
  readonly underlying: Instrument;
  /** First day of trading. */
  readonly listed: number;
  /** The instant of expiry: the core close of its last day. */
  readonly expiresAt: number;
}

/** Which options exist: a function of the market's prices and the day. */
export class ContractBook {
  readonly #market: Market;
  readonly #grids = new Map<string, StrikeGrid>();
  readonly #strikes = new Map<string, readonly number[]>();
  readonly #closes = new Map<string, number>();
  /** Announcements of splits that the kept strikes know of. */
  #announcements = 0;

  constructor(market: Market) {
    this.#market = market;
  }

  /** The contract of a symbol or id, as of a day; expired ones are found too. */
  find(symbolOrId: string, day: number): OptionContract | undefined {
    const name = parseOcc(symbolOrId) ?? contractOfId(symbolOrId);
    if (name === null || !OPTION_UNDERLYINGS.has(name.root)) return undefined;
    const expiry = expiryOn(name.expiry);
    if (expiry === null || expiry.listed > day) return undefined;
    const strikes = this.#strikesOn(name, expiry, Math.min(day, expiry.day));
    const listed = strikes.some((strike) => Math.abs(strike - name.strike) < 1e-6);
    return listed ? this.#contract(name, expiry) : undefined;
  }

  /** The contract of a name, whether its strike is on the grid of some day or not. */
  named(name: OptionName): OptionContract | undefined {
    const expiry = expiryOn(name.expiry);
    return expiry === null ? undefined : this.#contract(name, expiry);
  }

  /** Shares that a contract delivers, as of a day. */
  sharesOf({ root, suffix, listed, expiry }: OptionContract, day: number): number {
    if (suffix === 0) return 100;
    const splits = this.#market.splits(root);
    const first = firstAdjustment(splits, { suffix, listed, expiry });
    return first === undefined ? 100 : sharesDelivered(splits, first, day);
  }

  /** Contracts of an underlying that expire between two days, as of a day: adjusted ones first, by date, type, strike. */
  *list(underlying: string, day: number, expiries: { from: number; to: number }): Generator<OptionContract> {
    if (!OPTION_UNDERLYINGS.has(underlying)) return;
    for (const suffix of [...suffixesOn(this.#market.splits(underlying), day), 0]) {
      for (const expiry of expiriesBetween(expiries.from, expiries.to)) {
        if (expiry.listed > day) continue;
        const strikes = this.#strikesOn({ root: underlying, suffix }, expiry, Math.min(day, expiry.day));
        for (const type of ['call', 'put'] as const) {
          for (const strike of strikes) {
            yield this.#contract({ root: underlying, suffix, expiry: expiry.day, type, strike }, expiry);
          }
        }
      }
    }
  }

  #contract(name: OptionName, expiry: Expiry): OptionContract {
    const underlying = INSTRUMENTS.get(name.root);
    if (underlying === undefined) throw new Error(`no underlying ${name.root}`);
    const expiresAt = sessionOf(name.expiry)?.close ?? 0;
    const id = contractIdOf(name);
    return { ...name, symbol: writeOcc(name), id, underlying, listed: expiry.listed, expiresAt };
  }

  /** Strikes that are listed on a day, lowest first: the grid's, and those that a split carried over. */
  #strikesOn(of: Pick<OptionName, 'root' | 'suffix'>, expiry: Expiry, day: number): readonly number[] {
    if (this.#announcements !== this.#market.announcements) {
      this.#announcements = this.#market.announcements;
      this.#strikes.clear();
      this.#grids.clear();
    }
    const id = `${rootSymbol(of)}/${expiry.day}/${day}`;
    const kept = this.#strikes.get(id);
    if (kept !== undefined) return kept;
    const made = this.#makeStrikes(of, expiry, day);
    if (this.#strikes.size > 4_000) this.#strikes.clear();
    this.#strikes.set(id, made);
    return made;
  }

  #makeStrikes({ root, suffix }: Pick<OptionName, 'root' | 'suffix'>, expiry: Expiry, day: number): number[] {
    const splits = this.#market.splits(root);
    const since = splits.filter(({ exDay }) => exDay > expiry.listed && exDay <= day);
    const last = since.at(-1);
    const { listed } = expiry;
    const first = firstAdjustment(splits, { suffix, listed, expiry: expiry.day });
    if (suffix > 0 && (last === undefined || first === undefined || first.exDay > day)) return [];
    const before = (digit: number): readonly number[] =>
      last === undefined ? [] : this.#strikesOn({ root, suffix: digit }, expiry, last.exDay - 1);
    const own = suffix > 0 ? [] : [...strikesOf(this.#gridOf(root, expiry, day))];
    if (last === undefined) return own;
    // A split that is not into whole shares gives all standard contracts their digit.
    if (!isWhole(last)) return suffix === 0 ? own : [...before(last === first ? 0 : suffix)];
    const carried = before(suffix).map((strike) => dividedStrike(strike, last));
    return [...new Set([...own, ...carried])].sort((a, b) => a - b);
  }

  /** The grid after all closes since the listing, that of the day before included. */
  #gridOf(root: string, expiry: Expiry, day: number): StrikeGrid {
    const id = `${root}/${expiry.day}/${day}`;
    const kept = this.#grids.get(id);
    if (kept !== undefined) return kept;
    const prices: number[] = [];
    for (let sample = expiry.listed - 1; sample < day; sample += 1) {
      prices.push(this.#closeInSharesOf(root, sample, day));
    }
    const volatility = (INSTRUMENTS.get(root)?.volatility ?? 0.02) * Math.sqrt(252);
    const made = strikeGrid(prices, { kind: expiry.kind, volatility });
    if (this.#grids.size > 4_000) this.#grids.clear();
    this.#grids.set(id, made);
    return made;
  }

  /** A close in terms of another day's shares: a split moves the strikes with the price. */
  #closeInSharesOf(root: string, on: number, day: number): number {
    let price = this.#closeOf(root, on);
    for (const split of this.#market.splits(root)) {
      if (split.exDay > on && split.exDay <= day) price *= split.oldRate / split.newRate;
    }
    return price;
  }

  /** Closes of the past are asked for again with every listing. */
  #closeOf(root: string, day: number): number {
    const id = `${root}/${day}`;
    let close = this.#closes.get(id);
    if (close === undefined) {
      close = this.#market.closeOf(root, day) ?? 100;
      if (this.#closes.size > 60_000) this.#closes.clear();
      this.#closes.set(id, close);
    }
    return close;
  }
}

/** Contracts open at the end of a day: most near the money and in monthlies. */
export function openInterest(market: Market, contract: OptionContract, day: number): number {
  const close = market.closeOf(contract.root, day) ?? contract.strike;
  const distance = Math.log(contract.strike / close) / (contract.underlying.volatility * 12);
  const most = Math.sqrt(contract.underlying.volume) * (expiryOn(contract.expiry)?.kind === 'weekly' ? 1 : 4);
  const age = Math.min(1, (day - contract.listed) / 40);
  const own = 0.4 + (bits(keyOf(market.seed, contract.symbol), 5, 0, 0) % 1200) / 1000;
  const moving = 0.9 + (bits(keyOf(market.seed, contract.symbol), day, 0, 1) % 200) / 1000;
  return Math.floor(most * Math.exp(-distance * distance) * Math.max(0, age) * own * moving);
}

/** `AAPL Nov 27 2026 270 Call`. */
export function contractName({ expiry, strike, type, ...name }: OptionName): string {
  const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
  const [year = '', month = '', date = ''] = isoDate(expiry).split('-');
  const side = type === 'call' ? 'Call' : 'Put';
  return `${rootSymbol(name)} ${months[Number(month) - 1] ?? ''} ${date} ${year} ${strike} ${side}`;
}

/** Whether a contract is still traded at an instant. */
export const isListed = (contract: OptionContract, at: number): boolean =>
  at < contract.expiresAt && newYorkDay(at) >= contract.listed;
