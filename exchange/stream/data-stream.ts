import type { WebSocket } from 'ws';
import { MINUTE_MS } from '../clock/new-york';
import { INSTRUMENTS } from '../market/instruments';
import type { Bar } from '../market/ticks';
import { authenticate } from '../venue/accounts';
import { barJson, quoteJson, tapeOf, tradeJson } from '../http/data/wire';
import type { Venue } from '../venue/venue';
import type { Channel } from './channels';
import { DataClient, type StreamErrorCode } from './data-client';
import { type Codec, StreamEvent, StreamTime } from './events';

/** Alpaca docs: the free plan streams 30 symbols over one connection. */
const FREE_SYMBOLS = 30;
/** Ticks older than this at a beat are left out: a pause of the process is not replayed. */
const MOST_CATCH_UP_MS = 600_000;

/** The market data stream: /v2/iex and /v2/sip. */
export class DataStream {
  readonly #venue: Venue;
  readonly #plan: 'free' | 'paid';
  readonly #clients = new Map<WebSocket, DataClient>();
  #told: number;
  readonly #halted = new Set<string>();

  constructor(venue: Venue, plan: 'free' | 'paid') {
    this.#venue = venue;
    this.#plan = plan;
    this.#told = venue.clock.now();
  }

  accept(socket: WebSocket, codec: Codec, feed: 'iex' | 'sip'): void {
    const free = this.#plan === 'free';
    const client = new DataClient(socket, codec, {
      symbolLimit: free ? FREE_SYMBOLS : null,
      authenticate: (asking, key, secret) => this.#authenticate(asking, { key, secret, feed }),
    });
    this.#clients.set(socket, client);
    socket.on('close', () => this.#clients.delete(socket));
  }

  drop(): number {
    const count = this.#clients.size;
    for (const client of this.#clients.values()) client.terminate();
    return count;
  }

  /** Sends what happened since the last beat to those who asked for it. */
  beat(): void {
    const now = this.#venue.clock.now();
    const from = Math.max(this.#told, now - MOST_CATCH_UP_MS);
    this.#told = now;
    const statuses = this.#statusChanges(now);
    if (now <= from || this.#clients.size === 0) return;
    const batches = new Map<DataClient, StreamEvent[]>();
    for (const symbol of INSTRUMENTS.keys()) this.#collect(symbol, { from, to: now }, batches);
    for (const { symbol, event } of statuses) {
      for (const client of this.#clients.values()) {
        if (client.subscriptions.has('statuses', symbol))
          batches.set(client, [...(batches.get(client) ?? []), event]);
      }
    }
    for (const [client, events] of batches) client.deliver(events);
  }

  #collect(
    symbol: string,
    span: { from: number; to: number },
    batches: Map<DataClient, StreamEvent[]>,
  ): void {
    for (const [channel, list] of SOURCES) {
      const readers = [...this.#clients.values()].filter((client) =>
        client.subscriptions.has(channel, symbol),
      );
      if (readers.length === 0) continue;
      const events = [...list(this.#venue, symbol, span)].map((value) => new StreamEvent(value));
      for (const reader of readers) batches.set(reader, [...(batches.get(reader) ?? []), ...events]);
    }
  }

  /** Symbols that were halted or resumed since the last beat. */
  #statusChanges(now: number): { symbol: string; event: StreamEvent }[] {
    const changes: { symbol: string; event: StreamEvent }[] = [];
    for (const symbol of INSTRUMENTS.keys()) {
      const halted = this.#venue.market.isHalted(symbol, now);
      if (halted === this.#halted.has(symbol)) continue;
      if (halted) this.#halted.add(symbol);
      else this.#halted.delete(symbol);
      changes.push({ symbol, event: new StreamEvent(statusMessage(symbol, halted, now)) });
    }
    return changes;
  }

  #authenticate(
    client: DataClient,
    sent: { key: string; secret: string; feed: 'iex' | 'sip' },
  ): StreamErrorCode | null {
    const account = authenticate(this.#venue, sent.key, sent.secret);
    if (account === null) return 402;
    if (this.#plan === 'free') {
      if (sent.feed === 'sip') return 409;
      const others = [...this.#clients.values()].some((other) => other.accountId === account.id);
      if (others) return 406;
    }
    client.accountId = account.id;
    return null;
  }
}

type Message = Record<string, unknown>;
type Source = (venue: Venue, symbol: string, span: { from: number; to: number }) => Iterable<Message>;

function* minuteBars(
  venue: Venue,
  symbol: string,
  { from, to }: { from: number; to: number },
): Generator<Bar> {
  if (Math.floor(from / MINUTE_MS) === Math.floor(to / MINUTE_MS)) return;
  const span = { from: Math.floor(from / MINUTE_MS) * MINUTE_MS, to: Math.floor(to / MINUTE_MS) * MINUTE_MS };
  yield* venue.market.bars(symbol, { unit: 'minute', count: 1 }, span, to);
}

/** Alpaca docs: trading status codes of tape C. */
const statusMessage = (symbol: string, halted: boolean, at: number): Message => ({
  T: 's',
  S: symbol,
  sc: halted ? 'H' : 'T',
  sm: halted ? 'Trading Halt' : 'Trading Resumption',
  rc: halted ? 'T1' : '',
  rm: halted ? 'Halt News Pending' : '',
  t: new StreamTime(at, true),
  z: 'C',
});

const barMessage = (kind: 'b' | 'd', symbol: string, bar: Bar): Message => ({
  T: kind,
  S: symbol,
  ...barJson(bar),
  t: new StreamTime(bar.start, false),
});

const SOURCES: readonly (readonly [Channel, Source])[] = [
  [
    'trades',
    function* (venue, symbol, span) {
      for (const trade of venue.market.trades(symbol, span)) {
        yield { T: 't', S: symbol, ...tradeJson(trade, tapeOf(symbol)), t: new StreamTime(trade.at, true) };
      }
    },
  ],
  [
    'quotes',
    function* (venue, symbol, span) {
      for (const quote of venue.market.quotes(symbol, span)) {
        yield { T: 'q', S: symbol, ...quoteJson(quote, tapeOf(symbol)), t: new StreamTime(quote.at, true) };
      }
    },
  ],
  [
    'bars',
    function* (venue, symbol, span) {
      for (const bar of minuteBars(venue, symbol, span)) yield barMessage('b', symbol, bar);
    },
  ],
  [
    'dailyBars',
    function* (venue, symbol, span) {
      for (const _ of minuteBars(venue, symbol, span)) {
        const { today } = venue.market.dailyBars(symbol, span.to);
        if (today !== null) yield barMessage('d', symbol, today);
        return;
      }
    },
  ],
];
