import { isoDate, newYorkDay, DAY_MS, MINUTE_MS, instantOf } from '../../clock/new-york';
import { sessionOf } from '../../clock/calendar';
import { equityAt } from '../../ledger/valuation';
import { badRequest } from '../../orders/refusals';
import { type AccountCall, ok, type Reply } from '../call';
import { parseTime } from '../query';

const FRAMES: Readonly<Record<string, number>> = {
  '1Min': MINUTE_MS,
  '5Min': 5 * MINUTE_MS,
  '15Min': 15 * MINUTE_MS,
  '1H': 60 * MINUTE_MS,
  '1D': DAY_MS,
};
const PERIOD_DAYS: Readonly<Record<string, number>> = { D: 1, W: 7, M: 30, A: 365 };
const MOST_POINTS = 5_000;

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
  const start = from ?? end - length;
  const frame = query.get('timeframe') || defaultFrame(end - start);
  const step = FRAMES[frame];
  if (step === undefined) throw badRequest('invalid timeframe');
  if (step < DAY_MS && end - start > 31 * DAY_MS)
    throw badRequest('timeframe must be 1D for periods over 30 days');
  const points = step === DAY_MS ? dailyPoints(start, end) : intradayPoints(start, end, step);
  const base = Number(account.initialCash) / 1e6;
  const equity = points.map((point) =>
    point.at < account.createdAt ? base : Number(equityAt(account, venue.priceAt, point.at)) / 1e6,
  );
  return ok({
    timestamp: points.map((point) => Math.floor(point.label / 1000)),
    equity,
    profit_loss: equity.map((value) => Math.round((value - base) * 1e6) / 1e6),
    profit_loss_pct: equity.map((value) => (base === 0 ? null : Math.round((value / base - 1) * 1e6) / 1e6)),
    base_value: base,
    base_value_asof: isoDate(newYorkDay(start)),
    timeframe: frame,
    cashflow: {},
  });
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

function dailyPoints(start: number, end: number): Point[] {
  const points: Point[] = [];
  for (let day = newYorkDay(start); day <= newYorkDay(end); day += 1) {
    const session = sessionOf(day);
    if (session !== null && session.open <= end)
      points.push({ label: instantOf(day, 0), at: Math.min(session.close, end) });
  }
  return points;
}

function intradayPoints(start: number, end: number, step: number): Point[] {
  const points: Point[] = [];
  for (
    let label = Math.ceil(start / step) * step;
    label <= end && points.length < MOST_POINTS;
    label += step
  ) {
    const session = sessionOf(newYorkDay(label));
    if (session !== null && label >= session.open && label < session.close) {
      points.push({ label, at: Math.min(label + step, end) });
    }
  }
  return points;
}
