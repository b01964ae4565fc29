import { gaussian } from '../hash';

/**
 * A Brownian bridge over the minutes of a trading segment: log prices at every minute's edge.
 * `clock[i]` is the share of the segment's variance that has passed at minute i.
 */
export interface BridgeSpec {
  readonly key: number;
  readonly stream: number;
  readonly from: number;
  readonly to: number;
  readonly clock: Float64Array;
  /** Standard deviation of the wandering over the whole segment. */
  readonly deviation: number;
}

/** Fills the bridge by halving: each point depends on its own coordinates and its two parents. */
export function bridge(spec: BridgeSpec): Float64Array {
  const { clock, key, stream } = spec;
  const last = clock.length - 1;
  const path = new Float64Array(last + 1);
  path[0] = spec.from;
  path[last] = spec.to;
  const halve = (low: number, high: number): void => {
    if (high - low < 2) return;
    const middle = (low + high) >> 1;
    const at = clock[middle] ?? 0;
    const left = at - (clock[low] ?? 0);
    const right = (clock[high] ?? 0) - at;
    const span = left + right;
    const share = span > 0 ? left / span : 0.5;
    const mean = (path[low] ?? 0) + ((path[high] ?? 0) - (path[low] ?? 0)) * share;
    const deviation = span > 0 ? spec.deviation * Math.sqrt((left * right) / span) : 0;
    path[middle] = mean + deviation * gaussian(key, stream, middle, 11);
    halve(low, middle);
    halve(middle, high);
  };
  halve(0, last);
  return path;
}

/** How much livelier the edges of a segment are than its middle. */
const SHAPE_DEPTH = 2.2;
const clocks = new Map<number, Float64Array>();

/** Share of variance (or of volume) passed at each minute: high at the edges, low at noon. */
export function shapeClock(minutes: number): Float64Array {
  let found = clocks.get(minutes);
  if (found === undefined) {
    found = new Float64Array(minutes + 1);
    for (let i = 1; i <= minutes; i += 1) {
      const x = ((i - 0.5) / minutes) * 2 - 1;
      found[i] = (found[i - 1] ?? 0) + 1 + SHAPE_DEPTH * x * x;
    }
    const total = found[minutes] ?? 1;
    for (let i = 0; i <= minutes; i += 1) found[i] = (found[i] ?? 0) / total;
    clocks.set(minutes, found);
  }
  return found;
}

/** Where a path is highest and lowest in [from, to]. */
export function extremesOf(path: Float64Array, from: number, to: number): [top: number, bottom: number] {
  let [top, bottom] = [from, from];
  for (let i = from; i <= to; i += 1) {
    if ((path[i] ?? 0) > (path[top] ?? 0)) top = i;
    if ((path[i] ?? 0) < (path[bottom] ?? 0)) bottom = i;
  }
  return [top, bottom];
}
