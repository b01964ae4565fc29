'use client';

import { useLocale } from 'next-intl';

function texts(at: string, locale: string): { own: string; eastern: string } {
  const moment = new Date(at);
  const isToday = moment.toDateString() === new Date().toDateString();
  const clock = { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false } as const;
  const day = { month: 'short', day: 'numeric' } as const;
  const own = new Intl.DateTimeFormat(locale, { ...(isToday ? {} : day), ...clock });
  const eastern = new Intl.DateTimeFormat(locale, { ...day, ...clock, timeZone: 'America/New_York' });
  return { own: own.format(moment), eastern: eastern.format(moment) };
}

/** A moment in the reader's zone; New York's time, by which the venue lives, on hover. */
export function Moment({ at }: { at: string }) {
  const { own, eastern } = texts(at, useLocale());
  return (
    // Above the row's own target, or the pointer would never reach the title.
    <time dateTime={at} title={`${eastern} ET`} className="relative z-1">
      {own}
    </time>
  );
}
