import { zoned } from '../wire/ib-time';

export type Session = { opensAt: number; closesAt: number };

const SPAN = /^(\d{8}):(\d{4})-(?:(\d{8}):)?(\d{4})$/;

/**
 * The sessions in a contract's hours, oldest first: `20261218:0930-20261218:1600;20261219:CLOSED`, the day of the
 * end left out by old gateways, all in the contract's zone.
 */
export function readHours(text: string, zone: string): Session[] {
  return text
    .split(';')
    .flatMap((part): Session[] => {
      const [, opens, from, closes, to] = SPAN.exec(part.trim()) ?? [];
      if (opens === undefined || from === undefined || to === undefined) return [];
      return [{ opensAt: moment(opens, from, zone), closesAt: moment(closes ?? opens, to, zone) }];
    })
    .toSorted((a, b) => a.opensAt - b.opensAt);
}

function moment(day: string, time: string, zone: string): number {
  const [year, month, date] = [day.slice(0, 4), day.slice(4, 6), day.slice(6, 8)].map(Number);
  const wall = Date.UTC(
    year ?? 0,
    (month ?? 1) - 1,
    date ?? 1,
    Number(time.slice(0, 2)),
    Number(time.slice(2)),
  );
  return zoned(wall, zone);
}
