import { z } from 'zod';
import { tradedSymbol } from '../market/symbols';
import { decimalInput } from '../money';
import { orderClass, orderSide, orderType, positionIntent, timeInForce } from './order';
import { orderFaults } from './order-rules';

const takeProfit = z.strictObject({ limitPrice: decimalInput });
const stopLoss = z.strictObject({
  stopPrice: decimalInput,
  limitPrice: decimalInput.optional().describe('makes the stop a stop-limit'),
});

const leg = z.strictObject({
  symbol: tradedSymbol,
  side: orderSide,
  ratioQty: decimalInput.describe('contracts for each unit of the order, whole'),
  positionIntent,
});

export const clientOrderIdInput = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[\x21-\x7e]+$/, 'has printable characters without spaces only');

export const idempotencyKeyInput = z
  .string()
  .min(8)
  .max(128)
  // The database's driver reads a text up to its first zero.
  .refine((key) => !key.includes('\0'), 'has no zero character')
  .describe('the same key and body give the same order, however often it is sent');

const shape = z.strictObject({
  accountId: z.string().max(64).optional().describe('the default account when left out'),
  symbol: tradedSymbol.optional().describe('required, but for an mleg order'),
  side: orderSide.optional().describe('required, but for an mleg order'),
  positionIntent: positionIntent.optional().describe('option orders: the venue refuses what does not fit'),
  type: orderType.optional().describe('limit when only a limitPrice is given, else market'),
  timeInForce: timeInForce.default('day'),
  qty: decimalInput.optional().describe('shares, whole contracts, or units of an mleg order'),
  notional: decimalInput.optional().describe('dollars; market day orders only, instead of qty'),
  limitPrice: decimalInput
    .optional()
    .describe('dollars a share; limit and stop_limit orders; of an mleg order the net, below 0 to receive'),
  stopPrice: decimalInput.optional().describe('dollars a share; stop and stop_limit orders'),
  trailPrice: decimalInput.optional().describe('dollars a share; trailing_stop orders'),
  trailPercent: decimalInput.optional().describe('percent of the price; trailing_stop orders'),
  extendedHours: z
    .boolean()
    .default(false)
    .describe('also before the open and after the close; limit orders'),
  orderClass: orderClass.default('simple'),
  legs: z.array(leg).max(16).optional().describe('2 to 4 options of an mleg order'),
  takeProfit: takeProfit.optional().describe('exit of a bracket, oco or oto order'),
  stopLoss: stopLoss.optional().describe('exit of a bracket, oco or oto order'),
  clientOrderId: clientOrderIdInput.optional(),
  idempotencyKey: idempotencyKeyInput.optional(),
});

/**
 * The command to submit an order: one schema for the ticket, tRPC, REST and programs. It refuses what
 * the venue would refuse from the order alone; what needs the account or the market is checked later.
 */
export const submitOrderInput = shape
  .transform(({ type, symbol, side, ...order }, issue) => {
    // A multi-leg order has no symbol of its own, and buys its legs as one.
    const isMultiLeg = order.orderClass === 'mleg';
    const named = { symbol: symbol ?? (isMultiLeg ? '' : null), side: side ?? (isMultiLeg ? 'buy' : null) };
    if (named.symbol === null) issue.addIssue({ code: 'custom', path: ['symbol'], message: 'is required' });
    if (named.side === null)
      issue.addIssue({ code: 'custom', path: ['side'], message: 'is required: buy or sell' });
    if (named.symbol === null || named.side === null) return z.NEVER;
    return {
      ...order,
      symbol: named.symbol,
      side: named.side,
      type: type ?? (order.limitPrice === undefined ? ('market' as const) : ('limit' as const)),
    };
  })
  .superRefine((order, issue) => {
    for (const { field, message } of orderFaults(order)) {
      issue.addIssue({ code: 'custom', path: field.split('.'), message });
    }
  })
  .meta({ id: 'SubmitOrder' });
export type SubmitOrderInput = z.infer<typeof submitOrderInput>;
