import { dayOf, instantOf, nthWeekday, weekdayOf, yearOf } from './new-york';

const OPEN_MINUTE = 9 * 60 + 30;
const CLOSE_MINUTE = 16 * 60;
const EARLY_CLOSE_MINUTE = 13 * 60;
const PRE_MINUTE = 4 * 60;
const POST_MINUTE = 20 * 60;

/** One trading day; instants in epoch milliseconds. */
export interface Session {
  readonly day: number;
  readonly preOpen: number;
  readonly open: number;
  readonly close: number;
  readonly postClose: number;
  readonly early: boolean;
}

/** National days of mourning and the like, which no rule gives (NYSE). */
const UNSCHEDULED_CLOSINGS = new Set([dayOf(2018, 12, 5), dayOf(2025, 1, 9)]);

function easterSunday(year: number): number {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const e = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - d - (c % 4)) % 7;
  const f = d + e - 7 * Math.floor((a + 11 * d + 22 * e) / 451) + 114;
  return dayOf(year, Math.floor(f / 31), (f % 31) + 1);
}

/** Saturday is kept on Friday, Sunday on Monday. */
function observed(day: number): number {
  const weekday = weekdayOf(day);
  if (weekday === 6) return day - 1;
  return weekday === 0 ? day + 1 : day;
}

function holidaysOf(year: number): Set<number> {
  const newYear = dayOf(year, 1, 1);
  const days = [
    // NYSE rule 7.2: a New Year's Day on Saturday is not moved into the old year.
    weekdayOf(newYear) === 6 ? newYear : observed(newYear),
    nthWeekday(year, 1, 1, 3),
    nthWeekday(year, 2, 1, 3),
    easterSunday(year) - 2,
    nthWeekday(year, 6, 1, 1) - 7,
    observed(dayOf(year, 7, 4)),
    nthWeekday(year, 9, 1, 1),
    nthWeekday(year, 11, 4, 4),
    observed(dayOf(year, 12, 25)),
  ];
  if (year >= 2022) days.push(observed(dayOf(year, 6, 19)));
  return new Set(days);
}

function earlyClosingsOf(year: number): Set<number> {
  const days = [nthWeekday(year, 11, 4, 4) + 1];
  for (const eve of [dayOf(year, 7, 3), dayOf(year, 12, 24)]) {
    const weekday = weekdayOf(eve);
    if (weekday >= 1 && weekday <= 4) days.push(eve);
  }
  return new Set(days);
}

const yearly = new Map<number, { holidays: Set<number>; early: Set<number> }>();
const sessions = new Map<number, Session | null>();

function ofYear(year: number): { holidays: Set<number>; early: Set<number> } {
  let found = yearly.get(year);
  if (found === undefined) {
    found = { holidays: holidaysOf(year), early: earlyClosingsOf(year) };
    yearly.set(year, found);
  }
  return found;
}

/** Whether the NYSE trades on a civil day. */
export function isTradingDay(day: number): boolean {
  const weekday = weekdayOf(day);
  if (weekday === 0 || weekday === 6) return false;
  return !ofYear(yearOf(day)).holidays.has(day) && !UNSCHEDULED_CLOSINGS.has(day);
}

/** The NYSE session of a civil day, null when closed. */
export function sessionOf(day: number): Session | null {
  const known = sessions.get(day);
  if (known !== undefined) return known;
  const early = ofYear(yearOf(day)).early.has(day);
  const session: Session | null = isTradingDay(day)
    ? {
        day,
        early,
        preOpen: instantOf(day, PRE_MINUTE),
        open: instantOf(day, OPEN_MINUTE),
        close: instantOf(day, early ? EARLY_CLOSE_MINUTE : CLOSE_MINUTE),
        postClose: instantOf(day, early ? 17 * 60 : POST_MINUTE),
      }
    : null;
  if (sessions.size > 20_000) sessions.clear();
  sessions.set(day, session);
  return session;
}

/** The first session on or after a day. */
export function sessionFrom(day: number): Session {
  for (let candidate = day; ; candidate += 1) {
    const session = sessionOf(candidate);
    if (session !== null) return session;
  }
}

/** The last session on or before a day. */
export function sessionUntil(day: number): Session {
  for (let candidate = day; ; candidate -= 1) {
    const session = sessionOf(candidate);
    if (session !== null) return session;
  }
}
