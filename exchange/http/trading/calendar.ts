import { type Session, sessionFrom, sessionOf } from '../../clock/calendar';
import { isoDate, newYorkDay, newYorkSeconds, newYorkTimestamp } from '../../clock/new-york';
import { calendarPhase, nextClose, nextOpen, type Phase } from '../../clock/venue-clock';
import { badRequest, notFound } from '../../orders/refusals';
import { type AccountCall, ok, param, type Reply } from '../call';
import { listOf, parseTime } from '../query';

const MARKETS: Readonly<Record<string, Record<string, string>>> = {
  NYSE: { acronym: 'NYSE', mic: 'XNYS', name: 'New York Stock Exchange', timezone: 'America/New_York' },
  NASDAQ: { acronym: 'NASDAQ', mic: 'XNAS', name: 'Nasdaq', timezone: 'America/New_York' },
};

function dayParam(call: AccountCall, name: string, fallback: number): number {
  const text = call.query.get(name);
  if (text === null || text === '') return fallback;
  // Clients send a date, or a date's UTC midnight in full: the date that is written counts.
  const date = Date.parse(`${text.slice(0, 10)}T00:00:00Z`);
  if (parseTime(text) === null || Number.isNaN(date)) throw badRequest(`invalid ${name}`);
  return Math.floor(date / 86_400_000);
}

/** Settlement, a few days later, must still be a date of four digits. */
const LAST_DAY = Math.floor(Date.UTC(9999, 11, 20) / 86_400_000);

function* sessionsBetween(from: number, to: number): Generator<Session> {
  for (let day = from; day <= Math.min(to, LAST_DAY); day += 1) {
    const session = sessionOf(day);
    if (session !== null) yield session;
  }
}

const settlement = (session: Session): string => isoDate(sessionFrom(session.day + 1).day);

/** GET /v2/calendar: trading days only, both ends included. */
export function getCalendar(call: AccountCall): Reply {
  const today = newYorkDay(call.venue.clock.now());
  const from = dayParam(call, 'start', today);
  const to = Math.min(dayParam(call, 'end', from + 365), from + 20_000);
  const days = [...sessionsBetween(from, to)].map((session) => ({
    date: isoDate(session.day),
    open: '09:30',
    close: session.early ? '13:00' : '16:00',
    session_open: '0400',
    session_close: session.early ? '1700' : '2000',
    settlement_date: settlement(session),
  }));
  return ok(days);
}

/** GET /v3/calendar/{market}. */
export function getMarketCalendar(call: AccountCall): Reply {
  const market = MARKETS[param(call, 'market').toUpperCase()];
  if (market === undefined) throw notFound(`market not found for ${param(call, 'market')}`);
  const today = newYorkDay(call.venue.clock.now());
  const from = dayParam(call, 'start', today);
  const to = Math.min(dayParam(call, 'end', from + 7), from + 20_000);
  const write = call.query.get('timezone') === 'UTC' ? utcSeconds : newYorkSeconds;
  const calendar = [...sessionsBetween(from, to)].map((session) => ({
    date: isoDate(session.day),
    core_start: write(session.open),
    core_end: write(session.close),
    pre_start: write(session.preOpen),
    pre_end: write(session.open),
    post_start: write(session.close),
    post_end: write(session.postClose),
    settlement_date: settlement(session),
  }));
  return ok({ market, calendar });
}

const utcSeconds = (instant: number): string => `${new Date(instant).toISOString().slice(0, 19)}Z`;

/** GET /v2/clock. */
export function getClock({ venue }: AccountCall): Reply {
  const now = venue.clock.now();
  return ok({
    timestamp: newYorkTimestamp(now),
    is_open: venue.isTrading({ symbol: '', extendedHours: false }),
    next_open: newYorkSeconds(nextOpen(now)),
    next_close: newYorkSeconds(nextClose(now)),
  });
}

/** GET /v3/clock. */
export function getMarketClocks(call: AccountCall): Reply {
  const asked = call.query.get('time');
  const now = asked === null ? call.venue.clock.now() : parseTime(asked);
  if (now === null) throw badRequest('invalid time');
  const names = listOf(call.query, 'markets').map((name) => name.toUpperCase());
  const clocks = (names.length > 0 ? names : Object.keys(MARKETS)).flatMap((name) => {
    const market = MARKETS[name];
    if (market === undefined) return [];
    const phase: Phase = call.venue.clock.alwaysOpen ? 'core' : calendarPhase(now);
    return [
      {
        market,
        timestamp: newYorkTimestamp(now),
        is_market_day: call.venue.clock.alwaysOpen || sessionOf(newYorkDay(now)) !== null,
        next_market_open: newYorkSeconds(nextOpen(now)),
        next_market_close: newYorkSeconds(nextClose(now)),
        phase,
        phase_until: newYorkSeconds(phaseEnd(now, phase)),
      },
    ];
  });
  return ok({ clocks });
}

function phaseEnd(now: number, phase: Phase): number {
  const session = sessionFrom(newYorkDay(now));
  if (phase === 'pre') return session.open;
  if (phase === 'core') return nextClose(now);
  if (phase === 'post') return session.postClose;
  return session.preOpen > now ? session.preOpen : sessionFrom(session.day + 1).preOpen;
}
