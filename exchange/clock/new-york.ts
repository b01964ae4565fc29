/** Days and minutes as New York counts them. A day is an integer: civil days since 1970-01-01. */
export const DAY_MS = 86_400_000;
export const MINUTE_MS = 60_000;

/** 0 is Sunday. */
export const weekdayOf = (day: number): number => (((day + 4) % 7) + 7) % 7;

export const dayOf = (year: number, month: number, date: number): number =>
  Math.floor(Date.UTC(year, month - 1, date) / DAY_MS);

export const yearOf = (day: number): number => new Date(day * DAY_MS).getUTCFullYear();

/** `YYYY-MM-DD` of a civil day. */
export const isoDate = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

/** The civil day of a `YYYY-MM-DD`; NaN when it is none. */
export const dayFrom = (date: string): number => {
  const day = Math.floor(Date.parse(`${date}T00:00:00Z`) / DAY_MS);
  return Number.isNaN(day) || isoDate(day) !== date ? Number.NaN : day;
};

/** The nth (1-based) given weekday of a month. */
export function nthWeekday(year: number, month: number, weekday: number, nth: number): number {
  const first = dayOf(year, month, 1);
  return first + ((weekday - weekdayOf(first) + 7) % 7) + (nth - 1) * 7;
}

const boundaries = new Map<number, readonly [number, number]>();

/** US daylight time: second Sunday of March 02:00 EST to first Sunday of November 02:00 EDT. */
function daylightTime(year: number): readonly [number, number] {
  let found = boundaries.get(year);
  if (found === undefined) {
    const start = nthWeekday(year, 3, 0, 2) * DAY_MS + 7 * 3_600_000;
    const end = nthWeekday(year, 11, 0, 1) * DAY_MS + 6 * 3_600_000;
    found = [start, end];
    boundaries.set(year, found);
  }
  return found;
}

/** New York's distance from UTC in milliseconds at an instant (−4 h or −5 h). */
export function offsetAt(instant: number): number {
  const [start, end] = daylightTime(new Date(instant).getUTCFullYear());
  return (instant >= start && instant < end ? -4 : -5) * 3_600_000;
}

/** The civil day in New York at an instant. */
export const newYorkDay = (instant: number): number => Math.floor((instant + offsetAt(instant)) / DAY_MS);

/** Minutes after midnight that New York's clock shows at an instant. */
export const newYorkMinute = (instant: number): number =>
  Math.floor(((((instant + offsetAt(instant)) % DAY_MS) + DAY_MS) % DAY_MS) / MINUTE_MS);

/** The instant at which New York's clock shows `minutes` after midnight of a day. */
export function instantOf(day: number, minutes: number): number {
  const local = day * DAY_MS + minutes * MINUTE_MS;
  const guess = local + 5 * 3_600_000;
  const shifted = local - offsetAt(guess - 3_600_000);
  return local - offsetAt(shifted);
}

/** RFC 3339 with New York's offset and nine fractional digits, as `/v2/clock` answers. */
export function newYorkTimestamp(instant: number): string {
  const offset = offsetAt(instant);
  const local = new Date(instant + offset).toISOString().slice(0, 23);
  return `${local}000000-0${-offset / 3_600_000}:00`;
}

/** As above, whole seconds. */
export const newYorkSeconds = (instant: number): string => newYorkTimestamp(instant).replace(/\.\d{9}/, '');
