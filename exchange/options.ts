/** An account that exists from the start. `cash` in dollars (decimal text or number), 100000 by default. */
export interface AccountOption {
  readonly keyId: string;
  readonly secret: string;
  readonly cash?: string | number;
}

/** Knobs of honest fills. */
export interface HonestOptions {
  /** Shares on the market maker's levels, as a multiple of the quoted size. Default 1. */
  readonly depth?: number;
  /** Milliseconds between acceptance and the book. Default 50. */
  readonly latencyMs?: number;
  /** Dollars a share (decimal text or number), taken from cash. Default 0. */
  readonly feePerShare?: string | number;
}

/** How an exchange is started. Everything has a default. */
export interface ExchangeOptions {
  /** 0 (default) takes any free port. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Folder for the journal; without it the exchange forgets everything when it stops. */
  readonly dataDir?: string;
  /** Whole number that prices and ids come from. Default 1. */
  readonly seed?: number;
  /** `always-open` (default), `market-hours`, or an RFC 3339 time to start at (then market hours apply). */
  readonly clock?: string;
  /**
   * CSV or Parquet file of bars, trades or quotes that is played for its symbols instead of the model. Without
   * `clock` the exchange then starts at the file's first instant, and market hours apply.
   */
  readonly replay?: string;
  /** Simulated seconds for each real one, 1 to 1000. Default 1. */
  readonly speed?: number;
  readonly accounts?: readonly AccountOption[];
  /** Port of the TWS wire (IB Gateway's protocol); 0 takes any free one. Without it there is none. */
  readonly twsPort?: number;
  /** Key ids of accounts that the TWS gateway shows from the start. */
  readonly twsAccounts?: readonly string[];
  /** Bearer token for /control; a random one by default. */
  readonly controlToken?: string;
  /** Requests a minute for each account; default 200 as on Alpaca. */
  readonly rateLimit?: number | 'off';
  /** `free` (default): 30 symbols and 1 connection on the data stream, no recent SIP data. */
  readonly plan?: 'free' | 'paid';
  /** `alpaca-paper` (default): fills at the best price, size unchecked. `honest`: from a book with a queue. */
  readonly fills?: 'alpaca-paper' | 'honest';
  /** Knobs of honest fills. */
  readonly honest?: HonestOptions;
  /** Whether dividends are paid on what is held. Default: with honest fills; Alpaca's paper pays none. */
  readonly dividends?: boolean;
  /** Whether borrowed shares and money cost. Default: with honest fills; on Alpaca's paper they are free. */
  readonly carry?: boolean;
  /** Share of executions that are partial, 0 to 1. Default 0.1 as on Alpaca's paper. */
  readonly partialFillRate?: number;
  /** Records of the journal between two snapshots. Default 10000. */
  readonly snapshotEvery?: number;
  /** Hears of internal faults; the client got a 500 with this request id. */
  readonly onError?: (error: unknown, requestId: string) => void;
  /** Called when the journal cannot be written any more; the exchange has stopped by then. */
  readonly onFatal?: (error: unknown) => void;
}

/** A running exchange. */
export interface Exchange {
  /** Base of REST and, with `ws:`, of the streams: `http://127.0.0.1:7400`. */
  readonly url: string;
  readonly port: number;
  /** Port of the TWS wire, null without one. */
  readonly twsPort: number | null;
  readonly controlToken: string;
  /** Stops: sockets are cut, the journal is flushed, the data folder is free again. */
  close(): Promise<void>;
}

/** A mistake in the options, or a thing in the world that keeps the exchange from starting. */
export class StartError extends Error {}

/** A mistake in the options: another start with the same ones cannot go well either. */
export class OptionError extends StartError {}

/** Another process has the data folder, and may be about to end. */
export class FolderInUse extends StartError {}
