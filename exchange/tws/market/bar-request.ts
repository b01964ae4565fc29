import { sessionOf, sessionUntil } from '../../clock/calendar';
import { DAY_MS, dayOf, instantOf, newYorkDay } from '../../clock/new-york';
import type { Span, Timeframe } from '../../market/timeframe';
import type { Venue } from '../../venue/venue';
import { type ContractSpec, readContract } from '../contracts/contract';
import { ERRORS, TwsRefusal } from '../wire/errors';
import type { FieldReader } from '../wire/field-reader';
import { readTime } from '../wire/times';

/** reqHistoricalData, read. */
export interface BarRequest {
  readonly id: number;
  readonly contract: ContractSpec;
  readonly frame: Timeframe;
  readonly span: Span;
  readonly regularHours: boolean;
  /** Prices corrected for splits and dividends. */
  readonly adjusted: boolean;
  /** 1: as text, 2: as seconds since 1970. */
  readonly dates: number;
}

const minutes = (count: number): Timeframe => ({ unit: 'minute', count });
/** IB: valid bar sizes, without those of seconds. */
const FRAMES: Readonly<Record<string, Timeframe>> = {
  '1 min': minutes(1),
  '2 mins': minutes(2),
  '3 mins': minutes(3),
  '5 mins': minutes(5),
  '10 mins': minutes(10),
  '15 mins': minutes(15),
  '20 mins': minutes(20),
  '30 mins': minutes(30),
  '1 hour': minutes(60),
  '2 hours': minutes(120),
  '3 hours': minutes(180),
  '4 hours': minutes(240),
  '8 hours': minutes(480),
  '1 day': { unit: 'day', count: 1 },
  '1 week': { unit: 'week', count: 1 },
  '1 month': { unit: 'month', count: 1 },
};
/** More bars than that are not made for one request. */
const MOST_BARS = 50_000;

/** Reads reqHistoricalData. Throws a `TwsRefusal` for what is not had here. */
export function readBarRequest(venue: Venue, fields: FieldReader): BarRequest {
  const id = fields.int();
  const contract = readContract(fields);
  // Expired contracts.
  fields.skip(1);
  const [endText, size, duration] = [fields.text(), fields.text().trim(), fields.text()];
  const regularHours = fields.flag();
  const show = fields.text().toUpperCase();
  const dates = fields.int();
  const keepsUp = fields.flag();
  if (keepsUp) throw new TwsRefusal(ERRORS.invalid('keepUpToDate is not supported'));
  const frame = FRAMES[size];
  if (frame === undefined) throw new TwsRefusal(ERRORS.invalid(`Invalid bar size: ${size.slice(0, 20)}`));
  if (show !== 'TRADES' && show !== 'ADJUSTED_LAST') {
    throw new TwsRefusal(ERRORS.historyError(`No data of type ${show.slice(0, 20)} is available`));
  }
  const now = venue.clock.now();
  const end = endText === '' ? now : readTime(endText);
  if (end === null) throw new TwsRefusal(ERRORS.invalid('Invalid end date/time'));
  const span = { from: startOf(venue, duration, Math.min(end, now)), to: Math.min(end, now) };
  const width = frame.unit === 'minute' ? frame.count * 60_000 : DAY_MS;
  if ((span.to - span.from) / width > MOST_BARS) {
    throw new TwsRefusal(ERRORS.historyError('Time length exceed max.'));
  }
  return { id, contract, frame, span, regularHours, adjusted: show === 'ADJUSTED_LAST', dates };
}

/** When a stretch of time began: seconds are seconds, days are trading days, the rest goes by the calendar. */
function startOf(venue: Venue, duration: string, end: number): number {
  const match = /^(\d{1,5}) ([SDWMY])$/.exec(duration.trim().toUpperCase());
  const count = Number(match?.[1] ?? 0);
  if (count === 0) throw new TwsRefusal(ERRORS.invalid(`Invalid duration: ${duration.slice(0, 20)}`));
  const day = newYorkDay(end);
  switch (match?.[2]) {
    case 'S':
      return end - count * 1_000;
    case 'D':
      return instantOf(venue.clock.alwaysOpen ? day - count + 1 : sessionsBefore(day, count), 0);
    case 'W':
      return instantOf(day - count * 7, 0);
    default:
      return instantOf(monthsBefore(day, match?.[2] === 'Y' ? count * 12 : count), 0);
  }
}

function sessionsBefore(day: number, count: number): number {
  let at = sessionUntil(day).day;
  for (let left = count - 1; left > 0; left -= 1) at = sessionUntil(at - 1).day;
  return at;
}

function monthsBefore(day: number, count: number): number {
  const date = new Date(day * DAY_MS);
  return dayOf(date.getUTCFullYear(), date.getUTCMonth() + 1 - count, date.getUTCDate());
}

/** Whether an instant lies in the core session of its day. */
export function isRegular(venue: Venue, instant: number): boolean {
  if (venue.clock.alwaysOpen) return true;
  const session = sessionOf(newYorkDay(instant));
  return session !== null && instant >= session.open && instant < session.close;
}
