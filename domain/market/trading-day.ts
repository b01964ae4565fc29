const NEW_YORK = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'America/New_York',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  timeZoneName: 'longOffset',
});

const HOUR_MS = 3_600_000;
let newest = { hour: Number.NaN, start: Number.NaN };

/** Midnight in New York before `epochMs`, in epoch milliseconds: where the venue's day begins. */
export function tradingDayStart(epochMs: number): number {
  // New York is whole hours from UTC, so all of an hour has one answer; every order asks.
  const hour = Math.floor(epochMs / HOUR_MS);
  if (newest.hour !== hour) newest = { hour, start: startOf(epochMs) };
  return newest.start;
}

function startOf(epochMs: number): number {
  const parts = Object.fromEntries(NEW_YORK.formatToParts(epochMs).map(({ type, value }) => [type, value]));
  const offset = (parts['timeZoneName'] ?? 'GMT-05:00').replace('GMT', '');
  return Date.parse(`${parts['year']}-${parts['month']}-${parts['day']}T00:00:00${offset}`);
}
