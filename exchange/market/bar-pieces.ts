import { instantOf, MINUTE_MS, newYorkDay } from '../clock/new-york';
import { type Adjustment, adjustBar, factorsOf } from './company/adjustment';
import type { SymbolMarket } from './symbol-market';
import type { Bar } from './ticks';
import { barStart, type Span, type Timeframe } from './timeframe';

/** What is asked of the model, and the moment it is seen from. */
export interface Seen extends Span {
  readonly now: number;
}

/** Pieces of minute frames: each inside one hour and one bar of the frame. */
export function* minutePieces(market: SymbolMarket, frame: Timeframe, seen: Seen): Generator<Bar> {
  const { now, to: end } = seen;
  const width = Math.min(frame.count, 60);
  for (const day of market.days.between(newYorkDay(seen.from), newYorkDay(Math.min(end, now)))) {
    for (const segment of day.segments) {
      const whole = Math.min(segment.minutes, Math.floor((now - segment.start) / MINUTE_MS));
      let from = Math.max(0, Math.floor((seen.from - segment.start) / MINUTE_MS));
      while (from < whole && segment.start + from * MINUTE_MS < end + frame.count * MINUTE_MS) {
        const at = segment.start + from * MINUTE_MS;
        const next = barStart(frame, at) + frame.count * MINUTE_MS;
        const room = Math.max(1, Math.floor((next - at) / MINUTE_MS));
        const to = Math.min(whole, from + Math.min(width, room));
        const bar = market.bar(day, segment, from, to);
        if (bar !== null) yield bar;
        from = to;
      }
    }
  }
}

/** Daily bars. */
export function* dayPieces(market: SymbolMarket, { from, to, now }: Seen): Generator<Bar> {
  for (const day of market.days.between(newYorkDay(from), newYorkDay(Math.min(to, now)))) {
    const bar = stamped(market.dailyBar(day, now), day.day);
    if (bar !== null) yield bar;
  }
}

/** A daily bar is stamped midnight in New York. */
export const stamped = (bar: Bar | null, day: number): Bar | null =>
  bar === null ? null : { ...bar, start: instantOf(day, 0) };

/** Each piece lies inside one day, and is corrected for what came after that day. */
export function* adjusted(
  pieces: Iterable<Bar>,
  market: SymbolMarket,
  how: Adjustment & { readonly now: number },
): Generator<Bar> {
  const events = market.events(newYorkDay(how.now));
  let day = Number.NaN;
  let factors = { price: 1, volume: 1 };
  for (const piece of pieces) {
    const own = newYorkDay(piece.start);
    if (own !== day) factors = factorsOf(own, events, how);
    day = own;
    yield adjustBar(piece, factors);
  }
}
