import { z } from 'zod';
import { isTradingDay } from '../clock/calendar';
import { dayFrom, isoDate, newYorkDay } from '../clock/new-york';
import { formatMoney, parseMoney } from '../decimal/decimal';
import type { Call, Reply } from '../http/call';
import type { Announcement } from '../journal/day-opened';
import { actionIdOf, actionTypeOf } from '../market/company/action-name';
import { eventOf } from '../market/company/announced';
import { tradingDayFrom } from '../market/company/earnings';
import { findInstrument } from '../market/instruments';
import { badRequest, notFound, Refusal, unprocessable } from '../orders/refusals';
import type { Venue } from '../venue/venue';
import { readControl } from './read-control';

const decimal = z.union([z.string(), z.number()]);
const rate = z.number().int().min(1).max(1_000);
const common = { symbol: z.string(), ex_date: z.string() };
const body = z.discriminatedUnion('type', [
  z.strictObject({ ...common, type: z.literal('forward_split'), new_rate: rate, old_rate: rate.default(1) }),
  z.strictObject({ ...common, type: z.literal('reverse_split'), new_rate: rate.default(1), old_rate: rate }),
  z.strictObject({
    ...common,
    type: z.literal('cash_dividend'),
    rate: decimal,
    payable_date: z.string().optional(),
    special: z.boolean().default(false),
  }),
]);
type Wish = z.infer<typeof body>;

/** Days from the ex-date to the pay date when none is given. */
const USUAL_WAIT = 14;
const MOST_DAYS_AHEAD = 366;
/** A dividend may take at most this part of the price. */
const HALF = 2n;
const LEAST_RATE = 10_000n;

/** POST /control/corporate-actions: a company announces today what it will do. */
export function postCorporateAction({ venue, body: sent }: Call): Reply {
  const wish = readControl(body, sent);
  const instrument = findInstrument(wish.symbol);
  if (instrument === undefined) throw notFound(`symbol not found: ${wish.symbol}`);
  const { symbol } = instrument;
  if (venue.market.isReplayed(symbol)) {
    throw unprocessable(`${symbol} is played from a recording, which has no corporate actions`);
  }
  const today = newYorkDay(venue.clock.now());
  const exDay = dateOf(wish.ex_date, 'ex_date');
  if (exDay <= today) throw badRequest('ex_date must be after today');
  if (exDay > today + MOST_DAYS_AHEAD) throw badRequest('ex_date must be within a year');
  const action =
    wish.type === 'cash_dividend'
      ? dividendOf(venue, { ...wish, symbol }, { today, exDay })
      : splitOf(wish, { today, exDay });
  const event = eventOf(action);
  const present = venue.market.events(symbol, exDay);
  if (present.some((one) => one.event.exDay === exDay && one.event.kind === event.kind)) {
    throw new Refusal(409, 40910000, `${symbol} has a ${event.kind} on ${wish.ex_date} already`);
  }
  venue.commit({ type: 'action_announced', symbol, action });
  const id = actionIdOf(venue.market.seed, symbol, event);
  return { status: 201, body: { id, symbol, ...action, type: actionTypeOf(event) } };
}

function dateOf(text: string, name: string): number {
  const day = dayFrom(text);
  if (Number.isNaN(day)) throw badRequest(`${name} must be a date, YYYY-MM-DD`);
  if (!isTradingDay(day)) throw badRequest(`${name} must be a trading day of the NYSE`);
  return day;
}

type Days = Readonly<{ today: number; exDay: number }>;

function splitOf(wish: Exclude<Wish, { type: 'cash_dividend' }>, { today, exDay }: Days): Announcement {
  const { type, new_rate, old_rate } = wish;
  if (type === 'forward_split' ? new_rate <= old_rate : new_rate >= old_rate) {
    const order = type === 'forward_split' ? 'above' : 'below';
    throw badRequest(`new_rate must be ${order} old_rate in a ${type}`);
  }
  return { type: 'split', declaration_date: isoDate(today), ex_date: isoDate(exDay), new_rate, old_rate };
}

function dividendOf(
  venue: Venue,
  wish: Extract<Wish, { type: 'cash_dividend' }>,
  { today, exDay }: Days,
): Announcement {
  const rate = parseMoney(String(wish.rate));
  if (rate === null || rate < LEAST_RATE) throw badRequest('rate must be a decimal of at least 0.01');
  const { last } = venue.touch(wish.symbol);
  if (rate * HALF > last) {
    throw badRequest(`rate must be at most half the price (${formatMoney(last)})`);
  }
  const payDay =
    wish.payable_date === undefined
      ? tradingDayFrom(exDay + USUAL_WAIT)
      : dateOf(wish.payable_date, 'payable_date');
  if (payDay < exDay) throw badRequest('payable_date must not be before ex_date');
  return {
    type: 'cash_dividend',
    declaration_date: isoDate(today),
    ex_date: isoDate(exDay),
    payable_date: isoDate(payDay),
    rate: formatMoney(rate),
    special: wish.special,
  };
}
