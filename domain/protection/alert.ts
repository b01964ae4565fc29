import { z } from 'zod';
import { decimalString } from '../money';
import { orderSide } from '../order/order';
import { instant } from '../time';

/** What became of the stop that was asked for; `missing`: the venue names none. */
export const STOP_LOSSES = ['rejected', 'canceled', 'expired', 'missing'] as const;
export type StopLost = (typeof STOP_LOSSES)[number];

/** How it ended: the shares are gone, or a stop works for them again. */
export const ALERT_OUTCOMES = ['closed', 'protected'] as const;

/** How a pause for refused keys ended: the broker takes the same keys again, or their owner replaced them. */
export const KEYS_OUTCOMES = ['taken', 'replaced'] as const;

export const ALERT_KINDS = ['unprotected_position', 'keys_refused'] as const;

const every = { id: z.string(), accountId: z.string(), raisedAt: instant, clearedAt: instant.nullable() };

/** A position whose stop does not work, though its order asked for one. */
export const unprotectedAlert = z.object({
  ...every,
  kind: z.literal('unprotected_position'),
  symbol: z.string(),
  orderId: z.string().describe('the bracket, oto or oco that asked for the stop'),
  qty: decimalString.describe('shares without a stop'),
  side: orderSide.describe('the side that closes them'),
  stopPrice: decimalString.nullable().describe('as it was asked for, dollars a share'),
  reason: z.enum(STOP_LOSSES),
  message: z.string().nullable().describe("the venue's words, where it gave any"),
  outcome: z.enum(ALERT_OUTCOMES).nullable(),
});
export type UnprotectedAlert = z.infer<typeof unprotectedAlert>;

/** An account whose keys its broker refuses: it is paused until they are taken again. */
export const keysAlert = z.object({
  ...every,
  kind: z.literal('keys_refused'),
  outcome: z.enum(KEYS_OUTCOMES).nullable(),
});

export const alertSchema = z.discriminatedUnion('kind', [unprotectedAlert, keysAlert]).meta({ id: 'Alert' });
export type Alert = z.infer<typeof alertSchema>;
