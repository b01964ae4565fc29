import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { StreamSwitch } from '../control/routes';
import type { Venue } from '../venue/venue';
import { DataStream } from './data-stream';
import { CryptoFeed } from './feeds/crypto-feed';
import { NewsFeed } from './feeds/news-feed';
import { OptionFeed } from './feeds/option-feed';
import { StockFeed } from './feeds/stock-feed';
import { TradingStream } from './trading-stream';

const MOST_MESSAGE_BYTES = 256 * 1024;

/** All WebSocket paths of the exchange, on the server's port. */
export class Sockets implements StreamSwitch {
  readonly #accept = new WebSocketServer({ noServer: true, maxPayload: MOST_MESSAGE_BYTES });
  readonly #trading: TradingStream;
  readonly #data: ReadonlyMap<string, DataPath>;
  readonly #refusedUntil = { trading: 0, data: 0 };

  constructor(venue: Venue, plan: 'free' | 'paid') {
    this.#trading = new TradingStream(venue);
    this.#data = dataPaths(venue, plan);
  }

  attach(server: Server): void {
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      socket.on('error', () => socket.destroy());
      const path = (request.url ?? '').split('?')[0] ?? '';
      const data = this.#data.get(path);
      const trading = path === '/stream';
      if (!trading && data === undefined) return refuse(socket, '404 Not Found');
      if (Date.now() < this.#refusedUntil[trading ? 'trading' : 'data']) {
        return refuse(socket, '503 Service Unavailable');
      }
      const type = request.headers['content-type'] ?? '';
      const codec = type.includes('msgpack') ? 'msgpack' : 'json';
      this.#accept.handleUpgrade(request, socket, head, (opened) => {
        if (data === undefined) this.#trading.accept(opened);
        else data.stream.accept(opened, codec, data.paidOnly);
      });
    });
  }

  /** Sends what the market did to the data streams. */
  beat(): void {
    for (const stream of this.#streams()) stream.beat();
  }

  #streams(): Set<DataStream> {
    return new Set([...this.#data.values()].map(({ stream }) => stream));
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
      for (const stream of this.#streams()) dropped += stream.drop();
    }
    return dropped;
  }

  dropKey(keyId: string): number {
    return this.#trading.drop(keyId);
  }

  close(): void {
    this.#trading.close();
    for (const stream of this.#streams()) stream.drop();
    this.#accept.close();
  }
}

interface DataPath {
  readonly stream: DataStream;
  /** Whether the free plan does not have it (Alpaca docs: market data plans). */
  readonly paidOnly: boolean;
}

/** The data streams by path. Paths of one family share their limit of connections. */
function dataPaths(venue: Venue, plan: 'free' | 'paid'): ReadonlyMap<string, DataPath> {
  const { market, clock } = venue;
  const now = { plan, delay: 0 };
  const stocks = new DataStream(venue, new StockFeed(market, plan), now);
  const delayed = new DataStream(venue, new StockFeed(market, plan), { plan, delay: 15 * 60_000 });
  const options = new DataStream(venue, new OptionFeed(market, plan, () => clock.now()), now);
  const crypto = new DataStream(venue, new CryptoFeed(market, (symbol) => venue.orderBook(symbol)), now);
  const news = new DataStream(venue, new NewsFeed(market), now);
  return new Map([
    ['/v2/iex', { stream: stocks, paidOnly: false }],
    ['/v2/sip', { stream: stocks, paidOnly: true }],
    ['/v2/delayed_sip', { stream: delayed, paidOnly: false }],
    ['/v1beta1/indicative', { stream: options, paidOnly: false }],
    ['/v1beta1/opra', { stream: options, paidOnly: true }],
    ...['us', 'us-1', 'us-2', 'eu-1', 'bs-1'].map((location): [string, DataPath] => [
      `/v1beta3/crypto/${location}`,
      { stream: crypto, paidOnly: false },
    ]),
    ['/v1beta1/news', { stream: news, paidOnly: false }],
  ]);
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
