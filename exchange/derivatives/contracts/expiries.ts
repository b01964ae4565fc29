import { isTradingDay } from '../../clock/calendar';
import { DAY_MS, dayOf, weekdayOf } from '../../clock/new-york';

/** A day on which options expire. Civil days. */
export interface Expiry {
  readonly day: number;
  readonly kind: 'weekly' | 'monthly' | 'yearly';
  /** The first day on which it is traded. */
  readonly listed: number;
}

const WEEKLY_LEAD = 44;
const MONTHLY_LEAD = 400;
const YEARLY_LEAD = 850;

function expiryIn(friday: number): Expiry {
  const date = new Date(friday * DAY_MS);
  const third = date.getUTCDate() >= 15 && date.getUTCDate() <= 21;
  const kind = !third ? 'weekly' : date.getUTCMonth() === 0 ? 'yearly' : 'monthly';
  const lead = kind === 'weekly' ? WEEKLY_LEAD : kind === 'monthly' ? MONTHLY_LEAD : YEARLY_LEAD;
  let day = friday;
  // When the exchange is closed that Friday, the last trading day before it.
  while (!isTradingDay(day)) day -= 1;
  return { day, kind, listed: friday - lead };
}

const fridayFrom = (day: number): number => day + ((5 - weekdayOf(day) + 7) % 7);

/** The expiry on a day, if options expire then. */
export function expiryOn(day: number): Expiry | null {
  const found = expiryIn(fridayFrom(day));
  return found.day === day ? found : null;
}

/** Expiries between two days, both included, nearest first. */
export function* expiriesBetween(from: number, to: number): Generator<Expiry> {
  const first = Math.max(from, dayOf(2015, 1, 1));
  for (let friday = fridayFrom(first); friday <= to + 6; friday += 7) {
    const expiry = expiryIn(friday);
    if (expiry.day >= first && expiry.day <= to) yield expiry;
  }
}

/** Expiries that can be traded on a day: six weeks of weeklies, a year of monthlies, Januaries beyond. */
export const expiriesListed = (day: number): Expiry[] =>
  [...expiriesBetween(day, day + YEARLY_LEAD)].filter((expiry) => expiry.listed <= day);
