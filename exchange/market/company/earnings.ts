import { isTradingDay } from '../../clock/calendar';
import { dayOf } from '../../clock/new-york';
import { bits, gaussian, keyOf } from '../hash';
import type { Instrument } from '../instruments';

/** A quarterly report. Days are civil days. */
export interface EarningsReport {
  readonly year: number;
  /** The calendar quarter that is reported on, 1 to 4. */
  readonly quarter: number;
  readonly day: number;
  readonly timing: 'before_open' | 'after_close';
  /** The trading day that moves on it. */
  readonly reactionDay: number;
  /** Log return that the report causes. */
  readonly jump: number;
}

/** A report moves a stock about this many usual days' worth. */
const JUMP_DAYS = 2.2;
const SILENT = new Set(['fund', 'metal', 'bond', 'crypto']);

/** Variance of a report's log return: what options ask for it. */
export const reportVariance = ({ volatility, sector }: Instrument): number =>
  SILENT.has(sector) ? 0 : (volatility * JUMP_DAYS) ** 2;

/** The first NYSE trading day on or after a day. */
export function tradingDayFrom(day: number): number {
  let found = day;
  while (!isTradingDay(found)) found += 1;
  return found;
}

/** The report on a quarter; null for what reports nothing. A function of seed, symbol and quarter. */
export function reportOf(
  seed: number,
  instrument: Instrument,
  { year, quarter }: { year: number; quarter: number },
): EarningsReport | null {
  if (SILENT.has(instrument.sector)) return null;
  const key = keyOf(seed, `${instrument.symbol}/earnings`);
  const quarterEnd = dayOf(year, quarter * 3 + 1, 1) - 1;
  // The same company reports about the same number of days after each quarter.
  const delay = 16 + (bits(key, 1, 0, 0) % 22) + (bits(key, year, quarter, 1) % 4);
  const day = tradingDayFrom(quarterEnd + delay);
  const timing = bits(key, 2, 0, 0) % 3 === 0 ? 'before_open' : 'after_close';
  return {
    year,
    quarter,
    day,
    timing,
    reactionDay: timing === 'before_open' ? day : tradingDayFrom(day + 1),
    jump: gaussian(key, year, quarter, 2) * instrument.volatility * JUMP_DAYS,
  };
}

/** Reports from one year's quarters to another's, oldest first. */
export function reportsBetween(
  seed: number,
  instrument: Instrument,
  years: { from: number; to: number },
): EarningsReport[] {
  const found: EarningsReport[] = [];
  for (let year = years.from; year <= years.to; year += 1) {
    for (let quarter = 1; quarter <= 4; quarter += 1) {
      const report = reportOf(seed, instrument, { year, quarter });
      if (report !== null) found.push(report);
    }
  }
  return found;
}
