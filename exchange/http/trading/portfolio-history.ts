import { isoDate, newYorkDay, DAY_MS, MINUTE_MS, instantOf } from '../../clock/new-york';
import { sessionOf } from '../../clock/calendar';
import type { Account } from '../../ledger/account';
import { equityCurve } from '../../ledger/equity-curve';
import type { Venue } from '../../venue/venue';
import { badRequest } from '../../orders/refusals';
import { type AccountCall, ok, type Reply } from '../call';
import { parseTime } from '../query';
import { cashflowOf, readCashTypes } from './cashflow';

const FRAMES: Readonly<Record<string, number>> = {
  '1Min': MINUTE_MS,
  '5Min': 5 * MINUTE_MS,
  '15Min': 15 * MINUTE_MS,
  '1H': 60 * MINUTE_MS,
  '1D': DAY_MS,
};
const PERIOD_DAYS: Readonly<Record<string, number>> = { D: 1, W: 7, M: 30, A: 365 };
const MOST_POINTS = 5_000;
const MOST_MS = 100 * 365 * DAY_MS;

function periodMs(text: string): number {
  const match = /^(\d{1,3})([DWMA])$/.exec(text);
  const days = PERIOD_DAYS[match?.[2] ?? ''];
  if (match === null || days === undefined) throw badRequest('invalid period');
  return Number(match[1]) * days * DAY_MS;
}

function timeParam(query: URLSearchParams, name: string): number | null {
  const text = query.get(name);
  if (text === null || text === '') return null;
  const instant = parseTime(text);
  if (instant === null) throw badRequest(`invalid ${name}`);
  return instant;
}

/** GET /v2/account/portfolio/history: equity worked out anew from the fills and the prices of then. */
export function getPortfolioHistory({ venue, account, query }: AccountCall): Reply {
  const now = venue.clock.now();
  const [from, to, period] = [timeParam(query, 'start'), timeParam(query, 'end'), query.get('period')];
  if (from !== null && to !== null && period)
    throw badRequest('only two of start, end and period are accepted');
  const length = periodMs(period || '1M');
  const end = Math.min(to ?? (from !== null && period ? from + length : now), now);
  // Prices of times to come are nobody's to know, and a curve of a hundred years is long enough.
  const start = Math.min(Math.max(from ?? end - length, end - MOST_MS), end);
  const frame = query.get('timeframe') || defaultFrame(end - start);
  const step = FRAMES[frame];
  if (step === undefined) throw badRequest('invalid timeframe');
  if (step < DAY_MS && end - start > 31 * DAY_MS)
    throw badRequest('timeframe must be 1D for periods over 30 days');
  const hours = readHours(query, venue.clock.alwaysOpen);
  const points =
    step === DAY_MS ? dailyPoints(start, end, hours) : intradayPoints({ start, end, step, hours });
  const types = readCashTypes(query, account);
  const ends = points.map(({ at }) => at);
  const cashflow = cashflowOf(account, { start, ends, types });
  const daily = step === DAY_MS || (query.get('pnl_reset') ?? 'per_day') !== 'per_day';
  return ok({ ...curveJson(venue, account, { points, start, daily }), timeframe: frame, cashflow });
}

/** The parallel arrays of the answer. Profit is what was gained since the base without what came from outside. */
function curveJson(
  venue: Venue,
  account: Account,
  of: { points: readonly Point[]; start: number; daily: boolean },
): Record<string, unknown> {
  const { points, start, daily } = of;
  const born = (at: number): number => Math.max(at, account.createdAt);
  const bases = points.map((point) => born(daily ? start : venue.dayStart(point.label)));
  const worth = equityCurve(
    account,
    venue.priceAt,
    [...bases, born(start)].sort((a, b) => a - b),
  );
  const baseAt = new Map(worth.map((then) => [then.at, then]));
  const curve = equityCurve(
    account,
    venue.priceAt,
    points.map((point) => born(point.at)),
  );
  const gains = curve.map((then, index) => {
    const base = baseAt.get(bases[index] ?? 0) ?? then;
    return { gain: then.equity - base.equity - (then.funded - base.funded), base: base.equity };
  });
  const dollars = (micros: bigint): number => Number(micros) / 1e6;
  return {
    timestamp: points.map((point) => Math.floor(point.label / 1000)),
    equity: curve.map((then) => dollars(then.equity)),
    profit_loss: gains.map(({ gain }) => dollars(gain)),
    profit_loss_pct: gains.map(({ gain, base }) =>
      base === 0n ? null : Math.round((Number(gain) / Number(base)) * 1e6) / 1e6,
    ),
    base_value: dollars((baseAt.get(born(start)) ?? curve[0])?.equity ?? 0n),
    base_value_asof: isoDate(newYorkDay(start)),
  };
}

type Hours = 'market_hours' | 'extended_hours' | 'continuous';

/** An always-open venue trades around the clock, so its curve runs around the clock. */
function readHours(query: URLSearchParams, alwaysOpen: boolean): Hours {
  const asked =
    query.get('intraday_reporting') || (query.get('extended_hours') === 'true' ? 'extended_hours' : null);
  if (asked === 'extended_hours' || asked === 'continuous') return asked;
  if (asked !== null && asked !== 'market_hours') throw badRequest('invalid intraday_reporting');
  return alwaysOpen ? 'continuous' : 'market_hours';
}

function defaultFrame(length: number): string {
  if (length < 7 * DAY_MS) return '1Min';
  return length < 30 * DAY_MS ? '15Min' : '1D';
}

/** A moment to value the account at, and the time that stands for it (the period's left edge). */
interface Point {
  readonly label: number;
  readonly at: number;
}

function dailyPoints(start: number, end: number, hours: Hours): Point[] {
  const points: Point[] = [];
  for (let day = newYorkDay(start); day <= newYorkDay(end); day += 1) {
    const session = sessionOf(day);
    const close = hours === 'continuous' ? instantOf(day + 1, 0) - 1 : session?.close;
    const open = hours === 'continuous' ? instantOf(day, 0) : (session?.open ?? Infinity);
    if (close !== undefined && open <= end)
      points.push({ label: instantOf(day, 0), at: Math.min(close, end) });
  }
  return points;
}

function intradayPoints(of: { start: number; end: number; step: number; hours: Hours }): Point[] {
  const { start, end, step, hours } = of;
  const points: Point[] = [];
  for (
    let label = Math.ceil(start / step) * step;
    label <= end && points.length < MOST_POINTS;
    label += step
  ) {
    if (isReported(label, hours)) points.push({ label, at: Math.min(label + step, end) });
  }
  return points;
}

function isReported(at: number, hours: Hours): boolean {
  if (hours === 'continuous') return true;
  const session = sessionOf(newYorkDay(at));
  if (session === null) return false;
  const { preOpen, open, close, postClose } = session;
  return hours === 'extended_hours' ? at >= preOpen && at < postClose : at >= open && at < close;
}
