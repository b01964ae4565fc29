import { z } from 'zod';
import { decimalInput, decimals, exact } from '../money';
import { symbolSchema } from '../market/symbols';
import { orderSide } from './order';

const MAX_QTY = '1000000000';

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

/** What is wrong with a quantity of shares, or null. Fractions have at most nine decimals (Alpaca docs). */
export function qtyFault(qty: string): string | null {
  if (exact(qty).lte(0)) return 'must be above 0';
  if (decimals(qty) > 9) return 'has at most 9 decimals';
  if (exact(qty).gt(MAX_QTY)) return `must not be above ${MAX_QTY}`;
  return null;
}

const shape = z.strictObject({
  accountId: z.string().max(64).optional().describe('the default account when left out'),
  symbol: symbolSchema,
  side: orderSide,
  type: z.enum(['market', 'limit']).optional().describe('limit when a limitPrice is given, else market'),
  timeInForce: z.enum(['day', 'gtc']).default('day'),
  qty: decimalInput.optional().describe('shares'),
  notional: decimalInput.optional().describe('dollars; market day orders only, instead of qty'),
  limitPrice: decimalInput.optional().describe('dollars a share; limit orders only'),
  clientOrderId: z
    .string()
    .min(1)
    .max(128)
    .regex(/^[\x21-\x7e]+$/, 'has printable characters without spaces only')
    .optional(),
  idempotencyKey: z
    .string()
    .min(8)
    .max(128)
    .optional()
    .describe('the same key and body give the same order, however often it is sent'),
});

/**
 * The command to submit an order: one schema for the ticket, tRPC, REST and programs. It refuses what
 * the venue would refuse from the order alone; what needs the account or the market is checked later.
 */
export const submitOrderInput = shape
  .transform(({ type, ...order }) => ({
    ...order,
    type: type ?? (order.limitPrice === undefined ? 'market' : 'limit'),
  }))
  .superRefine((order, issue) => {
    const fault = (path: keyof typeof order, message: string | null) => {
      if (message !== null) issue.addIssue({ code: 'custom', path: [path], message });
    };
    if ((order.qty === undefined) === (order.notional === undefined)) {
      fault('qty', order.qty === undefined ? 'is required (or notional)' : 'and notional exclude each other');
    }
    if (order.qty !== undefined) fault('qty', qtyFault(order.qty));
    if (order.notional !== undefined) fault('notional', notionalFault(order.notional, order));
    if (order.type === 'limit') {
      fault(
        'limitPrice',
        order.limitPrice === undefined ? 'is required for a limit order' : priceFault(order.limitPrice),
      );
    } else if (order.limitPrice !== undefined) {
      fault('limitPrice', 'belongs to limit orders only');
    }
    if (order.qty !== undefined && decimals(order.qty) > 0 && order.timeInForce !== 'day') {
      fault('timeInForce', 'must be day for a fraction of a share');
    }
  })
  .meta({ id: 'SubmitOrder' });
export type SubmitOrderInput = z.infer<typeof submitOrderInput>;

function notionalFault(notional: string, order: { type: string; timeInForce: string }): string | null {
  if (exact(notional).lt(1)) return 'must be at least 1 dollar';
  if (decimals(notional) > 2) return 'has at most 2 decimals';
  if (exact(notional).gt('1000000000')) return 'must not be above 1000000000';
  if (order.type !== 'market' || order.timeInForce !== 'day') return 'belongs to market day orders only';
  return null;
}
