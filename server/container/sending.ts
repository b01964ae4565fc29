import type { Database } from '@/db/client';
import type { Logger } from '@/server/platform/logger';
import { openOrderQueue, type OrderQueue } from '@/server/platform/redis/order-queue';
import type { EventBus } from '@/server/platform/event-bus';
import type { OrderNotice } from '@/server/services/context';
import type { Kinds } from '@/server/services/orders/sending/claim-order';
import { createOrderDispatch } from '@/server/services/orders/sending/order-dispatch';
import { createOrderSender, type OrderSender } from '@/server/services/orders/sending/order-sender';
import type { SendContext } from '@/server/services/orders/venue/send-order';
import { createNoticePump, type NoticePump } from '@/server/services/streams/notice-pump';

const ALL_KINDS: Kinds = ['simulated', 'alpaca-paper'];

/** The keys of one database's desk in Redis begin with this. */
export const redisPrefix = (desk: string): string => `outcry:${desk}`;

/** How a desk and its workers send together. */
export type SharedSending = {
  queue: OrderQueue;
  pump: NoticePump;
  /** Makes this process send too. */
  join(base: SendContext): { sending: SendContext; sender: OrderSender };
};

type Parts = {
  url: string;
  desk: string;
  database: Database;
  listeners: EventBus<OrderNotice>;
  log: Logger;
};

/** Throws `RedisPolicyError` when the Redis at `url` may evict. */
export async function shareSending({ url, desk, database, listeners, log }: Parts): Promise<SharedSending> {
  const queue = await openOrderQueue({ url, prefix: redisPrefix(desk), log });
  const pump = createNoticePump({ database, listeners, log });
  queue.hear(pump.stir);
  return {
    queue,
    pump,
    join(base) {
      // The desk's own cancels hold its lanes, which is sooner than what Redis says of them.
      const sender = createOrderSender(base, {
        kinds: () => ALL_KINDS,
        isHeld: () => Promise.resolve(false),
      });
      const dispatch = createOrderDispatch({ queue, sender, orderBus: pump.bus });
      return { sending: { ...base, dispatch }, sender };
    },
  };
}

/** From now on the desk takes wake-ups, as its workers do, and finds what had none. */
export function startSending({ queue }: SharedSending, sender: OrderSender): void {
  sender.start();
  queue.consume('orders', ({ accountId }) => sender.wake(accountId));
  queue.consume('simulated-orders', ({ accountId }) => sender.wake(accountId));
}
