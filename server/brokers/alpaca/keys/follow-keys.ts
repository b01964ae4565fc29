import { streaming } from '@alpacahq/alpaca-trade-api';
import type { KeyGate } from './key-gate';

/** A stream that refuses keys which the account takes is tried again so rarely. */
const AGAIN_MS = 60_000;

type Stream = streaming.TradingStream | streaming.StockDataStream;

/**
 * Connects a stream while the venue takes the keys, and not while it refuses them. The SDK ends a stream for good
 * whose keys were refused, and says so only in words; the account itself is asked then, because it alone decides.
 */
export function followKeys(stream: Stream, keys: KeyGate): { close(): void } {
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  const connect = () => {
    clearTimeout(timer);
    if (!isClosed && !keys.refused && stream.getState() === streaming.STATE.DISCONNECTED) stream.connect();
  };
  const deaf = keys.listen((isTaken) => (isTaken ? connect() : stream.disconnect()));
  stream.on(streaming.EVENT.CLIENT_ERROR, () => {
    // The words come before the end.
    setImmediate(() => {
      if (isClosed || keys.refused || stream.getState() !== streaming.STATE.DISCONNECTED) return;
      timer = setTimeout(connect, AGAIN_MS);
      timer.unref();
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
