import type { StreamMessage, WatchInput } from '@/domain/stream';
import type { HubSubscription, QuoteFrame } from '@/server/market-data/quote-hub';
import { ownAccounts } from '../accounts/account-record';
import type { OrderNotice, UserContext } from '../context';
import { ownFeed } from '../market/own-feed';
import type { OrderStream } from './order-stream';

/** Where a stream's messages go. Quotes come as shared frames; the rest is the listener's own. */
export type WatchSink = {
  /** `id` is the cursor after this message; the client sends it back when it reconnects. */
  message(id: string, message: StreamMessage): void;
  /** Resolves when there is room again for a page of the past. */
  ready(): Promise<void>;
  /** False when the sink is full; the hub then folds until `resume`. */
  quotes(frames: readonly QuoteFrame[]): boolean;
};

/**
 * Starts a stream for the actor: `hello` with the cursor, the order events missed since `lastEventId`,
 * the state of the desk's own feed, and from then on everything as it happens.
 */
export async function watchStream(
  ctx: UserContext,
  orders: OrderStream,
  input: WatchInput,
  sink: WatchSink,
): Promise<HubSubscription> {
  const feed = await ownFeed(ctx, input.accountId);
  const { userId } = ctx.actor;
  for (const account of await ownAccounts(ctx)) ctx.watchOrders(account);
  let cursor = '0';
  let isLive = false;
  /** What happened since the last look at the past began; what came before it is in the past by then. */
  let early: OrderNotice[] | null = null;

  const emit = ({ order, event }: OrderNotice) => {
    if (event.seq <= Number(cursor)) return;
    cursor = String(event.seq);
    sink.message(cursor, { type: 'order', at: ctx.clock.iso(), order, event });
  };
  const look = () => {
    early = [];
    return orders.since(userId, cursor);
  };
  // Listening starts before the past is read, so that nothing falls in between.
  const unsubscribe = orders.subscribe(userId, (notice) => {
    if (isLive) emit(notice);
    else early?.push(notice);
  });
  try {
    cursor = resumeFrom(input.lastEventId, await orders.cursor(userId));
    sink.message(cursor, { type: 'hello', at: ctx.clock.iso() });
    for (let missed = await look(); missed.length > 0; missed = await look()) {
      for (const notice of missed) emit(notice);
      // However long a listener takes, nothing piles up for it meanwhile.
      early = null;
      await sink.ready();
    }
    for (const notice of early ?? []) emit(notice);
    isLive = true;
  } catch (error) {
    unsubscribe();
    throw error;
  }

  const quotes = feed.hub.listen({
    symbols: new Set(input.symbols),
    send: (frames) => sink.quotes(frames),
    onLink: (up) => sink.message(cursor, { type: 'link', at: ctx.clock.iso(), up }),
  });
  return {
    resume: () => quotes.resume(),
    close() {
      unsubscribe();
      quotes.close();
    },
  };
}

/** The cursor to go on from: the caller's when it is one of ours, else the newest, and the caller reloads. */
function resumeFrom(lastEventId: string | null | undefined, newest: string): string {
  const isCursor = lastEventId != null && /^\d{1,15}$/.test(lastEventId);
  return isCursor && Number(lastEventId) <= Number(newest) ? lastEventId : newest;
}
