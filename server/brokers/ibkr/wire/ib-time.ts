/** `20261218 09:30:00 US/Eastern`, the same with a dash and in UTC, or without a zone in that of the gateway's machine. */
const WIRE_TIME = /^(\d{4})(\d{2})(\d{2})(?:[ -]+(\d{2}):(\d{2}):(\d{2}))?(?: +(\S+))?$/;

/**
 * A time of the TWS API as RFC 3339; null when it is none. Without a zone it is the gateway's own, which is taken for
 * this machine's; a dash between day and time says UTC (IBKR Campus, TWS API: formatting date and time).
 */
export function parseIbTime(text: string | undefined): string | null {
  const found = WIRE_TIME.exec(text?.trim() ?? '');
  if (found === null) return null;
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map((part) => Number(part ?? 0));
  const wall = [year ?? 0, (month ?? 1) - 1, day ?? 1, hour ?? 0, minute ?? 0, second ?? 0] as const;
  const isUtc = text?.trim()[8] === '-';
  const zone = found[7];
  if (isUtc || zone !== undefined) return new Date(zoned(Date.UTC(...wall), zone ?? 'UTC')).toISOString();
  return new Date(...wall).toISOString();
}

/** Seconds since 1970, as ticks and bars carry them. */
export function parseEpochSeconds(text: string | number | undefined): string | null {
  const seconds = Number(text ?? Number.NaN);
  return Number.isFinite(seconds) && seconds > 0 ? new Date(seconds * 1_000).toISOString() : null;
}

/** The moment at which clocks in `zone` show what a clock in UTC shows at `wall`; an unknown zone counts as UTC. */
export function zoned(wall: number, zone: string): number {
  const offset = offsetAt(wall, zone);
  return wall - offsetAt(wall - offset, zone);
}

/** The zones that TWS names and the tz database does not, or no longer everywhere. */
const OLD_NAMES: Readonly<Record<string, string>> = {
  EST: 'America/New_York',
  EDT: 'America/New_York',
  'US/Eastern': 'America/New_York',
  'US/Central': 'America/Chicago',
  'US/Pacific': 'America/Los_Angeles',
};

function offsetAt(at: number, zone: string): number {
  const shown = partsIn(at, OLD_NAMES[zone] ?? zone);
  return shown === null ? 0 : shown - Math.floor(at / 1_000) * 1_000;
}

const formats = new Map<string, Intl.DateTimeFormat | null>();

function formatOf(zone: string): Intl.DateTimeFormat | null {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  let made: Intl.DateTimeFormat | null = null;
  try {
    made = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    // Not a zone that this machine knows.
  }
  formats.set(zone, made);
  return made;
}

function partsIn(at: number, zone: string): number | null {
  const format = formatOf(zone);
  if (format === null) return null;
  const part = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const of = (name: Intl.DateTimeFormatPartTypes) => part.get(name) ?? 0;
  return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
}
