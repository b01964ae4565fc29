import type { Quote } from '@/domain/market/quote';
import type { DataStream, MarketDataClient, QuoteChange } from '@/server/brokers/ports';
import type { Clock } from '@/server/platform/clock';

/** Changes of one symbol go out at most this often; what comes between is folded into the newest. */
const FLUSH_MS = 50;
/** A symbol nobody watches stays subscribed this long after it was last asked for. */
const LINGER_MS = 120_000;
/** Without a live stream a fetched quote serves this long. */
const FETCHED_FRESH_MS = 1_000;
/** A watched symbol that the plan does not stream is fetched this often. */
const POLL_MS = 2_000;

/** A quote with the bytes every listener is sent. */
export type QuoteFrame = { quote: Quote; bytes: Buffer };

export type HubListener = {
  symbols: ReadonlySet<string>;
  /** Takes the frames of one flush; false when the listener cannot take more until `resume`. */
  send(frames: readonly QuoteFrame[]): boolean;
  onLink(up: boolean): void;
};

export type HubSubscription = {
  /** The listener can take frames again. */
  resume(): void;
  close(): void;
};

export type QuoteHub = {
  readonly linkUp: boolean;
  /** The newest quote when it is live or was just fetched; undefined when it must be asked for. */
  peek(symbol: string): Quote | undefined;
  /** Newest quotes; a symbol the feed does not know is null. */
  latest(symbols: readonly string[]): Promise<Map<string, Quote | null>>;
  listen(listener: HubListener): HubSubscription;
  close(): void;
};

type Entry = {
  symbol: string;
  quote: Quote | null;
  fetchedAt: number;
  askedAt: number;
  fetching: Promise<void> | null;
  frame: QuoteFrame | null;
  dirty: boolean;
  /** The stream carries it; what it does not carry is fetched. */
  streamed: boolean;
  listeners: Set<Member>;
};
type Member = { listener: HubListener; pending: Set<string>; blocked: boolean };

type Options = { client: MarketDataClient; clock: Clock; frameOf: (quote: Quote) => Buffer };

/**
 * One upstream, many listeners. Keeps the latest quote of every watched symbol, folds bursts, and
 * serialises a change once: all listeners get the same bytes. A slow listener misses steps, never the
 * newest price.
 */
export function createQuoteHub({ client, clock, frameOf }: Options): QuoteHub {
  const entries = new Map<string, Entry>();
  const members = new Set<Member>();
  /** Null until the feed's first connection has come or failed. */
  let linkUp: boolean | null = null;
  let stream: DataStream | null = null;
  let flushTimer: NodeJS.Timeout | null = null;

  const sweepTimer = setInterval(() => updateUpstream(), LINGER_MS / 4);
  const pollTimer = setInterval(() => refetch((entry) => !entry.streamed), POLL_MS);
  sweepTimer.unref();
  pollTimer.unref();

  function entryOf(symbol: string): Entry {
    const known = entries.get(symbol);
    if (known !== undefined) return known;
    const fresh: Entry = {
      symbol,
      quote: null,
      fetchedAt: 0,
      askedAt: 0,
      fetching: null,
      frame: null,
      dirty: false,
      streamed: false,
      listeners: new Set(),
    };
    entries.set(symbol, fresh);
    return fresh;
  }

  function openStream(): DataStream {
    stream ??= client.stream({
      onChange: change,
      onLink(up) {
        linkUp = up;
        for (const { listener } of members) listener.onLink(up);
        // What passed while the link was down is fetched, so no listener keeps an old price.
        if (up) refetch(() => true);
      },
    });
    return stream;
  }

  /** Asks anew for what somebody watches; the next round comes anyway, so a failure is only that. */
  function refetch(which: (entry: Entry) => boolean): void {
    const wanted = [...entries.values()].filter((entry) => entry.listeners.size > 0 && which(entry));
    if (wanted.length > 0) void fetchQuotes(wanted).catch(() => undefined);
  }

  function updateUpstream(): void {
    const now = clock.now();
    for (const entry of entries.values()) {
      if (entry.listeners.size === 0 && now - entry.askedAt > LINGER_MS) entries.delete(entry.symbol);
    }
    // Where the plan streams fewer symbols than are wanted, those on somebody's screen come first.
    const byNeed = [...entries.values()].sort(
      (a, b) => b.listeners.size - a.listeners.size || b.askedAt - a.askedAt,
    );
    for (const [rank, entry] of byNeed.entries()) entry.streamed = rank < client.streamedSymbols;
    const streamed = byNeed.filter((entry) => entry.streamed).map((entry) => entry.symbol);
    // A tab without a symbol on it, too, is told whether the feed lives.
    if (streamed.length > 0 || stream !== null || members.size > 0) openStream().watch(streamed);
  }

  function change(update: QuoteChange): void {
    const entry = entries.get(update.symbol);
    if (entry?.quote == null) return;
    entry.quote = { ...entry.quote, ...update, receivedAt: clock.iso() };
    touch(entry);
  }

  function touch(entry: Entry): void {
    entry.frame = null;
    entry.dirty = true;
    flushTimer ??= setTimeout(flush, FLUSH_MS);
  }

  function flush(): void {
    flushTimer = null;
    for (const entry of entries.values()) {
      if (!entry.dirty) continue;
      entry.dirty = false;
      for (const member of entry.listeners) member.pending.add(entry.symbol);
    }
    for (const member of members) if (!member.blocked) deliver(member);
  }

  function deliver(member: Member): void {
    if (member.pending.size === 0) return;
    const frames: QuoteFrame[] = [];
    for (const symbol of member.pending) {
      const entry = entries.get(symbol);
      if (entry?.quote == null) continue;
      entry.frame ??= { quote: entry.quote, bytes: frameOf(entry.quote) };
      frames.push(entry.frame);
    }
    member.pending.clear();
    member.blocked = !member.listener.send(frames);
  }

  async function fetchQuotes(wanted: readonly Entry[]): Promise<void> {
    const missing = wanted.filter((entry) => entry.fetching === null);
    if (missing.length > 0) {
      const call = client.latest(missing.map((entry) => entry.symbol)).then((found) => {
        for (const entry of missing) {
          const quote = found.get(entry.symbol);
          entry.fetchedAt = clock.now();
          if (quote === undefined) continue;
          entry.quote = withNewerParts(
            { ...quote, receivedAt: clock.iso(), source: client.source },
            entry.quote,
          );
          touch(entry);
        }
      });
      for (const entry of missing) {
        entry.fetching = call.finally(() => {
          entry.fetching = null;
        });
      }
    }
    await Promise.all(wanted.flatMap((entry) => entry.fetching ?? []));
  }

  const isFresh = (entry: Entry, now: number) =>
    entry.quote !== null && ((linkUp === true && entry.streamed) || now - entry.fetchedAt < FETCHED_FRESH_MS);

  return {
    get linkUp() {
      return linkUp === true;
    },

    peek(symbol) {
      const entry = entries.get(symbol);
      if (entry === undefined) return undefined;
      const now = clock.now();
      entry.askedAt = now;
      return isFresh(entry, now) ? (entry.quote ?? undefined) : undefined;
    },

    async latest(symbols) {
      const now = clock.now();
      const wanted = symbols.map(entryOf);
      for (const entry of wanted) entry.askedAt = now;
      const old = wanted.filter((entry) => !isFresh(entry, now));
      if (old.length > 0) {
        updateUpstream();
        await fetchQuotes(old);
      }
      return new Map(wanted.map((entry) => [entry.symbol, entry.quote]));
    },

    listen(listener) {
      const member: Member = { listener, pending: new Set(listener.symbols), blocked: false };
      members.add(member);
      const watched = [...listener.symbols].map(entryOf);
      for (const entry of watched) entry.listeners.add(member);
      updateUpstream();
      if (linkUp !== null) listener.onLink(linkUp);
      deliver(member);
      const now = clock.now();
      void fetchQuotes(watched.filter((entry) => !isFresh(entry, now))).catch(() => undefined);
      return {
        resume() {
          member.blocked = false;
          deliver(member);
        },
        close() {
          members.delete(member);
          for (const entry of watched) {
            entry.listeners.delete(member);
            entry.askedAt = clock.now();
          }
        },
      };
    },

    close() {
      clearInterval(sweepTimer);
      clearInterval(pollTimer);
      if (flushTimer !== null) clearTimeout(flushTimer);
      stream?.close();
    },
  };
}

const isLater = (time: string | null, than: string | null) =>
  time !== null && (than === null || Date.parse(time) > Date.parse(than));

/** A fetched quote, but with the parts of the known one that are newer: they streamed in while it was on its way. */
function withNewerParts(fetched: Quote, known: Quote | null): Quote {
  if (known === null) return fetched;
  const { bid, bidSize, ask, askSize, quotedAt, last, lastSize, tradedAt } = known;
  return {
    ...fetched,
    ...(isLater(quotedAt, fetched.quotedAt) ? { bid, bidSize, ask, askSize, quotedAt } : {}),
    ...(isLater(tradedAt, fetched.tradedAt) ? { last, lastSize, tradedAt } : {}),
  };
}
