import type { Split } from '../../market/company/company-calendar';
import type { OptionName } from './occ-symbol';

/** No contract lives longer than so many days. */
const LONGEST_LIFE = 850;

/** Whether a split turns each share into several whole ones. */
export const isWhole = ({ newRate, oldRate }: Split): boolean => newRate > oldRate && newRate % oldRate === 0;

/**
 * The digit of the contracts that a split adjusts first. Contracts that live at the same time and were
 * adjusted by different splits have different ones.
 */
export function suffixOf(splits: readonly Split[], wanted: Split): number {
  let [suffix, last] = [0, -Infinity];
  for (const split of splits) {
    if (isWhole(split) || split.exDay > wanted.exDay) continue;
    suffix = split.exDay - last > LONGEST_LIFE ? 1 : Math.min(9, suffix + 1);
    last = split.exDay;
  }
  return suffix;
}

/**
 * What a contract becomes at a split (OCC by-laws VI 11A; Federal Register 2006-03-09, E6-3326): where each
 * share becomes n whole ones, n contracts at the n-th part of the strike, to the cent. Otherwise strike and
 * multiplier stay, the contract delivers more or fewer shares and gets a digit behind its root.
 */
export function adjust(name: OptionName, splits: readonly Split[], split: Split): OptionName {
  if (!isWhole(split)) return { ...name, suffix: name.suffix || suffixOf(splits, split) };
  return { ...name, strike: dividedStrike(name.strike, split) };
}

/** Contracts that each one becomes. */
export const contractsFor = (split: Split): number => (isWhole(split) ? split.newRate / split.oldRate : 1);

/** The strike after a split into whole shares, to the cent. */
export const dividedStrike = (strike: number, split: Split): number =>
  Math.max(0.01, Math.round((strike * 100 * split.oldRate) / split.newRate) / 100);

/** The split that gave a contract its digit, if any did between its listing and its expiry. */
export function firstAdjustment(
  splits: readonly Split[],
  { suffix, listed, expiry }: { suffix: number; listed: number; expiry: number },
): Split | undefined {
  if (suffix === 0) return undefined;
  return splits.find(
    (split) =>
      split.exDay > listed && split.exDay <= expiry && !isWhole(split) && suffixOf(splits, split) === suffix,
  );
}

/** Shares that a contract with a digit delivers on a day, to a billionth. */
export function sharesDelivered(splits: readonly Split[], first: Split, day: number): number {
  let shares = 100;
  for (const split of splits) {
    if (split.exDay < first.exDay || split.exDay > Math.max(day, first.exDay) || isWhole(split)) continue;
    shares *= split.newRate / split.oldRate;
  }
  return Math.round(shares * 1e9) / 1e9;
}

/** Digits of contracts that may live on a day, lowest first. */
export function suffixesOn(splits: readonly Split[], day: number): number[] {
  const recent = splits.filter(
    (split) => !isWhole(split) && split.exDay <= day && split.exDay > day - LONGEST_LIFE,
  );
  return recent.map((split) => suffixOf(splits, split));
}
