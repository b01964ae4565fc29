import { z } from 'zod';
import { decimalInput } from '../money';
import { priceFault, qtyFault } from './amount-rules';
import { timeInForce } from './order';

const CHANGES = ['qty', 'limitPrice', 'stopPrice', 'trail', 'timeInForce'] as const;

/** The command to change a working order; the venue makes a new order that takes the old one's place. */
export const replaceOrderInput = z
  .strictObject({
    id: z.string().min(1).max(64),
    qty: decimalInput.optional().describe('the whole new quantity, shares'),
    limitPrice: decimalInput.optional(),
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
      if (value !== undefined) fault(name, priceFault(value));
    }
  })
  .meta({ id: 'ReplaceOrder' });
export type ReplaceOrderInput = z.infer<typeof replaceOrderInput>;
