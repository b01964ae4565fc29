import { max } from 'drizzle-orm';
import { orderEvents } from '@/db/schema';
import type { Database } from '@/db/client';
import type { EventBus } from '@/server/platform/event-bus';
import type { Logger } from '@/server/platform/logger';
import type { OrderNotice } from '../context';
import { noticesSince, PAGE_MAX } from './order-stream';

const LOOK_MS = 250;

/**
 * Tells this process of what any process wrote about orders: events are read from the database in the order they
 * were committed, so that none is told before one that came earlier, and none is missed.
 */
export type NoticePump = {
  /** Where the verbs publish and streams listen. To publish means to look. */
  readonly bus: EventBus<OrderNotice>;
  /** Something may have been written. */
  stir: () => void;
  start(): Promise<void>;
  stop(): void;
};

type Parts = { database: Pick<Database, 'db'>; listeners: EventBus<OrderNotice>; log: Logger };

export function createNoticePump({ database, listeners, log }: Parts): NoticePump {
  let cursor: number | null = null;
  let isReading = false;
  let again = false;
  let timer: NodeJS.Timeout | undefined;

  async function read(from: number): Promise<void> {
    let since = from;
    for (let isFull = true; isFull; ) {
      const page = await noticesSince(database.db, since);
      for (const { userId, notice } of page) {
        since = notice.event.seq;
        cursor = since;
        listeners.publish(userId, notice);
      }
      isFull = page.length >= PAGE_MAX;
    }
  }

  async function pump(): Promise<void> {
    if (isReading || cursor === null) {
      again = true;
      return;
    }
    isReading = true;
    try {
      do {
        again = false;
        await read(cursor);
      } while (again);
    } catch (error) {
      log.warn({ err: error }, 'order events could not be read');
    } finally {
      isReading = false;
    }
  }

  const stir = () => void pump();
  return {
    bus: { ...listeners, publish: stir },
    stir,
    async start() {
      const [row] = await database.db.select({ seq: max(orderEvents.seq) }).from(orderEvents);
      cursor = row?.seq ?? 0;
      timer = setInterval(stir, LOOK_MS);
      timer.unref();
    },
    stop: () => clearInterval(timer),
  };
}
