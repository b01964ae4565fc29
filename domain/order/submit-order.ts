import { z } from 'zod';
import { symbolSchema } from '../market/symbols';
import { decimalInput } from '../money';
import { orderClass, orderSide, orderType, timeInForce } from './order';
import { orderFaults } from './order-rules';

const takeProfit = z.strictObject({ limitPrice: decimalInput });
const stopLoss = z.strictObject({
  stopPrice: decimalInput,
  limitPrice: decimalInput.optional().describe('makes the stop a stop-limit'),
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
  .describe('the same key and body give the same order, however often it is sent');

const shape = z.strictObject({
  accountId: z.string().max(64).optional().describe('the default account when left out'),
  symbol: symbolSchema,
  side: orderSide,
  type: orderType.optional().describe('limit when only a limitPrice is given, else market'),
  timeInForce: timeInForce.default('day'),
  qty: decimalInput.optional().describe('shares'),
  notional: decimalInput.optional().describe('dollars; market day orders only, instead of qty'),
  limitPrice: decimalInput.optional().describe('dollars a share; limit and stop_limit orders'),
  stopPrice: decimalInput.optional().describe('dollars a share; stop and stop_limit orders'),
  trailPrice: decimalInput.optional().describe('dollars a share; trailing_stop orders'),
  trailPercent: decimalInput.optional().describe('percent of the price; trailing_stop orders'),
  extendedHours: z
    .boolean()
    .default(false)
    .describe('also before the open and after the close; limit orders'),
  orderClass: orderClass.default('simple'),
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
  .transform(({ type, ...order }) => ({
    ...order,
    type: type ?? (order.limitPrice === undefined ? ('market' as const) : ('limit' as const)),
  }))
  .superRefine((order, issue) => {
    for (const { field, message } of orderFaults(order)) {
      issue.addIssue({ code: 'custom', path: field.split('.'), message });
    }
  })
  .meta({ id: 'SubmitOrder' });
export type SubmitOrderInput = z.infer<typeof submitOrderInput>;
