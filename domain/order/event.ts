import { z } from 'zod';
import { instant } from '../time';
import { fillSchema } from './order';
import { orderStatus } from './status';

/** What happened to an order, in the past tense; append-only. */
export const ORDER_EVENT_TYPES = [
  'received',
  'sent',
  'denied',
  'doubted',
  'acknowledged',
  'status_changed',
  'filled',
  'cancel_requested',
  'unprotected',
  'protection_settled',
] as const;
export const orderEventType = z.enum(ORDER_EVENT_TYPES).meta({ id: 'OrderEventType' });
export type OrderEventType = z.infer<typeof orderEventType>;

export const orderEventSchema = z
  .object({
    seq: z.number().int().positive().describe('grows by time over the whole desk'),
    orderId: z.string(),
    type: orderEventType,
    status: orderStatus,
    fill: fillSchema.nullable(),
    message: z.string().nullable(),
    at: instant,
  })
  .meta({ id: 'OrderEvent' });
export type OrderEvent = z.infer<typeof orderEventSchema>;
