import { isTradingDay } from '../../clock/calendar';
import { dayOf } from '../../clock/new-york';
import { bits, keyOf, uniform } from '../hash';
import type { Instrument } from '../instruments';
import { tradingDayFrom } from './earnings';

/** A share split: `oldRate` shares become `newRate` at the start of the ex-day. */
export interface Split {
  readonly kind: 'split';
  readonly exDay: number;
  readonly newRate: number;
  readonly oldRate: number;
  /** When it was announced; absent: some weeks before. */
  readonly declarationDay?: number;
}

/** A cash dividend. Days are civil days; the amount in dollars depends on the price before the ex-day. */
export interface Dividend {
  readonly kind: 'dividend';
  readonly declarationDay: number;
  readonly exDay: number;
  readonly payDay: number;
  /** Part of the share price that is paid out; of a dividend in dollars that depends on the price. */
  readonly share: number;
  /** Dollars a share, when control declared it so. */
  readonly cash?: number;
  readonly special?: boolean;
}

export type CompanyEvent = Split | Dividend;

/** The level of prices in the listing is that of this day. */
export const ANCHOR_DAY = dayOf(2026, 11, 2);
const YEARS = { from: 2015, to: 2050 };
/** At most one split in so many years. */
const SPLIT_WINDOW = 4;
const UNSPLIT = new Set(['fund', 'metal', 'bond', 'crypto']);

function addSplit(splits: Split[], instrument: Instrument, split: Split, level: number): number {
  const ratio = split.newRate / split.oldRate;
  const next = split.exDay > ANCHOR_DAY ? level / ratio : level * ratio;
  // A believable split leaves a believable price, on either side of it.
  if (next < 4 || next > 2_500 || (ratio < 1 && instrument.price > 30)) return level;
  splits.push(split);
  return next;
}

function splitIn(key: number, year: number): Split | null {
  const window = Math.floor((year - YEARS.from) / SPLIT_WINDOW);
  if (bits(key, window, 0, 1) % SPLIT_WINDOW !== (year - YEARS.from) % SPLIT_WINDOW) return null;
  const draw = uniform(key, window, 0, 2);
  if (draw > 0.3) return null;
  const exDay = tradingDayFrom(dayOf(year, 1, 10) + (bits(key, window, 0, 3) % 330));
  const [newRate, oldRate] = draw < 0.13 ? [2, 1] : draw < 0.19 ? [3, 1] : draw < 0.24 ? [4, 1] : [1, 8];
  return { kind: 'split', exDay, newRate, oldRate };
}

/** Splits of all years the model knows, outwards from the anchor so that levels stay believable. */
function splitsOf(seed: number, instrument: Instrument): Split[] {
  if (UNSPLIT.has(instrument.sector)) return [];
  const key = keyOf(seed, `${instrument.symbol}/splits`);
  const all: Split[] = [];
  for (let year = YEARS.from; year <= YEARS.to; year += 1) {
    const split = splitIn(key, year);
    if (split !== null) all.push(split);
  }
  const kept: Split[] = [];
  let level = instrument.price;
  for (const split of all.filter((one) => one.exDay <= ANCHOR_DAY).reverse()) {
    level = addSplit(kept, instrument, split, level);
  }
  level = instrument.price;
  for (const split of all.filter((one) => one.exDay > ANCHOR_DAY)) {
    level = addSplit(kept, instrument, split, level);
  }
  return kept;
}

function dividendsOf(seed: number, instrument: Instrument): Dividend[] {
  const { dividendPercent: percent } = instrument;
  if (percent === 0) return [];
  const key = keyOf(seed, `${instrument.symbol}/dividends`);
  const found: Dividend[] = [];
  for (let month = bits(key, 0, 0, 1) % 3; month < (YEARS.to - YEARS.from + 1) * 12; month += 3) {
    const first = dayOf(YEARS.from + Math.floor(month / 12), (month % 12) + 1, 1);
    const exDay = tradingDayFrom(first + 4 + (bits(key, 0, 0, 2) % 20) + (bits(key, month, 0, 3) % 3));
    const payDay = tradingDayFrom(exDay + 14 + (bits(key, 0, 0, 4) % 14));
    const declarationDay = tradingDayFrom(exDay - 16 - (bits(key, 0, 0, 5) % 10));
    found.push({ kind: 'dividend', declarationDay, exDay, payDay, share: percent / 400 });
  }
  return found;
}

/** The most of a price that a dividend in dollars takes away. */
const MOST_SHARE = 0.9;

/** The last NYSE trading day before a day. */
export function tradingDayBefore(day: number): number {
  let found = day - 1;
  while (!isTradingDay(found)) found -= 1;
  return found;
}

/** What a company does to its shares over the years: a function of seed and symbol. */
export class CompanyCalendar {
  /** Splits and dividends by ex-day, oldest first. */
  events: readonly CompanyEvent[];
  /** The splits alone. */
  splits: readonly Split[];
  readonly #drawn: readonly CompanyEvent[];
  /** What control announced: it changes the future alone, so the past keeps its prices. */
  readonly #announced: CompanyEvent[] = [];
  readonly #atAnchor: number;
  readonly #closeBefore: (exDay: number) => number;

  /** @param closeBefore dollars at the close before an ex-day */
  constructor(seed: number, instrument: Instrument, closeBefore: (exDay: number) => number) {
    this.#closeBefore = closeBefore;
    this.#drawn = [...splitsOf(seed, instrument), ...dividendsOf(seed, instrument)].sort(byExDay);
    this.events = this.#drawn;
    this.splits = this.#drawn.filter((event) => event.kind === 'split');
    this.#atAnchor = this.#passed(this.#drawn, ANCHOR_DAY);
  }

  /** Adds an event of the future. */
  announce(event: CompanyEvent): void {
    this.#announced.push(event);
    this.#announced.sort(byExDay);
    this.events = [...this.#drawn, ...this.#announced].sort(byExDay);
    this.splits = this.events.filter((one) => one.kind === 'split');
  }

  /** What is added to the adjusted log price to get that of the shares as they traded on a day. */
  offset(day: number): number {
    return this.#atAnchor - this.#passed(this.#drawn, day) - this.#passed(this.#announced, day);
  }

  /** What one share of the anchor day was, or will be, on a day: volumes are multiplied by it. */
  sharesAt(day: number): number {
    let shares = 1;
    for (const event of this.#drawn) {
      if (event.kind !== 'split') continue;
      const ratio = event.newRate / event.oldRate;
      if (event.exDay > day && event.exDay <= ANCHOR_DAY) shares /= ratio;
      if (event.exDay <= day && event.exDay > ANCHOR_DAY) shares *= ratio;
    }
    for (const event of this.#announced) {
      if (event.kind === 'split' && event.exDay <= day) shares *= event.newRate / event.oldRate;
    }
    return shares;
  }

  /** By how much events lowered the log price up to a day. */
  #passed(events: readonly CompanyEvent[], day: number): number {
    let sum = 0;
    for (const event of events) {
      if (event.exDay > day) break;
      sum += event.kind === 'split' ? Math.log(event.newRate / event.oldRate) : this.#dividendDrop(event);
    }
    return sum;
  }

  #dividendDrop({ share, cash, exDay }: Dividend): number {
    const part = cash === undefined ? share : Math.min(MOST_SHARE, cash / this.#closeBefore(exDay));
    return -Math.log(1 - part);
  }
}

const byExDay = (a: CompanyEvent, b: CompanyEvent): number => a.exDay - b.exDay;
