import { isoDate, newYorkDay, offsetAt, instantOf } from '../../clock/new-york';

/** New York as IB names it. */
export const ZONE = 'US/Eastern';

const digits = (instant: number): { date: string; time: string } => {
  const local = new Date(instant).toISOString();
  return { date: local.slice(0, 10).replaceAll('-', ''), time: local.slice(11, 19) };
};

/** `yyyymmdd hh:mm:ss US/Eastern`, as executions are stamped. */
export function stamp(instant: number): string {
  const { date, time } = digits(instant + offsetAt(instant));
  return `${date} ${time} ${ZONE}`;
}

/** `yyyymmdd` of a civil day. */
export const compactDate = (day: number): string => isoDate(day).replaceAll('-', '');

const FORM = /^(\d{4})(\d{2})(\d{2})(?:([ -]+)(\d{2}):(\d{2})(?::(\d{2}))?(?: (.+))?)?$/;
const UTC: ReadonlySet<string> = new Set(['UTC', 'GMT']);

/**
 * Reads a time as clients write it. With a dash it is UTC (IB: `yyyymmdd-hh:mm:ss`); with a blank it is in the zone
 * that stands behind it, New York's without one. Null when it is no time, or in a zone that is not known here.
 */
export function readTime(text: string): number | null {
  const match = FORM.exec(text.trim());
  if (match === null) return null;
  const [, year, month, date, gap = ' ', hour = '0', minute = '0', second = '0', zone = ''] = match;
  const utc = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(date),
    Number(hour),
    Number(minute),
    Number(second),
  );
  if (gap.includes('-') || UTC.has(zone)) return utc;
  if (!['', ZONE, 'America/New_York', 'EST', 'EDT', 'EST5EDT'].includes(zone)) return null;
  return localInstant(utc);
}

/** The instant at which New York's clocks show what UTC's show at another. */
function localInstant(shown: number): number {
  const guess = shown - offsetAt(shown);
  return shown - offsetAt(guess);
}

/** The instant at which the trading day of now began: executions of before are not told of any more. */
export const dayBegan = (now: number): number => instantOf(newYorkDay(now), 0);
