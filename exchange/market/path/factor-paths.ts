import { keyOf } from '../hash';
import type { Instrument } from '../instruments';
import { bridge, shapeClock } from './segment-path';

/** Shares of the common factors in an instrument's returns. Their squares sum to 1. */
export interface FactorWeights {
  readonly market: number;
  readonly sector: number;
  readonly own: number;
}

/** What the market does to an instrument, what its sector does, and what is left to itself. */
export function weightsOf({ beta }: Pick<Instrument, 'beta'>): FactorWeights {
  const sector = Math.sqrt(1 - beta * beta) * 0.5;
  return { market: beta, sector, own: Math.sqrt(1 - beta * beta - sector * sector) };
}

/** Minutes between two points of a factor's path; straight lines in between. */
const STEP = 8;
const KEPT = 600;

/** Where a stretch of trading stands in the model: its number and its length in minutes. */
export interface Stretch {
  readonly id: number;
  readonly minutes: number;
}

/** The wandering within a day that instruments share: 0 at both ends, variance 1 over the stretch. */
export class FactorPaths {
  readonly #kept = new Map<string, Float64Array>();
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** Points of a factor (`market` or `sector:NAME`), one each `STEP` minutes and one at the end. */
  #points(factor: string, { id, minutes }: Stretch): Float64Array {
    const name = `${factor}/${id}`;
    const kept = this.#kept.get(name);
    if (kept !== undefined) return kept;
    const count = Math.ceil(minutes / STEP);
    const fine = shapeClock(minutes);
    const clock = Float64Array.from({ length: count + 1 }, (_, i) => fine[Math.min(minutes, i * STEP)] ?? 1);
    const key = keyOf(this.#seed, `within/${factor}`);
    const made = bridge({ key, stream: id, from: 0, to: 0, clock, deviation: 1 });
    if (this.#kept.size >= KEPT) {
      const [oldest] = this.#kept.keys();
      if (oldest !== undefined) this.#kept.delete(oldest);
    }
    this.#kept.set(name, made);
    return made;
  }

  /** Adds the factors' part to a path of log prices at the minutes' edges. */
  addTo(path: Float64Array, instrument: Instrument, stretch: Stretch & { readonly deviation: number }): void {
    const weights = weightsOf(instrument);
    const market = this.#points('market', stretch);
    const sector = this.#points(`sector:${instrument.sector}`, stretch);
    const value = (point: number): number =>
      stretch.deviation * (weights.market * (market[point] ?? 0) + weights.sector * (sector[point] ?? 0));
    for (let point = 0; point * STEP < stretch.minutes; point += 1) {
      const first = point * STEP;
      const last = Math.min(stretch.minutes, first + STEP);
      const from = value(point);
      const slope = (value(point + 1) - from) / (last - first);
      for (let i = first; i < last; i += 1) path[i] = (path[i] ?? 0) + from + slope * (i - first);
    }
  }
}
