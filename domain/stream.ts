import { z } from 'zod';
import { orderEventSchema } from './order/event';
import { orderSchema } from './order/order';
import { quoteSchema } from './market/quote';
import { symbolSchema } from './market/symbols';
import { instant } from './time';
import { WATCHLIST_MAX } from './market/watchlist';

/** What a listener asks the one stream of its tab for: symbols to quote; order events come by themselves. */
export const watchInput = z.strictObject({
  accountId: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .describe('whose prices; of the default account when left out'),
  symbols: z
    .array(symbolSchema)
    .max(WATCHLIST_MAX + 10)
    .default([]),
  lastEventId: z.string().max(64).nullish().describe('the last id seen; missed order events are sent again'),
});
export type WatchInput = z.infer<typeof watchInput>;

/**
 * A message of the stream. `at` is the desk's time when it left. `hello` opens every connection and
 * carries the cursor; `link` tells whether the desk's own feed from the venue is up.
 */
export const streamMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), at: instant }),
  z.object({ type: z.literal('quote'), at: instant, quote: quoteSchema }),
  z.object({ type: z.literal('order'), at: instant, order: orderSchema, event: orderEventSchema }),
  z.object({ type: z.literal('link'), at: instant, up: z.boolean() }),
]);
export type StreamMessage = z.infer<typeof streamMessage>;
