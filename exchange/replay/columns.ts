/** What a file of market data holds. */
export type ReplayKind = 'bars' | 'trades' | 'quotes';

/** Names that a column may have, in lower case: in full, or as Alpaca's API shortens them. */
const NAMES = {
  symbol: ['symbol'],
  timestamp: ['timestamp', 'time', 't'],
  open: ['open', 'o'],
  high: ['high', 'h'],
  low: ['low', 'l'],
  close: ['close', 'c'],
  volume: ['volume', 'v'],
  price: ['price', 'p'],
  size: ['size', 's'],
  bid_price: ['bid_price', 'bp'],
  bid_size: ['bid_size', 'bs'],
  ask_price: ['ask_price', 'ap'],
  ask_size: ['ask_size', 'as'],
} as const;
export type Column = keyof typeof NAMES;

const NEEDED: readonly (readonly [ReplayKind, readonly Column[]])[] = [
  ['quotes', ['symbol', 'timestamp', 'bid_price', 'bid_size', 'ask_price', 'ask_size']],
  ['bars', ['symbol', 'timestamp', 'open', 'high', 'low', 'close', 'volume']],
  ['trades', ['symbol', 'timestamp', 'price', 'size']],
];

/** The kind of a file and where its columns stand. */
export interface Header {
  readonly kind: ReplayKind;
  readonly places: ReadonlyMap<Column, number>;
}

/** Reads a file's header from the names of its columns; throws when it is none. */
export function readHeader(written: readonly string[]): Header {
  const names = written.map((name) => name.trim().replaceAll('"', '').toLowerCase());
  for (const [kind, columns] of NEEDED) {
    const places = new Map<Column, number>();
    for (const column of columns) {
      const place = names.findIndex((name) => NAMES[column].some((known) => known === name));
      if (place >= 0) places.set(column, place);
    }
    if (places.size === columns.length) return { kind, places };
  }
  throw new Error('there are no columns of bars, trades or quotes');
}

/** Epoch milliseconds with a fraction, of RFC 3339 text or a whole number of s, ms, µs or ns; NaN if neither. */
export function readInstant(text: string): number {
  if (/^\d{10}$/.test(text)) return Number(text) * 1_000;
  if (/^\d{13}$/.test(text)) return Number(text);
  if (/^\d{16}$/.test(text)) return Number(text) / 1_000;
  if (/^\d{19}$/.test(text)) return Number(BigInt(text) / 1_000n) / 1_000;
  if (!/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/.test(text) || !/(?:Z|[+-]\d{2}:?\d{2})$/i.test(text))
    return Number.NaN;
  const finer = /\.\d{3}(\d{1,6})/.exec(text)?.[1] ?? '';
  return Date.parse(text.replace(/(\.\d{3})\d+/, '$1')) + Number(`0.${finer || '0'}`);
}
