import { classOf, contractSize } from '../market/symbols';
import { type Exact, exact } from '../money';
import type { RiskFacts, RiskOrder } from './facts';
import { maxLoss } from './max-loss';

type Prices = Pick<RiskFacts, 'bid' | 'ask' | 'last'>;

export const isOptionOrder = ({ legs, symbol }: RiskOrder): boolean =>
  legs !== undefined || classOf(symbol) === 'us_option';

/** Shares in one unit of the order. */
const sizeOf = (order: RiskOrder): number => (order.legs === undefined ? contractSize(order.symbol) : 100);

/** The price an order is reckoned at: its own, or the side of the market it would meet. */
export function priceOf(order: RiskOrder, { bid, ask, last }: Prices): Exact | null {
  const own = order.limitPrice ?? order.stopPrice;
  const met = (order.side === 'buy' ? ask : bid) ?? last;
  const price = own ?? met;
  return price === null ? null : exact(price);
}

/** Shares, or contracts: of a multi-leg order those of all its legs. */
export function qtyOf(order: RiskOrder, facts: Prices): Exact | null {
  const { qty, legs, notional } = order;
  if (qty !== undefined && legs !== undefined)
    return legs.reduce((sum, { ratioQty }) => sum.plus(exact(ratioQty).times(qty)), exact(0));
  if (qty !== undefined) return exact(qty);
  const price = priceOf(order, facts);
  return price === null || notional === undefined ? null : exact(notional).div(price);
}

/** What an order is worth, dollars: of a multi-leg order the most it can lose, where that can be told. */
export function notionalOf(order: RiskOrder, facts: Prices): Exact | null {
  if (order.notional !== undefined) return exact(order.notional);
  const price = priceOf(order, facts);
  if (price === null || order.qty === undefined) return null;
  const each = order.legs === undefined ? price : (maxLoss(order.legs, price) ?? price.abs());
  return each.times(order.qty).times(sizeOf(order));
}

/** Shares or contracts held after the order fills, signed; null when it cannot be told. */
function heldAfter(order: RiskOrder, facts: RiskFacts): Exact | null {
  const qty = qtyOf(order, facts);
  if (qty === null || facts.heldQty === undefined || order.legs !== undefined) return null;
  return order.side === 'buy' ? exact(facts.heldQty).plus(qty) : exact(facts.heldQty).minus(qty);
}

/** What is held of the order's symbol after it fills, dollars; a multi-leg order is a position of its own. */
export function positionAfter(order: RiskOrder, facts: RiskFacts): Exact | null {
  if (order.legs !== undefined) return notionalOf(order, facts);
  const after = heldAfter(order, facts);
  const price = priceOf(order, facts);
  return after === null || price === null ? null : after.abs().times(price).times(sizeOf(order));
}

const reduces = (before: Exact, after: Exact): boolean =>
  !before.isZero() && after.abs().lt(before.abs()) && (after.isZero() || after.s === before.s);

/** An order that only makes positions smaller is never what limits are against. */
export function onlyReduces(order: RiskOrder, facts: RiskFacts): boolean {
  const { legs, qty } = order;
  if (legs === undefined) {
    const after = heldAfter(order, facts);
    return after !== null && reduces(exact(facts.heldQty ?? '0'), after);
  }
  return legs.every(({ symbol, side, ratioQty }) => {
    const before = exact(facts.heldLegs?.get(symbol) ?? '0');
    const change = exact(ratioQty).times(qty ?? '0');
    return reduces(before, side === 'buy' ? before.plus(change) : before.minus(change));
  });
}
