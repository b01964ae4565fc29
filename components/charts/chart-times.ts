import { TickMarkType, type Time } from 'lightweight-charts';

/** Bars within a day are read by the reader's clock; bars of whole days by the market's calendar. */
export type TimeLook = 'clock' | 'day';

/** Labels of the time axis and the crosshair, in the reader's language. */
export function timeLabels(locale: string, look: TimeLook) {
  // A day's bar stands at midnight in New York, which further west is still the day before.
  const zone = look === 'day' ? { timeZone: 'America/New_York' } : {};
  const date = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { ...options, ...zone });
  const clockParts = { hour: '2-digit', minute: '2-digit', hour12: false } as const;
  const dayParts = { month: 'short', day: 'numeric' } as const;
  const year = date({ year: 'numeric' });
  const month = date({ month: 'short' });
  const day = date(dayParts);
  const clock = date(clockParts);
  const full = date(look === 'day' ? { ...dayParts, year: 'numeric' } : { ...dayParts, ...clockParts });
  // The desk's series are in epoch seconds; the library's other kinds of time do not occur.
  const at = (time: Time) => (typeof time === 'number' ? time * 1000 : Number.NaN);
  return {
    crosshair: (time: Time) => full.format(at(time)),
    tick: (time: Time, type: TickMarkType) => {
      if (type === TickMarkType.Year) return year.format(at(time));
      if (type === TickMarkType.Month) return month.format(at(time));
      if (type === TickMarkType.DayOfMonth || look === 'day') return day.format(at(time));
      return clock.format(at(time));
    },
  };
}
