import type { WebSocket } from 'ws';
import { z } from 'zod';
import { StreamFaults } from '../control/stream-faults';
import type { Account } from '../ledger/account';
import { authenticate } from '../venue/accounts';
import type { TradeUpdate } from '../venue/trade-updates';
import type { Venue } from '../venue/venue';
import { isOpen, parseJson, SLOW_BYTES } from './socket';

const keys = z.object({ key_id: z.string(), secret_key: z.string() });
const message = z.looseObject({
  action: z.string(),
  key: z.string().optional(),
  secret: z.string().optional(),
  data: z.looseObject({}).optional(),
});
const listenData = z.object({ streams: z.array(z.string()) });
const AUTH_WAIT_MS = 10_000;
/** A stolen stream lives this long. */
const STOLEN_AFTER_MS = 50;

interface Client {
  account: Account | null;
  listening: boolean;
}

/** The account stream at /stream: JSON in binary frames (Alpaca docs: websocket streaming). */
export class TradingStream {
  readonly #venue: Venue;
  readonly #clients = new Map<WebSocket, Client>();
  readonly #stop: () => void;
  readonly #faults: StreamFaults;

  constructor(venue: Venue) {
    this.#venue = venue;
    this.#faults = new StreamFaults(venue, ({ account, update }) => this.#publish(account, update));
    this.#stop = venue.listen((sent) => this.#faults.pass(sent));
  }

  accept(socket: WebSocket): void {
    const client: Client = { account: null, listening: false };
    this.#clients.set(socket, client);
    const timer = setTimeout(() => {
      if (client.account === null) fail(socket, 'authentication timeout');
    }, AUTH_WAIT_MS);
    socket.on('message', (data) => this.#receive(socket, client, parseJson(data)));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      clearTimeout(timer);
      this.#clients.delete(socket);
    });
  }

  /** Cuts every socket, or those of one key. Answers how many there were. */
  drop(keyId?: string): number {
    const meant = [...this.#clients].filter(
      ([, { account }]) => keyId === undefined || account?.keyId === keyId,
    );
    for (const [socket] of meant) socket.terminate();
    return meant.length;
  }

  close(): void {
    this.#stop();
    this.#faults.close();
    this.drop();
  }

  #receive(socket: WebSocket, client: Client, value: unknown): void {
    const parsed = message.safeParse(value);
    if (!parsed.success) {
      fail(socket, 'invalid message');
      return;
    }
    const { action, data, key, secret } = parsed.data;
    if (action === 'authenticate' || action === 'auth') {
      const sent = keys.safeParse(data ?? { key_id: key, secret_key: secret });
      this.#authenticate(socket, client, sent.success ? sent.data : null);
    } else if (action === 'listen') {
      const sent = listenData.safeParse(data);
      if (sent.success) listen(socket, client, sent.data.streams);
      else fail(socket, 'invalid listen message');
    } else {
      fail(socket, `unknown action ${action.slice(0, 40)}`);
    }
  }

  #authenticate(socket: WebSocket, client: Client, sent: z.infer<typeof keys> | null): void {
    const account = sent === null ? null : authenticate(this.#venue, sent.key_id, sent.secret_key);
    client.account = account ?? client.account;
    const status = account === null ? 'unauthorized' : 'authorized';
    send(socket, { stream: 'authorization', data: { status, action: 'authenticate' } });
    if (account !== null && this.#isStolen(account))
      setTimeout(() => socket.close(), STOLEN_AFTER_MS).unref();
  }

  /** Whether another connection of the same keys takes this one's place, as where a key has one stream. */
  #isStolen({ keyId }: Account): boolean {
    const { faults } = this.#venue;
    return faults.strike('stream', { account: keyId }, ({ action }) => action === 'steal') !== null;
  }

  #publish(account: Account, update: TradeUpdate): void {
    let frame: Buffer | null = null;
    for (const [socket, client] of this.#clients) {
      if (client.account?.id !== account.id || !client.listening || !isOpen(socket)) continue;
      if (socket.bufferedAmount > SLOW_BYTES) {
        socket.terminate();
        continue;
      }
      frame ??= Buffer.from(JSON.stringify({ stream: 'trade_updates', data: update }));
      socket.send(frame, { binary: true });
    }
  }
}

function listen(socket: WebSocket, client: Client, streams: readonly string[]): void {
  if (client.account === null) {
    send(socket, { stream: 'authorization', data: { status: 'unauthorized', action: 'listen' } });
    return;
  }
  client.listening = streams.includes('trade_updates');
  send(socket, { stream: 'listening', data: { streams: client.listening ? ['trade_updates'] : [] } });
}

function send(socket: WebSocket, value: unknown): void {
  if (isOpen(socket)) socket.send(Buffer.from(JSON.stringify(value)), { binary: true });
}

function fail(socket: WebSocket, error: string): void {
  send(socket, { action: 'error', data: { error_message: error } });
  socket.close();
}
