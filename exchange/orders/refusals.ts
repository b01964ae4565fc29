type Extras = Readonly<Record<string, unknown>>;

/** A refusal of a request in Alpaca's words: HTTP status, code, message, further keys of the body. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: number | null;
  readonly extras: Extras;

  constructor(status: number, code: number | null, message: string, extras: Extras = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.extras = extras;
  }

  body(): Record<string, unknown> {
    const code = this.code === null ? {} : { code: this.code };
    return { ...code, message: this.message, ...this.extras };
  }
}

/** 422 40010001: the request itself is not right. */
export const badRequest = (message: string): Refusal => new Refusal(422, 40010001, message);
/** 422 42210000: understood, but cannot be done. */
export const unprocessable = (message: string, extras?: Extras): Refusal =>
  new Refusal(422, 42210000, message, extras);
/** 403 40310000: not allowed to this account now. */
export const forbidden = (message: string, extras?: Extras): Refusal =>
  new Refusal(403, 40310000, message, extras);
/** 404 40410000. */
export const notFound = (message: string): Refusal => new Refusal(404, 40410000, message);
/** 400 without a code, as the market data API answers. */
export const badParameter = (message: string): Refusal => new Refusal(400, null, message);

/** The refusals with a fixed text, by what is wrong (Alpaca's wordings). */
export const REFUSALS = {
  unauthorized: () => new Refusal(401, null, 'unauthorized.'),
  endpointNotFound: () => notFound('endpoint not found'),
  malformedBody: () => new Refusal(400, 40010000, 'request body format is invalid'),
  tooManyRequests: () => new Refusal(429, 42910000, 'rate limit exceeded'),
  internal: () => new Refusal(500, 50010000, 'internal server error occurred'),
  journalFull: () => new Refusal(503, 50310000, 'service unavailable: the journal cannot be written'),
  quantityMissing: () => badRequest('qty or notional is required'),
  quantityTwice: () => badRequest('only one of qty or notional is accepted'),
  quantityNotPositive: () => badRequest('qty must be > 0'),
  notionalNotPositive: () => badRequest('notional must be > 0'),
  limitNotPositive: () => badRequest('limit price must be > 0'),
  stopNotPositive: () => badRequest('stop price must be > 0'),
  limitMissing: () => badRequest('limit orders require a limit price'),
  stopMissing: () => badRequest('stop orders require a stop price'),
  stopLimitMissing: () => badRequest('stop limit orders require both stop and limit price'),
  marketWithPrice: () => badRequest('market orders require no stop or limit price'),
  oneTrail: () => badRequest('trailing stop orders must specify one of trail_price or trail_percent'),
  fractionalTrail: () => unprocessable('fractional orders must be market, limit, stop or stop limit orders'),
  chainOpen: () => unprocessable('order chain not fully replaced'),
  longWhileShorting: () => forbidden('cannot open a long buy while a short sell order is open'),
  watchlistNameTaken: () => badRequest('watchlist name must be unique'),
  clientOrderIdTaken: () => badRequest('client_order_id must be unique'),
  clientOrderIdLong: () => badRequest('client_order_id must be no more than 128 characters'),
  orderIdMissing: () => badRequest('order_id is missing'),
  ordersSuspended: () => forbidden('new orders are rejected by user request'),
  liquidationOnly: () => forbidden('account is restricted to liquidation only'),
  shortingOff: () => forbidden('account is not allowed to short'),
  shortWhileBuying: () => forbidden('cannot open a short sell while a long buy order is open'),
  costTooSmall: () => forbidden('cost basis must be >= minimal amount of order 1'),
  fractionalShort: () => unprocessable('fractional orders cannot be sold short'),
  fractionalDay: () => unprocessable('fractional orders must be DAY orders'),
  notionalMarketDay: () => unprocessable('notional orders must be DAY market orders'),
  fractionalOff: () => forbidden('account is not allowed to trade fractional orders'),
  extendedHours: () => unprocessable('extended hours order must be DAY or GTC limit orders'),
  unchanged: () => unprocessable('order parameters are not changed'),
  alreadyReplaced: () => unprocessable('order already replaced'),
  notOpen: () => unprocessable('unable to replace order, order is not open'),
  belowFilled: () => unprocessable('qty must be > filled_qty'),
  fractionalReplace: () => unprocessable('fractional orders cannot change qty'),
  pendingCancel: () => unprocessable('order pending cancel'),
  noPosition: () => notFound('position does not exist'),
} as const;
