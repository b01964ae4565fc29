import { tracked, type TrackedEnvelope } from '@trpc/server';
import { z } from 'zod';
import { type StreamMessage, watchInput } from '@/domain/stream';
import type { UserContext } from '@/server/services/context';
import { iterateStream } from '@/server/services/streams/iterate-stream';
import type { OrderStream } from '@/server/services/streams/order-stream';
import { authedProcedure, router } from '@/server/trpc/init';

/** Messages under the cursor a client resumes from; each is a `StreamMessage` (domain/stream). */
const trackedMessages = z.custom<AsyncIterable<TrackedEnvelope<StreamMessage>>>(
  (value) => typeof value === 'object' && value !== null && Symbol.asyncIterator in value,
);

async function* messages(
  services: UserContext,
  orders: OrderStream,
  input: z.infer<typeof watchInput>,
  signal: AbortSignal | undefined,
) {
  for await (const { id, message } of iterateStream(services, orders, input, signal))
    yield tracked(id, message);
}

export const streamRouter = router({
  /**
   * Quotes of the named symbols and the caller's own order events, in one subscription. The front door
   * answers it from the hub without passing here; this is the portable form of the same.
   */
  watch: authedProcedure
    .meta({ summary: 'Stream quotes and your order events', limit: 'general' })
    .input(watchInput)
    .output(trackedMessages)
    .subscription(({ ctx, input, signal }) => messages(ctx.services, ctx.orderStream, input, signal)),
});
