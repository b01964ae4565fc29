import { badParameter } from '../../orders/refusals';

/** Where a page ended: the symbol and the instant of its last item (fractional epoch milliseconds). */
export interface Bookmark {
  readonly symbol: string;
  readonly at: number;
}

/** Writes a token in the form that Alpaca's own have: base64 of SYMBOL|unit|epoch nanoseconds. */
export function writeToken(mark: Bookmark, unit: string): string {
  const whole = Math.floor(mark.at);
  const nanos = BigInt(whole) * 1_000_000n + BigInt(Math.floor((mark.at - whole) * 1_000_000));
  return Buffer.from(`${mark.symbol}|${unit}|${nanos}`).toString('base64');
}

export function readToken(token: string | null): Bookmark | null {
  if (token === null || token === '' || token === 'null') return null;
  const [symbol, , nanos] = Buffer.from(token, 'base64').toString('utf8').split('|');
  if (!symbol || !nanos || !/^\d{1,20}$/.test(nanos)) throw badParameter('invalid page_token');
  const value = BigInt(nanos);
  return { symbol, at: Number(value / 1_000_000n) + Number(value % 1_000_000n) / 1_000_000 };
}

/** One page over several symbols: items sorted by symbol, then time, `limit` in all. */
export function pageOver<T>(
  symbols: readonly string[],
  request: {
    limit: number;
    unit: string;
    mark: Bookmark | null;
    /** Items of a symbol, those behind `beyond` only. */
    items: (symbol: string, beyond: number | null) => Iterable<T>;
    timeOf: (item: T) => number;
  },
): { found: Map<string, T[]>; token: string | null } {
  const found = new Map<string, T[]>();
  const { mark } = request;
  let left = request.limit;
  let last: Bookmark | null = null;
  for (const symbol of [...symbols].sort()) {
    if (mark !== null && symbol < mark.symbol) continue;
    const beyond = mark !== null && symbol === mark.symbol ? mark.at : null;
    for (const item of request.items(symbol, beyond)) {
      if (left === 0) return { found, token: last === null ? null : writeToken(last, request.unit) };
      const list = found.get(symbol) ?? [];
      list.push(item);
      found.set(symbol, list);
      last = { symbol, at: request.timeOf(item) };
      left -= 1;
    }
  }
  return { found, token: null };
}
