import { streaming } from '@alpacahq/alpaca-trade-api';
import type { KeyGate } from './key-gate';

/** A stream that refuses keys which the account takes is tried again so rarely. */
const AGAIN_MS = 60_000;
/** One that ends sooner than that after it was let in was most likely taken by another connection of the same keys. */
const STEADY_MS = 10_000;
/** How long it is left alone then: the double after each such end, up to the most. */
const [FIRST_REST_MS, MOST_REST_MS] = [1_000, 10_000];

type Stream = streaming.TradingStream | streaming.StockDataStream;

/**
 * Keeps a stream connected while the venue takes the keys, and not while it refuses them. The SDK ends a stream for good
 * whose keys were refused, and says so only in words; the account itself is asked then, because it alone decides. And
 * the SDK opens a stream that was let in and closed twice a second for ever: two clients of the same keys, of which the
 * venue lets one listen, would take it from each other so. Such a stream rests longer each time.
 */
export function keepOpen(stream: Stream, keys: KeyGate): { close(): void } {
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  let isResting = false;
  let letInAt: number | null = null;
  let shortLives = 0;

  const connect = () => {
    clearTimeout(timer);
    isResting = false;
    if (!isClosed && !keys.refused && stream.getState() === streaming.STATE.DISCONNECTED) stream.connect();
  };
  const connectIn = (milliseconds: number) => {
    clearTimeout(timer);
    timer = setTimeout(connect, milliseconds);
    timer.unref();
  };
  const deaf = keys.listen((isTaken) => (isTaken ? connect() : stream.disconnect()));

  stream.on(streaming.EVENT.STATE_CHANGE, (state: streaming.STATE) => {
    if (state === streaming.STATE.AUTHENTICATED) letInAt = performance.now();
    if (state !== streaming.STATE.WAITING_TO_RECONNECT || letInAt === null) return;
    const isShort = performance.now() - letInAt < STEADY_MS;
    letInAt = null;
    shortLives = isShort ? shortLives + 1 : 0;
    // One may be cut at any time, and the SDK is back after half a second.
    if (shortLives < 2) return;
    isResting = true;
    stream.disconnect();
    connectIn(Math.min(FIRST_REST_MS * 2 ** (shortLives - 2), MOST_REST_MS));
  });
  stream.on(streaming.EVENT.CLIENT_ERROR, () => {
    // The words come before the end.
    setImmediate(() => {
      if (isClosed || isResting || keys.refused) return;
      if (stream.getState() !== streaming.STATE.DISCONNECTED) return;
      connectIn(AGAIN_MS);
      void keys.ask();
    });
  });
  if (!keys.refused) stream.connect();
  return {
    close() {
      isClosed = true;
      clearTimeout(timer);
      deaf();
      stream.disconnect();
    },
  };
}
