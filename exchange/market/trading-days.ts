import { sessionOf } from '../clock/calendar';
import { dayOf, instantOf, MINUTE_MS, newYorkDay } from '../clock/new-york';

/** A stretch of unbroken trading. Instants are epoch milliseconds, lengths whole minutes. */
export interface Segment {
  /** Place among the day's segments; part of every draw's coordinates. */
  readonly index: number;
  readonly start: number;
  readonly minutes: number;
  /** Whether it counts into the daily bar. */
  readonly core: boolean;
  /** Share of the day's volume. */
  readonly volumeShare: number;
}

/** A day on which the simulated market moves. */
export interface MarketDay {
  readonly day: number;
  /** Counted from the model's first day. */
  readonly ordinal: number;
  readonly segments: readonly Segment[];
}

const FIRST_DAY = dayOf(2015, 1, 1);
/** More than a century of days: the model's end. */
const MOST_DAYS = 40_000;

/** The days and hours on which prices move: NYSE's, or all of them. */
export class TradingDays {
  /** A calendar's days are worked out once for all markets of a process. */
  static readonly #made = new Map<boolean, TradingDays>();
  readonly #days: MarketDay[] = [];
  readonly #ordinals = new Map<number, number>();
  #next = FIRST_DAY;
  readonly alwaysOpen: boolean;

  private constructor(alwaysOpen: boolean) {
    this.alwaysOpen = alwaysOpen;
  }

  static of(alwaysOpen: boolean): TradingDays {
    const found = TradingDays.#made.get(alwaysOpen) ?? new TradingDays(alwaysOpen);
    TradingDays.#made.set(alwaysOpen, found);
    return found;
  }

  /** The market day of a civil day; undefined when closed or before the model's first day. */
  on(day: number): MarketDay | undefined {
    this.#extend(day);
    return this.at(this.#ordinals.get(day) ?? -1);
  }

  at(ordinal: number): MarketDay | undefined {
    const reached = Math.min(ordinal, MOST_DAYS);
    while (this.#days.length <= reached) this.#extend(this.#next);
    return this.#days[ordinal];
  }

  /** The last market day that began at or before an instant. */
  reached(instant: number): MarketDay | undefined {
    let day = newYorkDay(instant);
    for (; day >= FIRST_DAY; day -= 1) {
      const found = this.on(day);
      if (found !== undefined && (found.segments[0]?.start ?? Infinity) <= instant) return found;
    }
    return undefined;
  }

  /** Market days from one civil day to another, both included. */
  *between(from: number, to: number): Generator<MarketDay> {
    for (let day = Math.max(from, FIRST_DAY); day <= to; day += 1) {
      const found = this.on(day);
      if (found !== undefined) yield found;
    }
  }

  #extend(day: number): void {
    for (; this.#next <= day; this.#next += 1) {
      const segments = this.#segmentsOf(this.#next);
      if (segments.length === 0) continue;
      this.#ordinals.set(this.#next, this.#days.length);
      this.#days.push({ day: this.#next, ordinal: this.#days.length, segments });
    }
  }

  #segmentsOf(day: number): Segment[] {
    if (this.alwaysOpen) {
      const start = instantOf(day, 0);
      const minutes = (instantOf(day + 1, 0) - start) / MINUTE_MS;
      return [{ index: 0, start, minutes, core: true, volumeShare: 1 }];
    }
    const session = sessionOf(day);
    if (session === null) return [];
    const length = (from: number, to: number): number => (to - from) / MINUTE_MS;
    const { preOpen, open, close, postClose } = session;
    return [
      { index: 0, start: preOpen, minutes: length(preOpen, open), core: false, volumeShare: 0.03 },
      { index: 1, start: open, minutes: length(open, close), core: true, volumeShare: 0.94 },
      { index: 2, start: close, minutes: length(close, postClose), core: false, volumeShare: 0.03 },
    ];
  }
}
