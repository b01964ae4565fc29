import { badParameter } from '../../orders/refusals';
import type { Span } from '../../market/market';
import { takeTurns } from './turns';

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

/** One kind of history: how to list it, and how it is written. */
export interface Series<T> {
  readonly name: string;
  readonly unit: string;
  /** Items of a span, oldest first. */
  list(symbol: string, span: Span): Iterable<T>;
  /** Work to be done before `list` is quick, in small steps. */
  prepare?(symbol: string, span: Span): Iterable<unknown>;
  timeOf(item: T): number;
  /** Milliseconds to list at a time. */
  readonly stride: number;
}

/** What part of a history is wanted. Both ends are part of it, epoch milliseconds. */
export interface PageRequest {
  readonly symbols: readonly string[];
  readonly start: number;
  readonly end: number;
  readonly limit: number;
  readonly descending: boolean;
  readonly mark: Bookmark | null;
}

/** Step over which two items never share a time. */
const BEYOND = 0.000_5;
/** Nothing in the simulated world is older: 2015-01-01. */
const BEGINNING = Date.UTC(2015, 0, 1);

/** The spans to list one after another, in the order of the answer. */
function* spansOf(request: PageRequest, beyond: number | null, stride: number): Generator<Span> {
  if (request.descending) {
    const start = Math.max(request.start, BEGINNING);
    for (let to = beyond ?? request.end + BEYOND; to > start; to -= stride) {
      yield { from: Math.max(start, to - stride), to };
    }
    return;
  }
  const end = request.end + BEYOND;
  for (let from = Math.max(beyond === null ? request.start : beyond + BEYOND, BEGINNING); from < end; ) {
    const to = Math.min(end, from + stride);
    yield { from, to };
    from = to;
  }
}

/**
 * One page over several symbols: items sorted by symbol, then time, `limit` in all. Others get their
 * turn meanwhile: a request for years of bars must not keep streams and orders waiting.
 */
export async function pageOver<T, W>(
  request: PageRequest,
  series: Series<T>,
  write: (item: T, symbol: string) => W,
): Promise<{ found: Map<string, W[]>; token: string | null }> {
  const found = new Map<string, W[]>();
  const { mark, descending } = request;
  const turn = takeTurns();
  let left = request.limit;
  let last: Bookmark | null = null;
  for (const symbol of [...request.symbols].sort()) {
    if (mark !== null && symbol < mark.symbol) continue;
    const beyond = mark !== null && symbol === mark.symbol ? mark.at : null;
    for (const span of spansOf(request, beyond, series.stride)) {
      await turn();
      for (const _ of series.prepare?.(symbol, span) ?? []) await turn();
      const items = series.list(symbol, span);
      for (const item of descending ? [...items].reverse() : items) {
        if (left === 0) return { found, token: last === null ? null : writeToken(last, series.unit) };
        const list = found.get(symbol) ?? [];
        list.push(write(item, symbol));
        found.set(symbol, list);
        last = { symbol, at: series.timeOf(item) };
        left -= 1;
        if ((left & 15) === 0) await turn();
      }
    }
  }
  return { found, token: null };
}
