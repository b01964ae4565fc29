import type { StreamMessage, WatchInput } from '@/domain/stream';
import type { UserContext } from '../context';
import type { OrderStream } from './order-stream';
import { watchStream } from './watch-stream';

type Item = { id: string; message: StreamMessage };

/** Beyond this many waiting messages the quotes are folded instead of queued. */
const QUEUE_MAX = 256;

/** The stream as an async iterable, for mounts that cannot take ready-made frames. Ends with `signal`. */
export async function* iterateStream(
  ctx: UserContext,
  orders: OrderStream,
  input: WatchInput,
  signal: AbortSignal | undefined,
): AsyncGenerator<Item, void> {
  const queue: Item[] = [];
  let wake = () => {};
  let cursor = '0';
  const push = (item: Item) => {
    queue.push(item);
    wake();
  };
  const watch = await watchStream(ctx, orders, input, {
    message(id, message) {
      cursor = id;
      push({ id, message });
    },
    ready: () => Promise.resolve(),
    quotes(frames) {
      for (const { quote } of frames)
        push({ id: cursor, message: { type: 'quote', at: ctx.clock.iso(), quote } });
      return queue.length < QUEUE_MAX;
    },
  });
  const onAbort = () => wake();
  signal?.addEventListener('abort', onAbort);
  try {
    while (signal?.aborted !== true) {
      const next = queue.shift();
      if (next !== undefined) {
        yield next;
        continue;
      }
      watch.resume();
      if (queue.length > 0) continue;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    signal?.removeEventListener('abort', onAbort);
    watch.close();
  }
}
