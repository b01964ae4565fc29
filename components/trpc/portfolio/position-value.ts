import { type Exact, exact, plain } from '@/domain/money';
import type { Position } from '@/domain/account/position';
import { contractSize } from '@/domain/market/symbols';

/** What a position is worth now; null where no price is known. Amounts in dollars, rounded to the cent. */
export type PositionValue = {
  price: string | null;
  marketValue: string | null;
  unrealizedPl: string | null;
  /** Of cost, as a fraction. */
  unrealizedPlPercent: string | null;
  dayPl: string | null;
};

function cents(value: Exact): string {
  return value.toFixed(2);
}

/** Signed shares that a position moves with: 100 for a contract. */
const sharesOf = ({ qty, symbol }: Position): Exact => exact(qty).times(contractSize(symbol));

/**
 * Values a position at the newest price. The broker's numbers are as of its own price, so the day's
 * P&L moves on from there by quantity times the difference: what was bought or sold today stays counted.
 */
export function valueAt(position: Position, last: string | null): PositionValue {
  const price = last ?? position.currentPrice;
  if (price === null) {
    return { price: null, marketValue: null, unrealizedPl: null, unrealizedPlPercent: null, dayPl: null };
  }
  const value = exact(price).times(sharesOf(position));
  const cost = exact(position.costBasis);
  const gain = value.minus(cost);
  const moved =
    position.currentPrice === null
      ? null
      : exact(price).minus(position.currentPrice).times(sharesOf(position));
  return {
    price,
    marketValue: cents(value),
    unrealizedPl: cents(gain),
    unrealizedPlPercent: cost.isZero() ? null : plain(gain.div(cost.abs()).toDecimalPlaces(6)),
    dayPl: position.dayPl === null || moved === null ? null : cents(exact(position.dayPl).plus(moved)),
  };
}

export type PositionTotals = { marketValue: string; unrealizedPl: string; dayPl: string };

/** Sums of the rounded rows, so that the footer is to the cent what the rows add up to. */
export function totals(values: readonly PositionValue[]): PositionTotals {
  const sum = (pick: (value: PositionValue) => string | null) =>
    cents(values.reduce((total, value) => total.plus(pick(value) ?? '0'), exact('0')));
  return {
    marketValue: sum((value) => value.marketValue),
    unrealizedPl: sum((value) => value.unrealizedPl),
    dayPl: sum((value) => value.dayPl),
  };
}

/** How far the positions have moved since the broker valued them: what to add to its equity. */
export function drift(positions: readonly Position[], lastOf: (symbol: string) => string | null): string {
  const total = positions.reduce((sum, position) => {
    const last = lastOf(position.symbol);
    if (last === null || position.currentPrice === null) return sum;
    return sum.plus(exact(last).minus(position.currentPrice).times(sharesOf(position)));
  }, exact('0'));
  return plain(total);
}
