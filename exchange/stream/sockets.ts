import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { StreamSwitch } from '../control/routes';
import type { Venue } from '../venue/venue';
import { DataStream } from './data-stream';
import { TradingStream } from './trading-stream';

const MOST_MESSAGE_BYTES = 256 * 1024;

/** All WebSocket paths of the exchange, on the server's port. */
export class Sockets implements StreamSwitch {
  readonly #accept = new WebSocketServer({ noServer: true, maxPayload: MOST_MESSAGE_BYTES });
  readonly #trading: TradingStream;
  readonly #data: DataStream;
  readonly #refusedUntil = { trading: 0, data: 0 };

  constructor(venue: Venue, plan: 'free' | 'paid') {
    this.#trading = new TradingStream(venue);
    this.#data = new DataStream(venue, plan);
  }

  attach(server: Server): void {
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      socket.on('error', () => socket.destroy());
      const path = (request.url ?? '').split('?')[0] ?? '';
      const feed = path === '/v2/iex' ? 'iex' : path === '/v2/sip' ? 'sip' : null;
      const trading = path === '/stream';
      if (!trading && feed === null) return refuse(socket, '404 Not Found');
      if (Date.now() < this.#refusedUntil[trading ? 'trading' : 'data']) {
        return refuse(socket, '503 Service Unavailable');
      }
      const type = request.headers['content-type'] ?? '';
      const codec = type.includes('msgpack') ? 'msgpack' : 'json';
      this.#accept.handleUpgrade(request, socket, head, (opened) => {
        if (feed === null) this.#trading.accept(opened);
        else this.#data.accept(opened, codec, feed);
      });
    });
  }

  /** Sends the market's news to the data stream. */
  beat(): void {
    this.#data.beat();
  }

  drop(stream: 'trading' | 'data' | 'all', refuseForMs: number): number {
    const until = Date.now() + refuseForMs;
    let dropped = 0;
    if (stream !== 'data') {
      this.#refusedUntil.trading = until;
      dropped += this.#trading.drop();
    }
    if (stream !== 'trading') {
      this.#refusedUntil.data = until;
      dropped += this.#data.drop();
    }
    return dropped;
  }

  close(): void {
    this.#trading.close();
    this.#data.drop();
    this.#accept.close();
  }
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
