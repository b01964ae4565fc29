import { findAsset } from '../assets/asset';
import { atLeastZero, ONE_SHARE, smaller } from '../decimal/decimal';

/** A quantity of a symbol, nano-units; negative when short. */
export interface Holding {
  readonly symbol: string;
  readonly qty: bigint;
  /** Nano-shares that each contract delivers; absent: 100. */
  readonly delivers?: bigint;
}

/** What short options on an underlying hold back: money, and shares (nano) that cover calls. */
interface OptionMargin {
  readonly cash: bigint;
  readonly shares: bigint;
  /** Calls sold (nano-contracts) that neither shares nor other calls cover. */
  readonly uncovered: bigint;
}

interface Leg {
  readonly type: 'call' | 'put';
  /** Micro-dollars a share. */
  readonly strike: bigint;
  readonly expiry: number;
  /** Contracts in nano-units. */
  readonly qty: bigint;
  /** Nano-shares that each contract delivers. */
  readonly delivers: bigint;
}

const USUAL_DELIVERY = 100n * ONE_SHARE;

/** Nano-shares that a quantity of contracts (nano-units) delivers. */
export const deliveryOf = (qty: bigint, delivers = USUAL_DELIVERY): bigint => (qty * delivers) / ONE_SHARE;

/** Margin of all options held, by underlying. */
export function optionMargins(holdings: Iterable<Holding>): Map<string, OptionMargin> {
  // Contracts on an underlying that deliver the same: adjusted ones protect none of the others.
  const legs = new Map<string, Map<number, Leg[]>>();
  const stocks = new Map<string, bigint>();
  for (const { symbol, qty, delivers = USUAL_DELIVERY } of holdings) {
    const option = findAsset(symbol)?.option ?? null;
    if (option === null) stocks.set(symbol, (stocks.get(symbol) ?? 0n) + qty);
    else {
      const { type, root, suffix, expiry } = option;
      const strike = BigInt(Math.round(option.strike * 1_000_000));
      const families = legs.get(root) ?? new Map<number, Leg[]>();
      families.set(suffix, [...(families.get(suffix) ?? []), { type, strike, expiry, qty, delivers }]);
      legs.set(root, families);
    }
  }
  return new Map([...legs].map(([root, own]) => [root, marginOfAll(own.values(), stocks.get(root) ?? 0n)]));
}

/** Shares that cover one family do not cover the next. */
function marginOfAll(families: Iterable<readonly Leg[]>, stock: bigint): OptionMargin {
  let [cash, shares, uncovered] = [0n, 0n, 0n];
  for (const legs of families) {
    const own = marginOf(legs, stock - shares);
    cash += own.cash;
    shares += own.shares;
    uncovered += own.uncovered;
  }
  return { cash, shares, uncovered };
}

/** Money that options held back altogether, micro-dollars. */
export function optionCash(holdings: Iterable<Holding>): bigint {
  let sum = 0n;
  for (const { cash } of optionMargins(holdings).values()) sum += cash;
  return sum;
}

function marginOf(legs: readonly Leg[], stock: bigint): OptionMargin {
  const shorts = legs.filter(({ qty }) => qty < 0n);
  if (shorts.length === 0) return { cash: 0n, shares: 0n, uncovered: 0n };
  const last = Math.max(...shorts.map(({ expiry }) => expiry));
  // What expires before the last short does not protect from it.
  const longs = legs.filter(({ qty, expiry }) => qty > 0n && expiry >= last);
  const calls = [...shorts, ...longs].filter(({ type }) => type === 'call');
  const uncovered = atLeastZero(-calls.reduce((sum, { qty }) => sum + qty, 0n));
  const delivers = legs[0]?.delivers ?? USUAL_DELIVERY;
  const covered = smaller(uncovered, (atLeastZero(stock) / delivers) * ONE_SHARE);
  return {
    cash: maxLoss([...longs, ...withoutCovered(shorts, covered)]),
    shares: deliveryOf(covered, delivers),
    uncovered: uncovered - covered,
  };
}

/** Shares cover the calls with the lowest strikes. */
function withoutCovered(shorts: readonly Leg[], covered: bigint): Leg[] {
  let left = covered;
  const byStrike = [...shorts].sort((a, b) => Number(a.strike - b.strike));
  return byStrike.map((leg) => {
    const part = leg.type === 'call' ? smaller(left, -leg.qty) : 0n;
    left -= part;
    const { type, strike, expiry, delivers } = leg;
    return { type, strike, expiry, delivers, qty: leg.qty + part };
  });
}

/** The most that legs can lose at expiry (universal spread rule), without what was paid for them. Micro-dollars. */
function maxLoss(legs: readonly Leg[]): bigint {
  const strikes = legs.map(({ strike }) => strike);
  const highest = strikes.reduce((most, strike) => (strike > most ? strike : most), 0n);
  // The payoff is straight between strikes; beyond the highest a call sold alone has no floor.
  const worst = [0n, ...strikes, 2n * highest].map((spot) => payoff(legs, spot));
  return -worst.reduce((least, value) => (value < least ? value : least), 0n);
}

function payoff(legs: readonly Leg[], spot: bigint): bigint {
  let sum = 0n;
  // The price here is that of all a contract delivers, for each of 100 shares: strikes are in that too.
  for (const { type, strike, qty } of legs) {
    sum += atLeastZero(type === 'call' ? spot - strike : strike - spot) * qty * 100n;
  }
  return sum / ONE_SHARE;
}
