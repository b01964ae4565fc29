import { absolute, divideRounded, formatMoney, ONE_SHARE, valueOf } from '../decimal/decimal';
import type { Charge } from '../journal/day-opened';
import { tradingDayBefore } from '../market/company/company-calendar';
import { findInstrument, type Instrument } from '../market/instruments';
import type { Venue } from '../venue/venue';

/** Shares are lent in round lots. */
const ROUND_LOT = 100n * ONE_SHARE;
/** Rates are a year's, in hundredths of a percent, on 360 days (Alpaca docs: margin and short selling). */
const YEAR = 360n * 10_000n;
/** What money costs. Believable, not Alpaca's of any day. */
const MARGIN_RATE = 625n;
const HARD_TO_BORROW_RATE = 2_500n;

/**
 * What borrowing a share costs: 0.3 to 3 % for what is easy to borrow, more for what swings more. Alpaca's
 * own rates are not published share by share.
 */
export function borrowRateOf({
  shortable,
  volatility,
}: Pick<Instrument, 'shortable' | 'volatility'>): bigint {
  if (!shortable) return HARD_TO_BORROW_RATE;
  return BigInt(Math.min(300, Math.max(30, Math.round(volatility * 6_000))));
}

/** What the nights since the last trading day cost those who were short, or owed money, all through them. */
export function chargesOn(venue: Venue, day: number, effective: number): Charge[] {
  const nights = BigInt(day - tradingDayBefore(day));
  const charges: Charge[] = [];
  const add = (of: Omit<Charge, 'amount'>, owed: bigint, rate: bigint): void => {
    const amount = divideRounded(owed * rate * nights, YEAR);
    if (amount > 0n) charges.push({ ...of, amount: formatMoney(amount) });
  };
  for (const { id, cash, positions } of venue.books.accounts.values()) {
    for (const { symbol, qty } of positions.values()) {
      const instrument = findInstrument(symbol);
      if (qty >= 0n || instrument === undefined) continue;
      const lots = (absolute(qty) + ROUND_LOT - 1n) / ROUND_LOT;
      const value = valueOf(lots * ROUND_LOT, venue.priceAt(symbol, effective - 1) ?? 0n);
      add({ account_id: id, kind: 'borrow', symbol }, value, borrowRateOf(instrument));
    }
    add({ account_id: id, kind: 'interest', symbol: null }, -cash, MARGIN_RATE);
  }
  return charges;
}
