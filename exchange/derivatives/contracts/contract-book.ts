import { sessionOf } from '../../clock/calendar';
import { isoDate, newYorkDay } from '../../clock/new-york';
import { bits, keyOf } from '../../market/hash';
import { INSTRUMENTS, type Instrument } from '../../market/instruments';
import type { Market } from '../../market/market';
import { contractIdOf, contractOfId } from './contract-id';
import { type Expiry, expiriesBetween, expiryOn } from './expiries';
import { type OptionName, parseOcc, writeOcc } from './occ-symbol';
import { isOnGrid, type StrikeGrid, strikeGrid, strikesOf } from './strikes';
import { OPTION_UNDERLYINGS } from './underlyings';

/** A listed option on 100 shares. Days are civil days, `strike` in dollars. */
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
  readonly #closes = new Map<string, number>();

  constructor(market: Market) {
    this.#market = market;
  }

  /** The contract of a symbol or id, as of a day; expired ones are found too. */
  find(symbolOrId: string, day: number): OptionContract | undefined {
    const name = parseOcc(symbolOrId) ?? contractOfId(symbolOrId);
    if (name === null || !OPTION_UNDERLYINGS.has(name.root)) return undefined;
    const expiry = expiryOn(name.expiry);
    if (expiry === null || expiry.listed > day) return undefined;
    const grid = this.#gridOf(name.root, expiry, Math.min(day, expiry.day));
    return isOnGrid(grid, name.strike) ? this.#contract(name, expiry) : undefined;
  }

  /** The contract of a name, whether its strike is on the grid of some day or not. */
  named(name: OptionName): OptionContract | undefined {
    const expiry = expiryOn(name.expiry);
    return expiry === null ? undefined : this.#contract(name, expiry);
  }

  /** Contracts of an underlying that expire between two days, as of a day: by date, type, strike. */
  *list(underlying: string, day: number, expiries: { from: number; to: number }): Generator<OptionContract> {
    if (!OPTION_UNDERLYINGS.has(underlying)) return;
    for (const expiry of expiriesBetween(expiries.from, expiries.to)) {
      if (expiry.listed > day) continue;
      const grid = this.#gridOf(underlying, expiry, Math.min(day, expiry.day));
      for (const type of ['call', 'put'] as const) {
        for (const strike of strikesOf(grid)) {
          yield this.#contract({ root: underlying, expiry: expiry.day, type, strike }, expiry);
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
export function contractName({ root, expiry, strike, type }: OptionName): string {
  const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
  const [year = '', month = '', date = ''] = isoDate(expiry).split('-');
  const side = type === 'call' ? 'Call' : 'Put';
  return `${root} ${months[Number(month) - 1] ?? ''} ${date} ${year} ${strike} ${side}`;
}

/** Whether a contract is still traded at an instant. */
export const isListed = (contract: OptionContract, at: number): boolean =>
  at < contract.expiresAt && newYorkDay(at) >= contract.listed;
