import { isTradingDay } from '../clock/calendar';
import { isoDate, newYorkDay } from '../clock/new-york';
import { actionIdOf } from '../market/company/action-name';
import type { PricedEvent } from '../market/company/adjustment';
import { tradingDayFrom } from '../market/company/earnings';
import type { Market } from '../market/market';
import { settleExpired } from '../matching/expiries';
import type { Venue } from '../venue/venue';
import { chargesOn } from './carry';
import { duePayments, earnedOn } from './dividends';
import { assignEarly } from './early-assignment';
import { cancelOrders, heldOrOrdered, takeSplit } from './splits';

/** Something a company does on a day. */
export interface DayEvent {
  readonly actionId: string;
  readonly symbol: string;
  readonly priced: PricedEvent;
}

/** Begins every trading day that has come since the last one. Answers when the next one begins. */
export function openDays(venue: Venue): number {
  const { books, market, clock } = venue;
  let last = books.openedDay;
  if (last === null) {
    // Nothing was booked before this rule was there: it holds from the journal's end on.
    last = lastOpened(market, books.lastSeq === 0 ? clock.now() : books.lastAt);
    const nothing = { paid: [], charges: [], earned: [], splits: [] };
    const effective = market.openingOf(last);
    venue.commit({ type: 'day_opened', day: isoDate(last), effective, ...nothing });
  }
  let next = tradingDayFrom(last + 1);
  for (; market.openingOf(next) <= clock.now(); next = tradingDayFrom(next + 1)) openDay(venue, next);
  return market.openingOf(next);
}

/** The last trading day that had begun by an instant. */
function lastOpened(market: Market, at: number): number {
  let day = newYorkDay(at);
  while (!isTradingDay(day) || market.openingOf(day) > at) day -= 1;
  return day;
}

/**
 * What comes before the record may be done again after a crash: it finds nothing left to do. The record
 * itself is one, so each payment and each split is booked once.
 */
function openDay(venue: Venue, day: number): void {
  const { market, books } = venue;
  const effective = market.openingOf(day);
  settleExpired(venue, effective);
  const events = [...heldOrOrdered(books)].sort().flatMap((symbol) => eventsOn(market, symbol, day));
  const [splits, dividends] = [
    events.filter(({ priced }) => priced.event.kind === 'split'),
    events.filter(({ priced }) => priced.event.kind === 'dividend'),
  ];
  const { carry, earlyAssignment, dividends: pays } = venue.settings.holding;
  const charges = carry ? chargesOn(venue, day, effective) : [];
  if (earlyAssignment) assignEarly(venue, dividends, effective);
  for (const split of splits) cancelOrders(venue, split, effective);
  venue.commit({
    type: 'day_opened',
    day: isoDate(day),
    effective,
    paid: duePayments(books, day),
    charges,
    earned: pays ? dividends.flatMap((one) => earnedOn(books, one)) : [],
    splits: splits.map((split) => takeSplit(venue, split, effective)),
  });
}

function eventsOn(market: Market, symbol: string, day: number): DayEvent[] {
  const today = market.events(symbol, day).filter(({ event }) => event.exDay === day);
  return today.map((priced) => ({ symbol, priced, actionId: actionIdOf(market.seed, symbol, priced.event) }));
}
