import { type ClientRequest, request } from 'node:http';
import type { Headers } from './http-caller';

export type ServerSentEvent = { event: string; id: string | null; data: string };

/** A stream as it comes over the wire, without a client that reconnects. */
export type EventStream = {
  readonly status: number;
  readonly events: readonly ServerSentEvent[];
  /** Resolves when the server ends the stream or the connection breaks. */
  readonly ended: Promise<void>;
  isOpen(): boolean;
  close(): void;
};

function parse(block: string): ServerSentEvent {
  const found: ServerSentEvent = { event: 'message', id: null, data: '' };
  for (const line of block.split('\n')) {
    const at = line.indexOf(': ');
    const value = line.slice(at + 2);
    if (line.startsWith('event: ')) found.event = value;
    else if (line.startsWith('id: ')) found.id = value;
    else if (line.startsWith('data: ')) found.data += value;
  }
  return found;
}

/** Opens a stream; resolves with the head of the answer. */
export function openEventStream(url: string, headers: Headers): Promise<EventStream> {
  return new Promise((resolve, reject) => {
    const call: ClientRequest = request(url, { headers, agent: false }, (res) => {
      const events: ServerSentEvent[] = [];
      let rest = '';
      let open = true;
      const ended = new Promise<void>((end) => {
        res.once('close', () => {
          open = false;
          end();
        });
      });
      res.on('error', () => {});
      res.on('data', (chunk: Buffer) => {
        const blocks = (rest + chunk.toString('utf8')).split('\n\n');
        rest = blocks.pop() ?? '';
        events.push(...blocks.map(parse));
      });
      resolve({
        status: res.statusCode ?? 0,
        events,
        ended,
        isOpen: () => open,
        close: () => call.destroy(),
      });
    });
    call.on('error', reject);
    call.end();
  });
}
