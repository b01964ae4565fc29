import type { StreamMessage } from '@/domain/stream';
import { type Connection, retryDelay, SILENCE_MS } from './connection';
import { QuoteStore } from './quote-store';
import { SeenOrders } from './seen-orders';

export type OrderMessage = Extract<StreamMessage, { type: 'order' }>;

type Handlers = {
  onMessage: (id: string, message: StreamMessage) => void;
  onBroken: () => void;
};
/** Opens one subscription and answers how to close it. */
export type Open = (symbols: string[], lastEventId: string | null, handlers: Handlers) => () => void;

const CHECK_MS = 200;

/**
 * The one stream of a tab. Components say which symbols they show (`want`); it holds a single
 * subscription for all of them, notices silence, comes back by itself from the last event id, and
 * hands every order event on exactly once.
 */
export class TabStream {
  readonly quotes = new QuoteStore();
  /** Server time minus this machine's time, in milliseconds. */
  clockOffset = 0;
  private connection: Connection = { phase: 'connecting' };
  private readonly wanted = new Map<string, number>();
  private readonly connectionListeners = new Set<() => void>();
  private readonly orderListeners = new Set<(message: OrderMessage) => void>();
  private readonly seen = new SeenOrders();
  private lastEventId: string | null = null;
  private lastLife = 0;
  private attempt = 0;
  private openSymbols: string | null = null;
  private close: (() => void) | null = null;
  private resubscribe: ReturnType<typeof setTimeout> | undefined;
  private watchdog: ReturnType<typeof setInterval> | undefined;

  private readonly open: Open;

  constructor(open: Open) {
    this.open = open;
  }

  start(): () => void {
    this.reopen();
    this.watchdog = setInterval(() => this.check(), CHECK_MS);
    return () => {
      clearInterval(this.watchdog);
      clearTimeout(this.resubscribe);
      this.drop();
    };
  }

  /** Any byte from the server counts. */
  readonly alive = (): void => {
    this.lastLife = Date.now();
  };

  readonly getConnection = (): Connection => this.connection;

  readonly onConnection = (listener: () => void): (() => void) => {
    this.connectionListeners.add(listener);
    return () => this.connectionListeners.delete(listener);
  };

  onOrder(listener: (message: OrderMessage) => void): () => void {
    this.orderListeners.add(listener);
    return () => this.orderListeners.delete(listener);
  }

  /** Counts in who shows a symbol; answers how to count out. */
  want(symbols: readonly string[]): () => void {
    for (const symbol of symbols) this.wanted.set(symbol, (this.wanted.get(symbol) ?? 0) + 1);
    this.symbolsChanged();
    return () => {
      for (const symbol of symbols) {
        const left = (this.wanted.get(symbol) ?? 1) - 1;
        if (left === 0) this.wanted.delete(symbol);
        else this.wanted.set(symbol, left);
      }
      this.symbolsChanged();
    };
  }

  readonly retryNow = (): void => {
    if (this.connection.phase === 'lost') this.reopen();
  };

  // Panels mount and change together, so their wishes are gathered before the stream is opened anew.
  private symbolsChanged(): void {
    if (this.watchdog === undefined) return;
    clearTimeout(this.resubscribe);
    this.resubscribe = setTimeout(() => {
      if (this.close !== null && this.symbolList().join() !== this.openSymbols) this.reopen();
    }, 50);
  }

  private symbolList(): string[] {
    return [...this.wanted.keys()].sort();
  }

  private reopen(): void {
    this.drop();
    const symbols = this.symbolList();
    this.openSymbols = symbols.join();
    this.lastLife = Date.now();
    let current = true;
    const close = this.open(symbols, this.lastEventId, {
      onMessage: (id, message) => {
        if (current) this.receive(id, message);
      },
      onBroken: () => {
        if (current) this.lose();
      },
    });
    this.close = () => {
      current = false;
      close();
    };
  }

  private drop(): void {
    const close = this.close;
    this.close = null;
    close?.();
  }

  private receive(id: string, message: StreamMessage): void {
    this.alive();
    this.lastEventId = id;
    this.clockOffset = Date.parse(message.at) - this.lastLife;
    if (message.type === 'hello') {
      this.attempt = 0;
      this.set({ phase: 'live', feedUp: true });
    } else if (message.type === 'link') {
      this.set({ phase: 'live', feedUp: message.up });
    } else if (message.type === 'quote') {
      this.quotes.put(message.quote);
    } else if (this.seen.isNew(message.event.seq)) {
      for (const listener of this.orderListeners) listener(message);
    }
  }

  private check(): void {
    const now = Date.now();
    if (this.connection.phase === 'lost') {
      if (now >= this.connection.retryAt && this.close === null) this.reopen();
      // An attempt that stays without an answer has failed too.
      else if (this.close !== null && now - this.lastLife > SILENCE_MS) this.lose();
    } else if (now - this.lastLife > SILENCE_MS) {
      this.lose();
    }
  }

  private lose(): void {
    this.drop();
    this.set({ phase: 'lost', attempt: this.attempt, retryAt: Date.now() + retryDelay(this.attempt) });
    this.attempt += 1;
  }

  private set(connection: Connection): void {
    this.connection = connection;
    for (const listener of this.connectionListeners) listener();
  }
}
