import { z } from 'zod';
import { decimalString } from '../money';
import { orderSide } from '../order/order';
import { instant } from '../time';

/** What became of the stop that was asked for; `missing`: the venue names none. */
export const STOP_LOSSES = ['rejected', 'canceled', 'expired', 'missing'] as const;
export type StopLost = (typeof STOP_LOSSES)[number];

/** How it ended: the shares are gone, or a stop works for them again. */
export const ALERT_OUTCOMES = ['closed', 'protected'] as const;

/** A position whose stop does not work, though its order asked for one. */
export const alertSchema = z
  .object({
    id: z.string(),
    kind: z.literal('unprotected_position'),
    accountId: z.string(),
    symbol: z.string(),
    orderId: z.string().describe('the bracket, oto or oco that asked for the stop'),
    qty: decimalString.describe('shares without a stop'),
    side: orderSide.describe('the side that closes them'),
    stopPrice: decimalString.nullable().describe('as it was asked for, dollars a share'),
    reason: z.enum(STOP_LOSSES),
    message: z.string().nullable().describe("the venue's words, where it gave any"),
    raisedAt: instant,
    clearedAt: instant.nullable(),
    outcome: z.enum(ALERT_OUTCOMES).nullable(),
  })
  .meta({ id: 'Alert' });
export type Alert = z.infer<typeof alertSchema>;
