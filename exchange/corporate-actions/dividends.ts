import { isoDate } from '../clock/new-york';
import { formatMoney, formatQty } from '../decimal/decimal';
import type { DividendEarned } from '../journal/day-opened';
import type { Books } from '../venue/books';
import type { DayEvent } from './open-days';

/** Dividends that are paid by a day. */
export function duePayments(books: Books, day: number): { account_id: string; action_id: string }[] {
  return [...books.accounts.values()].flatMap(({ id, entitlements }) =>
    [...entitlements.values()]
      .filter(({ payDay }) => payDay <= day)
      .map(({ actionId }) => ({ account_id: id, action_id: actionId })),
  );
}

/** Who holds into the ex-date of a dividend is paid it on its pay date; who is short owes it. */
export function earnedOn(books: Books, of: DayEvent): DividendEarned[] {
  const { symbol, actionId } = of;
  const { event, cash } = of.priced;
  if (event.kind !== 'dividend') return [];
  const holders = [...books.accounts.values()].flatMap(({ id, positions }) => {
    const qty = positions.get(symbol)?.qty ?? 0n;
    return qty === 0n ? [] : [{ account_id: id, qty: formatQty(qty) }];
  });
  if (holders.length === 0) return [];
  const rate = formatMoney(BigInt(Math.round(cash * 1_000_000)));
  const [pay_date, special] = [isoDate(event.payDay), event.special ?? false];
  return [{ action_id: actionId, symbol, rate, pay_date, special, holders }];
}
