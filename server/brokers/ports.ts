import type { Account } from '@/domain/account/account';
import type { AccountActivity } from '@/domain/ledger/post-activity';
import type { Asset } from '@/domain/market/asset';
import type { OptionContract } from '@/domain/market/option-contract';
import type { Bar, Timeframe } from '@/domain/market/bar';
import type {
  Fill,
  Order,
  OrderClass,
  OrderLeg,
  OrderSide,
  OrderType,
  PositionIntent,
  TimeInForce,
} from '@/domain/order/order';
import type { Position } from '@/domain/account/position';
import type { Quote } from '@/domain/market/quote';
import type { MarketClock } from '@/domain/market/session';

/**
 * Keys to an account that moves no real money, and to one that does. The scope travels with the keys, so that the
 * types and the adapter both refuse to use one in place of the other.
 */
export type PaperKeys = { readonly scope: 'paper'; keyId: string; secretKey: string };
export type LiveKeys = { readonly scope: 'live'; keyId: string; secretKey: string };

/** An account behind a gateway that is logged in already: there are no keys, only which of its accounts is meant. */
export type GatewayAccount = { readonly scope: 'paper'; accountNumber: string };

/** An order as it goes to a venue. */
export type VenueOrderRequest = {
  clientOrderId: string;
  /** Empty for a multi-leg order. */
  symbol: string;
  side: OrderSide;
  positionIntent: PositionIntent | null;
  legs: OrderLeg[] | null;
  type: OrderType;
  timeInForce: TimeInForce;
  qty: string | null;
  notional: string | null;
  limitPrice: string | null;
  stopPrice: string | null;
  trailPrice: string | null;
  trailPercent: string | null;
  extendedHours: boolean;
  orderClass: OrderClass;
  takeProfit: { limitPrice: string } | null;
  stopLoss: { stopPrice: string; limitPrice?: string | undefined } | null;
};

/** What may keep an order from a venue before anything is sent: the field, and why in the user's words. */
export type OrderFault = { field: string; message: string };

/** As much of an order as a venue's own rules are about, as it was asked for. */
export type OrderTerms = {
  [Name in 'orderClass' | 'legs' | 'notional' | 'qty' | 'timeInForce']?:
    | VenueOrderRequest[Name]
    | null
    | undefined;
};

/** What a replacement changes; null leaves it as it is. */
export type VenueReplacement = {
  clientOrderId: string;
  qty: string | null;
  limitPrice: string | null;
  stopPrice: string | null;
  trail: string | null;
  timeInForce: TimeInForce | null;
};

/** An order as the venue tells it. */
export type VenueOrder = Pick<
  Order,
  | 'clientOrderId'
  | 'symbol'
  | 'side'
  | 'positionIntent'
  | 'qty'
  | 'notional'
  | 'limitPrice'
  | 'stopPrice'
  | 'trailPrice'
  | 'trailPercent'
  | 'extendedHours'
  | 'orderClass'
  | 'filledQty'
  | 'filledAvgPrice'
  | 'status'
  | 'submittedAt'
  | 'closedAt'
> & {
  venueOrderId: string;
  type: string;
  timeInForce: string;
  /** The exits that came with it, or the options of a multi-leg order. */
  legs: VenueOrder[];
};

/**
 * The venue's answer to an order. `doubted` is everything without a readable answer: the order may or may
 * not exist there, and only the venue can say.
 */
export type SubmitOutcome =
  | { kind: 'acknowledged'; order: VenueOrder }
  /** A proven no; with `retryAfterMs` the venue asks to come back then. */
  | { kind: 'rejected'; code: string; message: string; retryAfterMs?: number }
  | { kind: 'duplicate'; message: string }
  | { kind: 'doubted'; message: string };

export type CancelOutcome =
  | { kind: 'requested' }
  | { kind: 'refused'; code: string; message: string }
  | { kind: 'doubted'; message: string };

/** An execution in the venue's own records. */
export type VenueFill = Fill & { venueOrderId: string };

/** An event of an account's orders, as it streams from the venue, with the executions it tells of. */
export type VenueOrderEvent = { order: VenueOrder; fills: VenueFill[]; event: string };

/** The venue's answer to an instruction about an option that is held. */
export type InstructionOutcome =
  | { kind: 'taken' }
  | { kind: 'refused'; code: string; message: string }
  | { kind: 'doubted'; message: string };

/** One account at a venue. Reads throw DeskError (`broker_error`, `broker_timeout`). */
export type ExecutionClient = {
  /**
   * Whether the venue refuses a second order under a client order id it has seen. Where it does not, sending an order
   * again may make another one of it: what is in doubt is looked up and never sent again.
   */
  readonly takesAnIdOnce: boolean;
  /** Whether a change keeps the order and its id, or puts another order in its place. */
  readonly changesInPlace: boolean;
  /** What of an order this venue does not take, known from its words alone; null when it may be sent. */
  faultOf(order: OrderTerms): OrderFault | null;
  submit(order: VenueOrderRequest): Promise<SubmitOutcome>;
  /**
   * The venue's answer is the new order; the old one ends when the venue says so, and may fill before. Where changes
   * are made in place it is the same order with its new terms.
   */
  replace(venueOrderId: string, change: VenueReplacement): Promise<SubmitOutcome>;
  cancel(venueOrderId: string): Promise<CancelOutcome>;
  /** Asks once for the end of all open orders; answers with those the venue would not cancel. Throws like reads. */
  cancelAll(): Promise<{ venueOrderId: string; message: string }[]>;
  findByClientOrderId(clientOrderId: string): Promise<VenueOrder | null>;
  /** Orders that are still open, however old. */
  listOpenOrders(): Promise<VenueOrder[]>;
  /** Orders submitted after `after` (RFC 3339), open or closed, oldest first. */
  listOrders(after: string): Promise<VenueOrder[]>;
  /** Executions after `after` (RFC 3339), oldest first, whatever the stream brought of them. */
  listFills(after: string): Promise<VenueFill[]>;
  /** What else changed the account after `after` (RFC 3339), oldest first: dividends, fees, transfers, splits. */
  listActivities(after: string): Promise<AccountActivity[]>;
  account(): Promise<Omit<Account, 'id' | 'name' | 'kind'>>;
  positions(): Promise<Position[]>;
  /** Turns all contracts of an option that no order holds into shares, now. Never retried. */
  exercise(symbol: string): Promise<InstructionOutcome>;
  /** Lets an option in the money expire on its last day. */
  doNotExercise(symbol: string): Promise<InstructionOutcome>;
  /** Streams order events until `close`. `onReady` runs after every (re)connection. */
  watchOrders(listener: {
    onEvent(event: VenueOrderEvent): void;
    onReady(): void;
    onDown(reason: string): void;
  }): { close(): void };
};

export type BarsRequest = {
  symbol: string;
  timeframe: Timeframe;
  start: string | null;
  end: string | null;
  limit: number;
  pageToken: string | null;
};

/** A part of a quote that has changed; what is absent stays as it was. */
export type QuoteChange = { symbol: string } & Partial<
  Pick<Quote, 'bid' | 'bidSize' | 'ask' | 'askSize' | 'quotedAt' | 'last' | 'lastSize' | 'tradedAt'>
>;

/** Best bid and ask of an option contract, dollars a share. */
export type OptionQuote = Pick<Quote, 'bid' | 'ask' | 'quotedAt'>;

export type DataStream = {
  /** Replaces the set of streamed symbols. */
  watch(symbols: readonly string[]): void;
  close(): void;
};

/** Prices from one feed under one credential set. */
export type MarketDataClient = {
  readonly source: Quote['source'];
  /** How many symbols one stream carries; the plan of the credentials sets it. */
  readonly streamedSymbols: number;
  /** Latest quote and trade; a symbol the feed does not know is absent. */
  latest(symbols: readonly string[]): Promise<Map<string, Omit<Quote, 'receivedAt' | 'source'>>>;
  /** Ascending; without `start` the newest `limit` bars. */
  bars(request: BarsRequest): Promise<{ bars: Bar[]; nextPageToken: string | null }>;
  /** Latest quotes of option contracts; one that the feed does not know is absent. */
  optionQuotes(symbols: readonly string[]): Promise<Map<string, OptionQuote>>;
  stream(listener: { onChange(change: QuoteChange): void; onLink(up: boolean): void }): DataStream;
};

/** What a venue lists: all of it at once, or what is asked for. */
export type Listing =
  | { whole: true; assets: () => Promise<Asset[]> }
  | {
      whole: false;
      find: (symbol: string) => Promise<Asset | null>;
      /** Assets whose ticker or name begins so, the best first. */
      search: (query: string) => Promise<Asset[]>;
    };

/** What can be traded at a venue, and when. */
export type InstrumentProvider = {
  listing: Listing;
  /** An option contract, expired ones too; null when there is none of this name. */
  contract(symbol: string): Promise<OptionContract | null>;
  clock(): Promise<MarketClock>;
};

/** Whether the venue takes a session's keys. While it does not, nothing but cancels and `ask` reaches it. */
export type SessionKeys = {
  readonly refused: boolean;
  /** Told of every change, until the function that it answers with is called. */
  listen(listener: (isTaken: boolean) => void): () => void;
  /** Asks the venue once, now; null when its answer says nothing of the keys, or none came. */
  ask(): Promise<boolean | null>;
  /** The same, but not before it is time: the waits grow from five seconds to five minutes. Null until then. */
  askWhenDue(): Promise<boolean | null>;
};

/** Everything a credential set opens. */
export type BrokerSession = {
  keys: SessionKeys;
  execution: ExecutionClient;
  marketData: MarketDataClient;
  instruments: InstrumentProvider;
};
