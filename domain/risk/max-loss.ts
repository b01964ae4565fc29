import { readOption } from '../market/option-contract';
import { type Exact, exact } from '../money';
import { isCovered } from '../order/multi-leg-rules';
import type { OrderLeg } from '../order/order';

type Part = { kind: 'call' | 'put'; strike: Exact; ratio: Exact };

/**
 * The most that a multi-leg order can lose at expiry, dollars a share of a unit, by the universal spread rule: what is
 * paid for it less the least its options can be worth together. Options that expire before the last one sold count
 * for nothing. Null when a leg closes a position, or when the loss has no bound.
 * @param net what a unit costs a share; below 0 it is received
 */
export function maxLoss(legs: readonly OrderLeg[], net: Exact): Exact | null {
  if (legs.some(({ positionIntent }) => positionIntent.endsWith('_to_close')) || !isCovered(legs))
    return null;
  const parts = partsOf(legs);
  if (parts === null) return null;
  const prices = [exact(0), ...parts.map(({ strike }) => strike)];
  const worths = prices.map((price) => parts.reduce((sum, part) => sum.plus(worthAt(part, price)), exact(0)));
  const least = worths.reduce((a, b) => (a.lt(b) ? a : b));
  const loss = net.minus(least);
  return loss.isNegative() ? exact(0) : loss;
}

function partsOf(legs: readonly OrderLeg[]): Part[] | null {
  const named = legs.map((leg) => ({ ...leg, option: readOption(leg.symbol) }));
  const sold = named.filter(({ side }) => side === 'sell').map(({ option }) => option?.expiresOn ?? '');
  const last = sold.reduce((a, b) => (a > b ? a : b), '');
  if (named.some(({ option }) => option === null)) return null;
  return named.flatMap(({ option, side, ratioQty }): Part[] => {
    if (option === null || (side === 'buy' && option.expiresOn < last)) return [];
    const ratio = side === 'buy' ? exact(ratioQty) : exact(ratioQty).neg();
    return [{ kind: option.kind, strike: exact(option.strike), ratio }];
  });
}

/** What a part is worth at expiry when the underlying stands at `price`. */
function worthAt({ kind, strike, ratio }: Part, price: Exact): Exact {
  const inTheMoney = kind === 'call' ? price.minus(strike) : strike.minus(price);
  return inTheMoney.isNegative() ? exact(0) : inTheMoney.times(ratio);
}
