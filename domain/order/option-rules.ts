import type { FieldError } from '../errors';
import { decimals } from '../money';
import type { OrderSide, PositionIntent } from './order';
import type { OrderTerms } from './order-rules';

/** What is wrong with an intent beside its side, or null. */
export function intentFault(intent: PositionIntent | undefined, side: OrderSide): string | null {
  return intent === undefined || intent.startsWith(side) ? null : `does not go with side ${side}`;
}

/** What the venue takes of no option order, one option or several (Alpaca docs: options trading). */
export function contractFaults(order: OrderTerms): FieldError[] {
  const { type, timeInForce, qty, notional, extendedHours, orderClass } = order;
  const isClass = orderClass === 'simple' || orderClass === 'mleg';
  const rules: readonly (readonly [field: string, isBroken: boolean, message: string])[] = [
    ['type', type !== 'market' && type !== 'limit', 'of an option order must be market or limit'],
    ['timeInForce', timeInForce !== 'day', 'of an option order must be day'],
    ['notional', notional !== undefined, 'does not belong to an option order; give qty, in whole contracts'],
    ['qty', qty !== undefined && decimals(qty) > 0, 'must be whole contracts'],
    ['extendedHours', extendedHours, 'does not belong to an option order'],
    ['orderClass', !isClass, 'of an option order must be simple or mleg'],
  ];
  return rules.flatMap(([field, isBroken, message]) => (isBroken ? [{ field, message }] : []));
}
