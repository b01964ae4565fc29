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

/** A symbol as a trader reads it: AAPL, or AAPL 2026-12-18 250C. */
export function shownSymbol(symbol: string): string {
  const option = readOption(symbol);
  return option === null ? symbol : `${option.root} ${option.expiresOn} ${strikeName(option)}`;
}

const strikeName = ({ strike, kind }: OptionName): string => `${strike}${kind === 'call' ? 'C' : 'P'}`;

type Named = {
  symbol: string;
  legs: readonly { symbol: string; side: 'buy' | 'sell'; ratioQty: string }[] | null;
};

/** What an order trades as a trader reads it; of several options what they share and then each: AAPL 2026-12-18 +250C −260C. */
export function shownInstrument({ symbol, legs }: Named): string {
  if (legs === null) return shownSymbol(symbol);
  const parts = legs.map((leg) => ({ ...leg, option: readOption(leg.symbol) }));
  const shared = new Set(parts.map(({ option }) => `${option?.root} ${option?.expiresOn}`));
  const names = parts.map(({ symbol: name, side, ratioQty, option }) => {
    const own = option === null || shared.size > 1 ? shownSymbol(name) : strikeName(option);
    return `${side === 'buy' ? '+' : '−'}${ratioQty === '1' ? '' : `${ratioQty}×`}${own}`;
  });
  return shared.size > 1 ? names.join(' ') : [...shared, ...names].join(' ');
}
