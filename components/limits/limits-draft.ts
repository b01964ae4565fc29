import type { RiskProfile } from '@/domain/risk/profile';

/** Limits that are decimal strings, and those that are numbers; empty is no limit. */
export const DECIMALS = [
  'maxOrderNotional',
  'maxOrderQty',
  'maxPositionNotional',
  'maxGrossExposure',
  'maxDailyLoss',
] as const;
export const COUNTS = [
  'maxOpenOrders',
  'maxOrdersADay',
  'priceCollarPercent',
  'staleQuoteSeconds',
  'duplicateSeconds',
] as const;
export type NumberLimit = (typeof DECIMALS)[number] | (typeof COUNTS)[number];

/** What the form holds: numbers as they were typed, the rest as it is. */
export type LimitsDraft = Omit<RiskProfile, NumberLimit | 'allowedSymbols'> &
  Record<NumberLimit | 'allowedSymbols', string>;

export function draftOf(profile: RiskProfile): LimitsDraft {
  return {
    ...profile,
    maxOrderNotional: profile.maxOrderNotional ?? '',
    maxOrderQty: profile.maxOrderQty ?? '',
    maxPositionNotional: profile.maxPositionNotional ?? '',
    maxGrossExposure: profile.maxGrossExposure ?? '',
    maxDailyLoss: profile.maxDailyLoss ?? '',
    maxOpenOrders: String(profile.maxOpenOrders ?? ''),
    maxOrdersADay: String(profile.maxOrdersADay ?? ''),
    priceCollarPercent: String(profile.priceCollarPercent ?? ''),
    staleQuoteSeconds: String(profile.staleQuoteSeconds ?? ''),
    duplicateSeconds: String(profile.duplicateSeconds ?? ''),
    allowedSymbols: profile.allowedSymbols?.join(', ') ?? '',
  };
}

const clean = (typed: string) => typed.trim().replaceAll(',', '');
const orNull = (typed: string) => (clean(typed) === '' ? null : clean(typed));
const numberOrNull = (typed: string) => (clean(typed) === '' ? null : Number(clean(typed)));
const isNumber = (typed: string) => /^(\d+(\.\d*)?)?$/.test(clean(typed));

/**
 * The limits that a form says. A number that is none must not travel, for it would arrive as "no limit": it is
 * named instead. Whether a number is in order is for the desk to judge.
 */
export function profileOf(draft: LimitsDraft): { profile: RiskProfile } | { notNumbers: NumberLimit[] } {
  const notNumbers = [...DECIMALS, ...COUNTS].filter((name) => !isNumber(draft[name]));
  if (notNumbers.length > 0) return { notNumbers };
  const symbols = draft.allowedSymbols
    .split(/[\s,;，、]+/)
    .filter((symbol) => symbol !== '')
    .map((symbol) => symbol.toUpperCase());
  return {
    profile: {
      ...draft,
      maxOrderNotional: orNull(draft.maxOrderNotional),
      maxOrderQty: orNull(draft.maxOrderQty),
      maxPositionNotional: orNull(draft.maxPositionNotional),
      maxGrossExposure: orNull(draft.maxGrossExposure),
      maxDailyLoss: orNull(draft.maxDailyLoss),
      maxOpenOrders: numberOrNull(draft.maxOpenOrders),
      maxOrdersADay: numberOrNull(draft.maxOrdersADay),
      priceCollarPercent: numberOrNull(draft.priceCollarPercent),
      staleQuoteSeconds: numberOrNull(draft.staleQuoteSeconds),
      duplicateSeconds: numberOrNull(draft.duplicateSeconds),
      allowedSymbols: symbols.length === 0 ? null : [...new Set(symbols)],
    },
  };
}
