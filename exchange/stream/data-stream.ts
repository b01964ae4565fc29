import type { WebSocket } from 'ws';
import { authenticate } from '../venue/accounts';
import type { Venue } from '../venue/venue';
import type { Subscriptions } from './channels';
import { DataClient, type StreamErrorCode } from './data-client';
import { Batch, type Codec, StreamEvent } from './events';
import type { Feed } from './feeds/feed';

/** Ticks older than this at a beat are left out: a pause of the process is not replayed. */
const MOST_CATCH_UP_MS = 600_000;

/** What the plan says of a stream. */
export interface StreamTerms {
  readonly plan: 'free' | 'paid';
  /** Milliseconds by which everything is sent late. */
  readonly delay: number;
}

/** Clients with equal subscriptions, and what a beat has for them. */
interface Group {
  readonly subscriptions: Subscriptions;
  readonly batch: Batch;
  readonly clients: DataClient[];
}

/** One family of data streams (stocks, options, crypto or news): its readers and what they are sent. */
export class DataStream {
  readonly #venue: Venue;
  readonly #feed: Feed;
  readonly #terms: StreamTerms;
  readonly #clients = new Map<WebSocket, DataClient>();
  #told: number;

  constructor(venue: Venue, feed: Feed, terms: StreamTerms) {
    this.#venue = venue;
    this.#feed = feed;
    this.#terms = terms;
    this.#told = venue.clock.now() - terms.delay;
  }

  /** @param paidOnly whether the path is one that the free plan does not have. */
  accept(socket: WebSocket, codec: Codec, paidOnly: boolean): void {
    const client = new DataClient(socket, codec, {
      feed: this.#feed,
      authenticate: (asking, key, secret) => this.#authenticate(asking, { key, secret, paidOnly }),
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
    const now = this.#venue.clock.now() - this.#terms.delay;
    const span = { from: Math.max(this.#told, now - MOST_CATCH_UP_MS), to: now };
    this.#told = now;
    if (span.to <= span.from || this.#clients.size === 0) return;
    const groups = [...this.#groups().values()];
    for (const channel of this.#feed.channels) {
      const readers = groups.filter(({ subscriptions }) => subscriptions.of(channel).size > 0);
      if (readers.length === 0 || this.#feed.isQuiet(channel, span)) continue;
      for (const symbol of this.#symbolsOf(channel, readers)) {
        const events = [...this.#feed.messages(channel, symbol, span)].map((value) => new StreamEvent(value));
        if (events.length === 0) continue;
        for (const { subscriptions, batch } of readers) {
          if (subscriptions.has(channel, symbol)) batch.add(events);
        }
      }
    }
    for (const { clients, batch } of groups) {
      if (!batch.isEmpty) for (const client of clients) client.deliver(batch);
    }
  }

  /** Clients by what they asked for: those who asked for the same get the same frames. */
  #groups(): Map<string, Group> {
    const groups = new Map<string, Group>();
    for (const client of this.#clients.values()) {
      const { subscriptions } = client;
      const group = groups.get(subscriptions.key) ?? { subscriptions, batch: new Batch(), clients: [] };
      groups.set(subscriptions.key, group);
      group.clients.push(client);
    }
    return groups;
  }

  /** The symbols that anyone reads on a channel; all of the stream's where someone asked for `*`. */
  #symbolsOf(channel: Feed['channels'][number], readers: readonly Group[]): Iterable<string> {
    const wanted = new Set(readers.flatMap((reader) => [...reader.subscriptions.of(channel)]));
    return wanted.has('*') ? this.#feed.symbols() : wanted;
  }

  #authenticate(
    client: DataClient,
    sent: { key: string; secret: string; paidOnly: boolean },
  ): StreamErrorCode | null {
    const account = authenticate(this.#venue, sent.key, sent.secret);
    if (account === null) return 402;
    if (this.#terms.plan === 'free') {
      if (sent.paidOnly) return 409;
      const others = [...this.#clients.values()].some((other) => other.accountId === account.id);
      if (others) return 406;
    }
    client.accountId = account.id;
    return null;
  }
}
