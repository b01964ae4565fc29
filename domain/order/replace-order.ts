import { z } from 'zod';
import type { FieldError } from '../errors';
import { classOf } from '../market/symbols';
import { decimalInput, decimals, exact, plain } from '../money';
import { netPriceFault, priceFault, qtyFault } from './amount-rules';
import { isLeg, type Order, timeInForce } from './order';

const CHANGES = ['qty', 'limitPrice', 'stopPrice', 'trail', 'timeInForce'] as const;

/** The command to change a working order; the venue makes a new order that takes the old one's place, or changes it. */
export const replaceOrderInput = z
  .strictObject({
    id: z.string().min(1).max(64),
    qty: decimalInput.optional().describe('the whole new quantity, what has filled with it'),
    limitPrice: decimalInput.optional().describe('of a multi-leg order the net, below 0 to receive'),
    stopPrice: decimalInput.optional(),
    trail: decimalInput.optional().describe('dollars or percent, as the order trails'),
    timeInForce: timeInForce.optional(),
  })
  .superRefine((change, issue) => {
    const fault = (path: string, message: string | null) => {
      if (message !== null) issue.addIssue({ code: 'custom', path: [path], message });
    };
    if (CHANGES.every((name) => change[name] === undefined))
      fault('qty', `or another of ${CHANGES.join(', ')} is required`);
    if (change.qty !== undefined) fault('qty', qtyFault(change.qty));
    for (const name of ['limitPrice', 'stopPrice', 'trail'] as const) {
      const value = change[name];
      // The net price of a multi-leg order may be received.
      const isNet = name === 'limitPrice' && value !== undefined && exact(value).lte(0);
      if (value !== undefined) fault(name, isNet ? netPriceFault(value) : priceFault(value));
    }
  })
  .meta({ id: 'ReplaceOrder' });
export type ReplaceOrderInput = z.infer<typeof replaceOrderInput>;

/** What of a change an order of its kind does not take, or null. */
export function changeFault(
  order: Pick<Order, 'orderClass' | 'symbol'>,
  { qty, limitPrice, timeInForce: force }: ReplaceOrderInput,
): FieldError | null {
  const isMultiLeg = order.orderClass === 'mleg';
  if (isLeg(order)) return { field: 'id', message: 'is a leg of a multi-leg order; change that order' };
  if (!isMultiLeg && limitPrice !== undefined && exact(limitPrice).lte(0))
    return { field: 'limitPrice', message: 'must be above 0' };
  const netFault = isMultiLeg && limitPrice !== undefined ? netPriceFault(limitPrice) : null;
  if (netFault !== null) return { field: 'limitPrice', message: netFault };
  if (!isMultiLeg && classOf(order.symbol) !== 'us_option') return null;
  if (qty !== undefined && decimals(qty) > 0) return { field: 'qty', message: 'must be whole contracts' };
  return force === undefined || force === 'day'
    ? null
    : { field: 'timeInForce', message: 'of an option order must be day' };
}

type PartlyFilled = Pick<Order, 'orderClass' | 'parentId' | 'symbol' | 'filledQty'>;

/**
 * What of a whole quantity has not filled; null where nothing has, or the order has no quantity. A venue that makes a
 * new order of a change trades all of the new order's quantity, whatever filled of the old one
 * (alpacahq/Alpaca-API#165), so this is what it must be told.
 */
export const restOf = ({ filledQty }: Pick<Order, 'filledQty'>, qty: string | null): string | null =>
  qty === null || exact(filledQty).isZero() ? null : plain(exact(qty).minus(filledQty));

/** Why such a venue cannot be told the rest of a partly filled order, or null. */
export function restFault(order: PartlyFilled, rest: string): FieldError | null {
  if (exact(rest).lte(0))
    return { field: 'qty', message: `must be above the ${order.filledQty} that have filled` };
  const isExit = order.parentId !== null || !['simple', 'mleg'].includes(order.orderClass);
  const isFraction = decimals(rest) > 0 && classOf(order.symbol) !== 'crypto';
  // Alpaca: "qty must be > filled_qty", whole shares, and no new quantity for a group of orders.
  if (!isExit && !isFraction && exact(rest).gt(order.filledQty)) return null;
  const message = `${order.filledQty} have filled, and the venue takes no change for the ${rest} that are left. Cancel the order, and send a new one for them`;
  return { field: 'qty', message };
}
