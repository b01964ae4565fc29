import { DAY_MS, instantOf, MINUTE_MS, newYorkDay, weekdayOf } from '../clock/new-york';

import { type Bar, mergeBars } from './ticks';

/** Half-open stretch of time in epoch milliseconds. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The width of a bar (Alpaca docs: historical bars, `timeframe`). */
export interface Timeframe {
  readonly unit: 'minute' | 'day' | 'week' | 'month';
  /** Minutes for `minute`, months for `month`, else 1. */
  readonly count: number;
}

const LIMITS = { min: 59, t: 59, hour: 23, h: 23 } as const;
const MONTHS = new Set([1, 2, 3, 4, 6, 12]);

/** Reads `5Min`, `1Hour`, `1Day`, `3Month` and their short forms; null when not one of them. */
export function parseTimeframe(text: string): Timeframe | null {
  const match = /^(\d{1,2})(min|t|hour|h|day|d|week|w|month|m)$/i.exec(text);
  const count = Number(match?.[1] ?? 0);
  const unit = match?.[2]?.toLowerCase();
  if (unit === 'min' || unit === 't') return within(count, LIMITS.min, 1);
  if (unit === 'hour' || unit === 'h') return within(count, LIMITS.hour, 60);
  if (unit === 'day' || unit === 'd') return count === 1 ? { unit: 'day', count } : null;
  if (unit === 'week' || unit === 'w') return count === 1 ? { unit: 'week', count } : null;
  if (unit !== undefined && MONTHS.has(count)) return { unit: 'month', count };
  return null;
}

function within(count: number, most: number, minutes: number): Timeframe | null {
  return count >= 1 && count <= most ? { unit: 'minute', count: count * minutes } : null;
}

/** The first instant of the bar that holds an instant. Minute bars count from New York's midnight. */
export function barStart(frame: Timeframe, instant: number): number {
  const day = newYorkDay(instant);
  if (frame.unit === 'minute') {
    const midnight = instantOf(day, 0);
    const width = frame.count * MINUTE_MS;
    return midnight + Math.floor((instant - midnight) / width) * width;
  }
  if (frame.unit === 'day') return instantOf(day, 0);
  if (frame.unit === 'week') return instantOf(day - ((weekdayOf(day) + 6) % 7), 0);
  const date = new Date(day * DAY_MS);
  const month = Math.floor(date.getUTCMonth() / frame.count) * frame.count;
  return instantOf(Math.floor(Date.UTC(date.getUTCFullYear(), month, 1) / DAY_MS), 0);
}

/** The first instant after the bar that holds an instant. */
export function barEnd(frame: Timeframe, instant: number): number {
  const start = barStart(frame, instant);
  if (frame.unit === 'minute') return start + frame.count * MINUTE_MS;
  if (frame.unit === 'day') return instantOf(newYorkDay(start) + 1, 0);
  if (frame.unit === 'week') return instantOf(newYorkDay(start) + 7, 0);
  const date = new Date(newYorkDay(start) * DAY_MS);
  const next = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + frame.count, 1);
  return instantOf(Math.floor(next / DAY_MS), 0);
}

/** Puts the pieces of each bar of a frame together. */
export function* grouped(pieces: Iterable<Bar>, frame: Timeframe, span: Span): Generator<Bar> {
  let group: Bar[] = [];
  let start = 0;
  for (const piece of pieces) {
    const own = barStart(frame, piece.start);
    if (own !== start && group.length > 0) {
      const bar = mergeBars(start, group);
      if (bar !== null && start >= span.from) yield bar;
      group = [];
    }
    start = own;
    if (start >= span.to) return;
    group.push(piece);
  }
  const bar = mergeBars(start, group);
  if (bar !== null && start >= span.from) yield bar;
}
