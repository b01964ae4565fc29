import { EventName, type IBApi, IBApiTickType as Tick, MarketDataType } from '@stoqey/ib';
import { DeskError } from '@/domain/errors';
import type { Clock } from '@/server/platform/clock';
import type { Gateway } from '../gateway/gateway';
import { contractOf } from '../wire/contracts';
import { parseEpochSeconds } from '../wire/ib-time';
import { price } from '../wire/parse-order';

/** What one line of market data has told so far; what it did not tell is null. */
export type LineQuote = {
  symbol: string;
  bid: string | null;
  bidSize: number | null;
  ask: string | null;
  askSize: number | null;
  quotedAt: string | null;
  last: string | null;
  lastSize: number | null;
  tradedAt: string | null;
  previousClose: string | null;
};

type Line = {
  quote: LineQuote;
  reqId: number | null;
  holders: number;
  idleSince: number;
  fault: DeskError | null;
  isDelayed: boolean;
  waiting: Set<() => void>;
};

/** Market data that stays open for each symbol that is watched or was just asked for. */
export type Lines = {
  /** The first words of a symbol, or null where IB knows none of that name. Errors: `broker_error`, `broker_timeout`. */
  first(symbol: string): Promise<LineQuote | null>;
  /** What is known now, without asking. */
  known: (symbol: string) => LineQuote | null;
  /** Keeps a line open until what it answers with is called. */
  hold(symbol: string): () => void;
  /** Told of each change, with the symbol and the names of what changed. */
  onChange(listener: (quote: LineQuote, changed: Partial<LineQuote>) => void): () => void;
};

/** Delayed prices are 15 minutes old, sometimes 10: their age says the worse. */
const DELAY_MS = 15 * 60_000;
const FIRST_WORD_MS = 2_500;
/** Bid, ask, last and the close of yesterday come one by one: what follows at once is waited for. */
const REST_MS = 250;
/** A line that nobody holds stays for the next who asks. IB gives about a hundred. */
const IDLE_MS = 60_000;

const BIDS = new Set<number>([Tick.BID, Tick.DELAYED_BID]);
const ASKS = new Set<number>([Tick.ASK, Tick.DELAYED_ASK]);
const LASTS = new Set<number>([Tick.LAST, Tick.DELAYED_LAST]);
const CLOSES = new Set<number>([Tick.CLOSE, Tick.DELAYED_CLOSE]);
const SIZES = new Map<number, 'bidSize' | 'askSize' | 'lastSize'>([
  [Tick.BID_SIZE, 'bidSize'],
  [Tick.DELAYED_BID_SIZE, 'bidSize'],
  [Tick.ASK_SIZE, 'askSize'],
  [Tick.DELAYED_ASK_SIZE, 'askSize'],
  [Tick.LAST_SIZE, 'lastSize'],
  [Tick.DELAYED_LAST_SIZE, 'lastSize'],
]);
const TIMES = new Set<number>([Tick.LAST_TIMESTAMP, Tick.DELAYED_LAST_TIMESTAMP]);
const FIRST_DELAYED: number = Tick.DELAYED_BID;
const LAST_DELAYED: number = Tick.DELAYED_OPEN;
const isDelayedField = (field: number): boolean => field >= FIRST_DELAYED && field <= LAST_DELAYED;

const emptyQuote = (symbol: string): LineQuote => ({
  symbol,
  bid: null,
  bidSize: null,
  ask: null,
  askSize: null,
  quotedAt: null,
  last: null,
  lastSize: null,
  tradedAt: null,
  previousClose: null,
});

export function createLines(gateway: Gateway, clock: Clock): Lines {
  const lines = new Map<string, Line>();
  const byRequest = new Map<number, Line>();
  const listeners = new Set<(quote: LineQuote, changed: Partial<LineQuote>) => void>();
  let isWatching = false;

  function lineOf(symbol: string): Line {
    const known = lines.get(symbol);
    if (known !== undefined) return known;
    const line: Line = {
      quote: emptyQuote(symbol),
      reqId: null,
      holders: 0,
      idleSince: clock.now(),
      fault: null,
      isDelayed: false,
      waiting: new Set(),
    };
    lines.set(symbol, line);
    return line;
  }

  function subscribe(line: Line): void {
    if (line.reqId !== null) return;
    const reqId = gateway.newRequestId();
    const contract = contractOf(line.quote.symbol);
    const isSent = gateway.send((api) => void api.reqMktData(reqId, contract, '', false, false), reqId);
    if (isSent === null) return;
    line.reqId = reqId;
    line.fault = null;
    byRequest.set(reqId, line);
  }

  function unsubscribe(line: Line): void {
    const { reqId } = line;
    if (reqId === null) return;
    line.reqId = null;
    byRequest.delete(reqId);
    gateway.send((api) => void api.cancelMktData(reqId), reqId);
  }

  function change(line: Line, changed: Partial<LineQuote>): void {
    line.quote = { ...line.quote, ...changed };
    for (const listener of listeners) listener(line.quote, changed);
    wake(line);
  }

  /** Waits until a line has said something, or has nothing to say. */
  function word(line: Line, withinMs: number, isSaid: (quote: LineQuote) => boolean): Promise<void> {
    const isOver = () => line.fault !== null || isSaid(line.quote);
    if (isOver()) return Promise.resolve();
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        line.waiting.delete(look);
        resolve();
      };
      const look = () => {
        if (isOver()) end();
      };
      const timer = setTimeout(end, withinMs);
      line.waiting.add(look);
    });
  }

  function wake(line: Line): void {
    for (const look of line.waiting) look();
  }

  /** When a price of this field was made: IB tells it for trades alone, and delayed ones are old when they come. */
  const timeOf = (line: Line, field: number): string =>
    clock.iso(clock.now() - (line.isDelayed || isDelayedField(field) ? DELAY_MS : 0));

  function takePrice(line: Line, field: number, told: number): void {
    const value = price(told);
    if (BIDS.has(field))
      change(line, {
        bid: value,
        ...(value === null ? { bidSize: null } : {}),
        quotedAt: timeOf(line, field),
      });
    if (ASKS.has(field))
      change(line, {
        ask: value,
        ...(value === null ? { askSize: null } : {}),
        quotedAt: timeOf(line, field),
      });
    if (LASTS.has(field) && value !== null) change(line, { last: value, tradedAt: timeOf(line, field) });
    if (CLOSES.has(field) && value !== null) change(line, { previousClose: value });
  }

  function attach(api: IBApi): void {
    api.on(EventName.tickPrice, (reqId: number, field: number, value: number) => {
      const line = byRequest.get(reqId);
      if (line !== undefined) takePrice(line, field, value);
    });
    api.on(EventName.tickSize, (reqId: number, field?: number, value?: number) => {
      const line = byRequest.get(reqId);
      const name = SIZES.get(field ?? -1);
      if (line !== undefined && name !== undefined && value !== undefined && value >= 0)
        change(line, { [name]: value });
    });
    api.on(EventName.tickString, (reqId: number, field: number, value: string) => {
      const line = byRequest.get(reqId);
      const at = TIMES.has(field) ? parseEpochSeconds(value) : null;
      if (line !== undefined && at !== null) change(line, { tradedAt: at });
    });
    api.on(EventName.marketDataType, (reqId: number, type: number) => {
      const line = byRequest.get(reqId);
      // 1 live, 2 frozen, 3 delayed, 4 delayed and frozen.
      if (line !== undefined) line.isDelayed = type >= 3;
    });
  }

  /** Every line is asked for anew on a new connection, and after IB was lost: 1101 says that it sends no more. */
  function watchGateway(): void {
    if (isWatching) return;
    isWatching = true;
    gateway.onClient(attach);
    gateway.onError((id, code, message) => {
      const line = byRequest.get(id);
      if (line === undefined || code === 10_167 || code === 10_090 || code === 2_176) return;
      const kind = code === 200 ? 'not_found' : 'broker_error';
      line.fault = new DeskError(kind, `Interactive Brokers: ${message}`, { venueCode: String(code) });
      byRequest.delete(id);
      line.reqId = null;
      wake(line);
    });
    gateway.watch({
      onNews: () => undefined,
      onUp() {
        // Live where the login has subscriptions for it, else delayed (IBKR Campus, TWS API: market data types).
        gateway.send((api) => void api.reqMarketDataType(MarketDataType.DELAYED), 0);
        for (const line of lines.values()) subscribe(line);
      },
      onDown() {
        byRequest.clear();
        for (const line of lines.values()) line.reqId = null;
      },
    });
    const sweep = setInterval(() => {
      const now = clock.now();
      for (const [symbol, line] of lines) {
        if (line.holders > 0 || now - line.idleSince < IDLE_MS) continue;
        unsubscribe(line);
        lines.delete(symbol);
      }
    }, IDLE_MS / 4);
    sweep.unref();
  }

  return {
    async first(symbol) {
      watchGateway();
      const line = lineOf(symbol);
      line.idleSince = clock.now();
      if (gateway.down !== null) await gateway.ask('whether it is there', ({ done }) => done(null));
      subscribe(line);
      await word(line, FIRST_WORD_MS, ({ bid, ask, last }) => bid !== null || ask !== null || last !== null);
      await word(line, REST_MS, ({ previousClose }) => previousClose !== null);
      if (line.fault?.code === 'not_found') return null;
      if (line.fault !== null) throw line.fault;
      return line.quote;
    },
    known: (symbol) => lines.get(symbol)?.quote ?? null,
    hold(symbol) {
      watchGateway();
      const line = lineOf(symbol);
      line.holders += 1;
      subscribe(line);
      let isHeld = true;
      return () => {
        if (!isHeld) return;
        isHeld = false;
        line.holders -= 1;
        line.idleSince = clock.now();
      };
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
