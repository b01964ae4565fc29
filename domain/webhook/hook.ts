import { z } from 'zod';
import { instant } from '../time';
import { hookLimits } from './hook-limits';

export const hookName = z.string().trim().min(1).max(64);

/** A way in for alerts: each becomes an order of one account. The secret is shown when it is made, never again. */
export const webhookSchema = z
  .object({
    id: z.string(),
    accountId: z.string(),
    name: z.string(),
    enabled: z.boolean(),
    limits: hookLimits,
    mapping: z.string().nullable().describe('JSON; null when alerts are orders in the REST form'),
    createdAt: instant,
    rotatedAt: instant.nullable().describe('when the secret was last changed'),
    deletedAt: instant.nullable(),
  })
  .meta({ id: 'Webhook' });
export type Webhook = z.infer<typeof webhookSchema>;

export const DELIVERY_VERDICTS = ['order_made', 'repeated', 'refused', 'failed'] as const;

/** One request to a hook and what became of it. */
export const deliverySchema = z
  .object({
    seq: z.number().int(),
    at: instant,
    verdict: z
      .enum(DELIVERY_VERDICTS)
      .describe('failed: nothing was decided, and the same alert may be sent again'),
    status: z.number().int().describe('HTTP status of the answer'),
    reason: z.string().nullable().describe('why it was refused, as a code'),
    message: z.string().nullable(),
    alertId: z.string().nullable(),
    orderId: z.string().nullable(),
    address: z.string().describe('where it came from'),
    requestId: z.string(),
    body: z.string().nullable().describe('its beginning, the token blanked'),
  })
  .meta({ id: 'WebhookDelivery' });
export type Delivery = z.infer<typeof deliverySchema>;
