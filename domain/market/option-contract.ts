/** An option contract as the venue lists it. `expiresOn` is its last day, as 2026-12-18. */
export type OptionContract = { symbol: string; expiresOn: string; tradable: boolean };

/** What an option's symbol says of it. `strike` in dollars; an adjusted contract's `root` ends with a digit. */
export type OptionName = {
  root: string;
  underlying: string;
  expiresOn: string;
  kind: 'call' | 'put';
  strike: string;
};

const OCC = /^(([A-Z]{1,6})\d?)(\d{2})(\d{2})(\d{2})([CP])(\d{5})(\d{3})$/;

/** Reads an OCC symbol; null for any other. */
export function readOption(symbol: string): OptionName | null {
  const [, root, underlying, year, month, day, letter, dollars, rest] = OCC.exec(symbol) ?? [];
  if (root === undefined || underlying === undefined) return null;
  return {
    root,
    underlying,
    expiresOn: `20${year}-${month}-${day}`,
    kind: letter === 'C' ? 'call' : 'put',
    strike: `${Number(dollars)}.${rest}`.replace(/\.?0+$/, ''),
  };
}

/** The stock behind a symbol: an option's underlying, or the symbol itself. */
export const underlyingOf = (symbol: string): string => readOption(symbol)?.underlying ?? symbol;
