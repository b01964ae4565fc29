import { ANCHOR_DAY } from '../company/company-calendar';
import { reportsBetween } from '../company/earnings';
import { gaussian, keyOf } from '../hash';
import type { Instrument } from '../instruments';
import type { TradingDays } from '../trading-days';
import { weightsOf } from './factor-paths';

/** Yearly growth of the level that prices return to. */
const DRIFT_PER_DAY = 0.07 / 365.25;
/** Share of the distance to trend that a day takes back: keeps ten years of prices believable. */
const REVERSION = 0.004;
const EARNINGS_YEARS = { from: 2014, to: 2050 };
/** Part of a report's move that is in the first price after it. */
const JUMP_AT_OPEN = 0.9;

const STREAM = { market: 1, sector: 2, own: 3, gap: 4 } as const;

/** Log prices of an instrument at the edges of each of its days, as if it had never split or paid. */
export class DailyLevels {
  readonly #walk: number[] = [];
  readonly #key: number;
  readonly #marketKey: number;
  readonly #sectorKey: number;
  readonly #base: number;
  /** Moves of quarterly reports, by civil day. */
  readonly #jumps: ReadonlyMap<number, number>;

  readonly #days: TradingDays;
  readonly instrument: Instrument;

  constructor(seed: number, instrument: Instrument, days: TradingDays) {
    this.instrument = instrument;
    this.#days = days;
    this.#key = keyOf(seed, instrument.symbol);
    this.#marketKey = keyOf(seed, 'market');
    this.#sectorKey = keyOf(seed, `sector:${instrument.sector}`);
    this.#jumps = new Map(
      reportsBetween(seed, instrument, EARNINGS_YEARS).map((report) => [report.reactionDay, report.jump]),
    );
    const anchor = days.on(ANCHOR_DAY)?.ordinal ?? 0;
    this.#base = Math.log(instrument.price) - this.#walkAt(anchor);
  }

  /** Log price at the core close of a day. */
  close(ordinal: number): number {
    const day = this.#days.at(ordinal)?.day ?? ANCHOR_DAY;
    return this.#base + this.#walkAt(ordinal) + (day - ANCHOR_DAY) * DRIFT_PER_DAY;
  }

  /** Log price at the core open: the night has moved it part of the way, and on its own. */
  open(ordinal: number): number {
    if (this.#days.alwaysOpen) return this.close(ordinal - 1);
    const before = this.close(ordinal - 1);
    const night = gaussian(this.#key, STREAM.gap, ordinal, 0) * this.instrument.volatility * 0.35;
    const jump = this.#jumpOn(ordinal);
    return before + (this.close(ordinal) - before - jump) * 0.25 + night + jump * JUMP_AT_OPEN;
  }

  /** Log price when after-hours trading ends. */
  late(ordinal: number): number {
    const close = this.close(ordinal);
    return close + (this.open(ordinal + 1) - close) * 0.3;
  }

  /** Log price when early trading begins. */
  early(ordinal: number): number {
    const before = this.late(ordinal - 1);
    return before + (this.open(ordinal) - before) * 0.4;
  }

  #walkAt(ordinal: number): number {
    for (let i = this.#walk.length; i <= ordinal; i += 1) {
      const previous = this.#walk[i - 1] ?? 0;
      this.#walk.push(previous * (1 - REVERSION) + this.#shock(i));
    }
    return this.#walk[Math.max(0, ordinal)] ?? 0;
  }

  #jumpOn(ordinal: number): number {
    return this.#jumps.get(this.#days.at(ordinal)?.day ?? -1) ?? 0;
  }

  #shock(ordinal: number): number {
    const weights = weightsOf(this.instrument);
    const usual =
      this.instrument.volatility *
      (weights.market * gaussian(this.#marketKey, STREAM.market, ordinal, 0) +
        weights.sector * gaussian(this.#sectorKey, STREAM.sector, ordinal, 0) +
        weights.own * gaussian(this.#key, STREAM.own, ordinal, 0));
    return usual + this.#jumpOn(ordinal);
  }
}
