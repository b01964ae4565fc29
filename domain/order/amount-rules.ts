import { decimals, exact } from '../money';

const MAX_QTY = '1000000000';
const MAX_NOTIONAL = '1000000000';

/** The finest price step: a cent from $1, a hundredth of a cent below (SEC rule 612; Alpaca docs). */
export function priceDecimals(price: string): number {
  return exact(price).gte(1) ? 2 : 4;
}

/** What is wrong with a price, or null. */
export function priceFault(price: string): string | null {
  if (exact(price).lte(0)) return 'must be above 0';
  const allowed = priceDecimals(price);
  if (decimals(price) > allowed) {
    return `${price} is finer than the ${allowed === 2 ? 'cent' : 'hundredth of a cent'} the venue quotes in; use at most ${allowed} decimals`;
  }
  return null;
}

/** What is wrong with a net price of several options, or null: it may be paid, received or nothing. */
export const netPriceFault = (price: string): string | null =>
  decimals(price) > 2 ? 'of an mleg order has at most 2 decimals' : null;

/** What is wrong with a quantity of shares, or null. Fractions have at most nine decimals (Alpaca docs). */
export function qtyFault(qty: string): string | null {
  if (exact(qty).lte(0)) return 'must be above 0';
  if (decimals(qty) > 9) return 'has at most 9 decimals';
  if (exact(qty).gt(MAX_QTY)) return `must not be above ${MAX_QTY}`;
  return null;
}

/** What is wrong with an amount of dollars to trade, or null. */
export function notionalFault(notional: string): string | null {
  if (exact(notional).lt(1)) return 'must be at least 1 dollar';
  if (decimals(notional) > 2) return 'has at most 2 decimals';
  if (exact(notional).gt(MAX_NOTIONAL)) return `must not be above ${MAX_NOTIONAL}`;
  return null;
}
