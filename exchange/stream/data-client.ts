import { decode } from '@msgpack/msgpack';
import type { RawData, WebSocket } from 'ws';
import { z } from 'zod';
import { CHANNELS, Subscriptions } from './channels';
import { type Batch, type Codec, frameOf, StreamEvent } from './events';
import type { Feed } from './feeds/feed';
import { bytesOf, isOpen, parseJson, SLOW_BYTES } from './socket';

/** Errors of the data stream (Alpaca docs: real-time stock data, errors). */
export const STREAM_ERRORS = {
  400: 'invalid syntax',
  401: 'not authenticated',
  402: 'auth failed',
  403: 'already authenticated',
  404: 'auth timeout',
  405: 'symbol limit exceeded',
  406: 'connection limit exceeded',
  407: 'slow client',
  408: 'v2 not enabled',
  409: 'insufficient subscription',
  410: 'invalid subscribe action for this feed',
  411: 'insufficient scope',
  412: 'option messages are only available in MsgPack format',
  413: 'star subscription is not allowed for option quotes',
} as const;
export type StreamErrorCode = keyof typeof STREAM_ERRORS;

const symbols = z.array(z.string().min(1).max(32)).max(5_000).optional();
const message = z.looseObject({
  action: z.string(),
  key: z.string().optional(),
  secret: z.string().optional(),
  ...Object.fromEntries(CHANNELS.map((channel) => [channel, symbols])),
});
const lists = z.record(z.string(), z.unknown());
const AUTH_WAIT_MS = 10_000;

/** What a client's messages are judged by. */
export interface ClientRules {
  /** Says yes to a key, or the error to answer with. `null` is yes. */
  authenticate(client: DataClient, key: string, secret: string): StreamErrorCode | null;
  readonly feed: Feed;
}

/** One reader of the data stream: its codec, its state of authentication, what it asked for. */
export class DataClient {
  subscriptions: Subscriptions;
  accountId: string | null = null;
  readonly #socket: WebSocket;
  readonly #codec: Codec;
  readonly #rules: ClientRules;
  readonly #timer: NodeJS.Timeout;

  constructor(socket: WebSocket, codec: Codec, rules: ClientRules) {
    this.#socket = socket;
    this.#codec = codec;
    this.#rules = rules;
    this.subscriptions = new Subscriptions(rules.feed.channels);
    const speaks = codec === 'msgpack' || !rules.feed.packedOnly;
    if (speaks) this.#send({ T: 'success', msg: 'connected' });
    this.#timer = setTimeout(() => {
      if (this.accountId === null) this.#fail(404);
    }, AUTH_WAIT_MS);
    socket.on('message', (data) => this.#receive(data));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => clearTimeout(this.#timer));
    if (!speaks) this.#fail(412);
  }

  /** Sends market events; a reader that lets too much pile up is cut off. */
  deliver(batch: Batch): void {
    if (!isOpen(this.#socket)) return;
    if (this.#socket.bufferedAmount > SLOW_BYTES) {
      this.#error(407);
      this.#socket.terminate();
      return;
    }
    for (const frame of batch.frames(this.#codec)) {
      this.#socket.send(frame, { binary: this.#codec === 'msgpack' });
    }
  }

  terminate(): void {
    this.#socket.terminate();
  }

  #receive(data: RawData): void {
    const parsed = message.safeParse(this.#decode(data));
    if (!parsed.success) return this.#error(400);
    const sent = parsed.data;
    if (sent.action === 'auth') return this.#authenticate(sent.key ?? '', sent.secret ?? '');
    if (this.accountId === null) return this.#error(401);
    if (sent.action !== 'subscribe' && sent.action !== 'unsubscribe') return this.#error(400);
    return this.#change(sent.action, lists.parse(sent));
  }

  #authenticate(key: string, secret: string): void {
    if (this.accountId !== null) return this.#error(403);
    const refusal = this.#rules.authenticate(this, key, secret);
    if (refusal !== null) return this.#fail(refusal);
    return this.#send({ T: 'success', msg: 'authenticated' });
  }

  #change(action: 'subscribe' | 'unsubscribe', sent: Record<string, unknown>): void {
    const next = this.subscriptions.copy();
    for (const channel of CHANNELS) {
      const names = symbols.parse(sent[channel]) ?? [];
      if (names.length > 0 && !next.knows(channel)) return this.#error(410);
      if (action === 'subscribe') next.add(channel, names);
      else next.remove(channel, names);
    }
    const refusal = action === 'subscribe' ? this.#rules.feed.refuse(next) : null;
    if (refusal !== null) return this.#error(refusal);
    this.subscriptions = next;
    return this.#send(next.ack());
  }

  #decode(data: RawData): unknown {
    if (this.#codec === 'json') return parseJson(data);
    try {
      return decode(bytesOf(data));
    } catch {
      return undefined;
    }
  }

  #send(value: Readonly<Record<string, unknown>>): void {
    if (isOpen(this.#socket)) this.#socket.send(frameOf([new StreamEvent(value)], this.#codec));
  }

  #error(code: StreamErrorCode): void {
    this.#send({ T: 'error', code, msg: STREAM_ERRORS[code] });
  }

  #fail(code: StreamErrorCode): void {
    this.#error(code);
    this.#socket.close();
  }
}
