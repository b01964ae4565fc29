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
export function shownInstrument(named: Named): string {
  if (named.legs === null) return shownSymbol(named.symbol);
  const { title, detail } = instrumentLines(named);
  const [root = '', ...parts] = title.split(' ');
  return [root, detail, ...parts].join(' ');
}

/** The same in two short lines, for lists: what, and when it expires; of a stock the symbol alone. */
export function instrumentLines({ symbol, legs }: Named): { title: string; detail: string | null } {
  const option = readOption(symbol);
  if (option !== null) return { title: `${option.root} ${strikeName(option)}`, detail: option.expiresOn };
  if (legs === null) return { title: symbol, detail: null };
  const parts = legs.map((leg) => {
    const own = readOption(leg.symbol);
    const count = leg.ratioQty === '1' ? '' : `${leg.ratioQty}×`;
    const name = own === null ? leg.symbol : strikeName(own);
    return { own, text: `${leg.side === 'buy' ? '+' : '−'}${count}${name}` };
  });
  const roots = new Set(parts.map(({ own }) => own?.root));
  const days = new Set(parts.map(({ own }) => own?.expiresOn));
  return {
    title: [[...roots].join('/'), ...parts.map(({ text }) => text)].join(' '),
    // Where they differ, in the order of the legs.
    detail: (days.size === 1 ? [...days] : parts.map(({ own }) => own?.expiresOn)).join('/'),
  };
}
