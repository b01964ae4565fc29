import type { ServerResponse } from 'node:http';
import { watchInput } from '@/domain/stream';
import type { Authenticated } from '@/server/auth/authenticator';
import type { Container } from '@/server/container';
import type { HubSubscription } from '@/server/market-data/quote-hub';
import { watchStream, type WatchSink } from '@/server/services/streams/watch-stream';
import { createContext } from '@/server/trpc/create-context';
import { STREAM_INACTIVITY_MS, STREAM_PING_MS } from '@/server/trpc/init';
import { identify } from '../edge';
import type { Visit } from '../respond';

export const STREAM_PATH = 'stream.watch';
const STREAMS_PER_USER = 5;
/** A listener that leaves this much unread is gone or hopeless; it reconnects and resumes by its cursor. */
const MAX_UNREAD_BYTES = 1024 * 1024;

const CONNECTED = Buffer.from(
  `event: connected\ndata: ${JSON.stringify({ reconnectAfterInactivityMs: STREAM_INACTIVITY_MS })}\n\n`,
);
const PING = Buffer.from('event: ping\ndata: \n\n');

type Open = { visit: Visit; userId: string; close(): void };

/**
 * Serves `stream.watch` from the hub in the wire format of the library's subscription link: each quote is
 * serialised once for all listeners (the library's own producer costs 531 µs a delivery at 1,000
 * listeners). Only the first message carries an id field where a quote has none: an EventSource keeps the
 * last id it saw, so every message reaches the client with the cursor to resume from.
 */
export function createStreamMount(desk: Container) {
  const open = new Set<Open>();

  const timer = setInterval(() => {
    for (const stream of open) {
      keepAlive(stream).catch((error: unknown) =>
        desk.log.error({ err: error }, 'a stream could not be kept alive'),
      );
    }
  }, STREAM_PING_MS);
  timer.unref();

  /** A stream lives no longer than the session that opened it. */
  async function keepAlive(stream: Open): Promise<void> {
    const { req, res } = stream.visit;
    const who = await identify(desk, req);
    // It may have been closed while the session was looked up, and a write after the end is an error.
    if (!open.has(stream)) return;
    if (who === null) {
      stream.close();
      return;
    }
    if (res.writableLength > MAX_UNREAD_BYTES) res.destroy();
    else res.write(PING);
  }

  async function serve(visit: Visit, who: Authenticated | null): Promise<boolean> {
    const input = readInput(visit);
    // Refusals are for the stock adapter: it sends them as the client expects errors of a subscription.
    if (who === null || input === null || visit.req.method !== 'GET') return false;
    const { userId } = who.actor;
    const { services } = createContext(desk, visit.requestId, who);
    const context = { ...services, actor: who.actor };
    begin(visit.res);
    let watch: HubSubscription;
    try {
      watch = await watchStream(context, desk.orderStream, input, sinkOf(visit.res));
    } catch (error) {
      // The head has left already; the client comes back and tries again.
      desk.log.error({ err: error, requestId: visit.requestId }, 'a stream could not start');
      visit.res.end();
      return true;
    }
    const stream: Open = {
      visit,
      userId,
      close() {
        open.delete(stream);
        watch.close();
        visit.res.end();
      },
    };
    open.add(stream);
    const mine = [...open].filter((other) => other.userId === userId);
    for (const oldest of mine.slice(0, -STREAMS_PER_USER)) oldest.close();
    visit.res.on('drain', () => watch.resume());
    visit.res.on('close', () => stream.close());
    if (visit.res.destroyed) stream.close();
    return true;
  }

  return {
    serve,
    close() {
      clearInterval(timer);
      for (const stream of open) stream.close();
    },
  };
}

function begin(res: ServerResponse): void {
  res.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
    connection: 'keep-alive',
    vary: 'trpc-accept, accept',
  });
  res.write(CONNECTED);
}

function sinkOf(res: ServerResponse): WatchSink {
  return {
    message(id, message) {
      res.write(`data: ${JSON.stringify(message)}\nid: ${id}\n\n`);
    },
    ready: () =>
      new Promise((resolve) => {
        if (!res.writableNeedDrain || res.destroyed) return resolve();
        res.once('drain', resolve);
        res.once('close', resolve);
      }),
    quotes(frames) {
      res.cork();
      let room = true;
      for (const { bytes } of frames) room = res.write(bytes);
      res.uncork();
      return room;
    },
  };
}

function readInput(visit: Visit) {
  const params = new URLSearchParams(visit.query);
  const lastEventId =
    visit.req.headers['last-event-id'] ?? params.get('lastEventId') ?? params.get('Last-Event-Id');
  try {
    const given: unknown = JSON.parse(params.get('input') ?? '{}');
    const asked = typeof given === 'object' && given !== null ? given : {};
    const parsed = watchInput.safeParse(lastEventId === null ? asked : { ...asked, lastEventId });
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
