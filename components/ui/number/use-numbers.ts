'use client';

import { useLocale } from 'next-intl';
import { useMemo } from 'react';
import { formatCompact, formatDecimal, shownPriceDecimals } from './format';

/** Stands where a number is not known. */
export const NOTHING = '–';

type Maybe = string | null | undefined;

function make(locale: string) {
  const known = (value: Maybe, show: (value: string) => string) =>
    value === null || value === undefined ? NOTHING : show(value);
  return {
    price: (value: Maybe) =>
      known(value, (text) => formatDecimal(locale, text, { min: shownPriceDecimals(text) })),
    money: (value: Maybe) => known(value, (text) => formatDecimal(locale, text, { min: 2 })),
    signedMoney: (value: Maybe) =>
      known(value, (text) => formatDecimal(locale, text, { min: 2, sign: true })),
    /** From a fraction: 0.0123 is +1.23%. */
    signedPercent: (value: Maybe) =>
      known(value, (text) => formatDecimal(locale, text, { min: 2, sign: true, percent: true })),
    qty: (value: Maybe) => known(value, (text) => formatDecimal(locale, text, { min: 0, max: 9 })),
    compact: (value: number) => formatCompact(locale, value),
  };
}

/** Formats decimals the reader's way. */
export function useNumbers() {
  const locale = useLocale();
  return useMemo(() => make(locale), [locale]);
}
