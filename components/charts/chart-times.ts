import { TickMarkType, type Time } from 'lightweight-charts';

/** Labels of the time axis and the crosshair, in the reader's language and zone. */
export function timeLabels(locale: string) {
  const date = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options);
  const year = date({ year: 'numeric' });
  const month = date({ month: 'short' });
  const day = date({ month: 'short', day: 'numeric' });
  const clock = date({ hour: '2-digit', minute: '2-digit', hour12: false });
  const full = date({ month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hour12: false });
  // The desk's series are in epoch seconds; the library's other kinds of time do not occur.
  const at = (time: Time) => (typeof time === 'number' ? time * 1000 : Number.NaN);
  return {
    crosshair: (time: Time) => full.format(at(time)),
    tick: (time: Time, type: TickMarkType) => {
      if (type === TickMarkType.Year) return year.format(at(time));
      if (type === TickMarkType.Month) return month.format(at(time));
      if (type === TickMarkType.DayOfMonth) return day.format(at(time));
      return clock.format(at(time));
    },
  };
}
