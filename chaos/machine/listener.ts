import { type IncomingMessage, request } from 'node:http';
import { z } from 'zod';
import type { ChaosDesk } from '../desk';

const order = z.looseObject({ type: z.literal('order'), event: z.looseObject({ seq: z.number() }) });

/** A browser's stream, as far as it matters here: the order events that came, and the cursor to come back with. */
export type Listener = {
  /** Sequence numbers in the order they came, over all connections. */
  readonly heard: readonly number[];
  readonly isOpen: boolean;
  /** Connects, again with the cursor unless it is thrown away. */
  open(withCursor?: boolean): Promise<void>;
  /** Stops and goes on reading; what is not read waits at the desk. */
  pause(): void;
  resume(): void;
  /** Vanishes without a word. */
  vanish(): void;
};

export function createListener(desk: ChaosDesk, authorization: string): Listener {
  const heard: number[] = [];
  let cursor: string | null = null;
  let open: IncomingMessage | null = null;

  /** An event is whole when its empty line has come; a cursor counts from then on. */
  function take(text: string): void {
    for (const line of text.split('\n')) {
      if (line.startsWith('id: ')) cursor = line.slice(4);
      if (!line.startsWith('data: {')) continue;
      const message = order.safeParse(JSON.parse(line.slice(6)));
      if (message.success) heard.push(message.data.event.seq);
    }
  }

  return {
    heard,
    get isOpen() {
      return open !== null;
    },
    open(withCursor = true) {
      const last = withCursor && cursor !== null ? `&lastEventId=${cursor}` : '';
      const input = encodeURIComponent(JSON.stringify({ symbols: ['SPY', 'AAPL'] }));
      return new Promise((resolve, reject) => {
        const asked = request(`${desk.url}/api/trpc/stream.watch?input=${input}${last}`, {
          headers: { authorization, accept: 'text/event-stream' },
          agent: false,
        });
        asked.on('error', reject);
        asked.on('response', (response) => {
          if (response.statusCode !== 200)
            return reject(new Error(`the stream answered ${response.statusCode}`));
          open = response;
          let rest = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => {
            const parts = (rest + chunk).split('\n\n');
            rest = parts.pop() ?? '';
            for (const part of parts) take(part);
            // Without its first cursor a listener could not say where it was.
            if (cursor !== null) resolve();
          });
          response.on('error', () => undefined);
          response.on('close', () => {
            if (open === response) open = null;
          });
        });
        asked.end();
      });
    },
    pause: () => void open?.pause(),
    resume: () => void open?.resume(),
    vanish() {
      open?.destroy();
      open = null;
    },
  };
}
