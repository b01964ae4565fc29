import { z } from 'zod';
import { fault } from '../control/fault';
import { announcement, dayOpened } from './day-opened';

/** Decimal text: money in dollars (six decimals at most), quantities in shares (nine at most). */
const decimal = z.string();
/** Epoch milliseconds of the exchange's own clock. */
const instant = z.number().int();
const base = { seq: z.number().int(), at: instant };

export const SIDES = ['buy', 'sell'] as const;
export const ORDER_TYPES = ['market', 'limit', 'stop', 'stop_limit', 'trailing_stop'] as const;
export const TIMES_IN_FORCE = ['day', 'gtc', 'ioc', 'fok', 'opg', 'cls'] as const;
/** The empty text is a simple order, as Alpaca writes it. */
export const ORDER_CLASSES = ['', 'bracket', 'oco', 'oto', 'mleg'] as const;
export const POSITION_INTENTS = ['buy_to_open', 'buy_to_close', 'sell_to_open', 'sell_to_close'] as const;

const configurations = z.object({
  suspend_trade: z.boolean(),
  no_shorting: z.boolean(),
  fractional_trading: z.boolean(),
  trade_confirm_email: z.enum(['all', 'none']),
  max_margin_multiplier: z.enum(['1', '2', '4']),
  max_options_trading_level: z.number().int().nullable(),
  ptp_no_exception_entry: z.boolean(),
  disable_overnight_trading: z.boolean(),
});

const account = z.object({
  id: z.string(),
  number: z.string(),
  key_id: z.string(),
  salt: z.string(),
  /** SHA-256 (hex) of salt + ":" + secret; the secret itself is never written. */
  secret_hash: z.string(),
  cash: decimal,
});

/** What the TWS wire says of an order that came on it: its number among those of one client, and its reference. */
const twsFacts = z.object({ client_id: z.number().int(), order_id: z.number().int(), order_ref: z.string() });

const order = z.object({
  id: z.string(),
  account_id: z.string(),
  client_order_id: z.string(),
  symbol: z.string(),
  side: z.enum(SIDES),
  type: z.enum(ORDER_TYPES),
  time_in_force: z.enum(TIMES_IN_FORCE),
  qty: decimal.nullable(),
  notional: decimal.nullable(),
  limit_price: decimal.nullable(),
  stop_price: decimal.nullable(),
  extended_hours: z.boolean(),
  position_intent: z.enum(POSITION_INTENTS),
  /** Price a share counts with against buying power while the order works; "0" for exits. */
  reserve_price: decimal,
  expires_at: instant,
  replaces: z.string().nullable(),
  /** True when the order waits for the market to open. */
  queued: z.boolean(),
  trail_price: decimal.nullable().default(null),
  trail_percent: decimal.nullable().default(null),
  /** Best price a trailing stop has seen. */
  hwm: decimal.nullable().default(null),
  order_class: z.enum(ORDER_CLASSES).default(''),
  /** The entry (or the OCO's take-profit) that a leg belongs to. */
  parent_id: z.string().nullable().default(null),
  /** True for a leg that waits for its parent or its sibling. */
  held: z.boolean().default(false),
  /** The opening or closing auction that an opg or cls order trades in. */
  auction_at: instant.nullable().default(null),
  /** Contracts of a multi-leg order's leg for each unit of the order. */
  ratio_qty: decimal.nullable().default(null),
  /** Only of orders that came on the TWS wire. */
  tws: twsFacts.optional(),
});

/** Everything that changes the exchange's state, as the journal holds it: one JSON object a line. */
export const journalRecord = z.discriminatedUnion('type', [
  z.object({ ...base, type: z.literal('account_created'), account }),
  /** The TWS gateway shows the account of a key from now on. */
  z.object({ ...base, type: z.literal('gateway_account'), key_id: z.string() }),
  z.object({ ...base, type: z.literal('configured'), account_id: z.string(), configurations }),
  z.object({ ...base, type: z.literal('order_accepted'), order, legs: z.array(order).default([]) }),
  z.object({ ...base, type: z.literal('order_working'), order_id: z.string() }),
  z.object({ ...base, type: z.literal('order_triggered'), order_id: z.string() }),
  z.object({ ...base, type: z.literal('cancel_requested'), order_id: z.string() }),
  z.object({ ...base, type: z.literal('order_canceled'), order_id: z.string() }),
  z.object({ ...base, type: z.literal('order_expired'), order_id: z.string() }),
  z.object({ ...base, type: z.literal('order_rejected'), order_id: z.string(), reason: z.string() }),
  z.object({ ...base, type: z.literal('order_trailed'), order_id: z.string(), hwm: decimal }),
  /** A leg is left with less, because its sibling traded. */
  z.object({ ...base, type: z.literal('order_reduced'), order_id: z.string(), qty: decimal }),
  z.object({
    ...base,
    type: z.literal('replace_requested'),
    order_id: z.string(),
    by: z.string().nullable().default(null),
  }),
  z.object({ ...base, type: z.literal('replace_rejected'), order_id: z.string(), by: z.string() }),
  z.object({ ...base, type: z.literal('order_replaced'), order_id: z.string(), by: z.string() }),
  z.object({
    ...base,
    type: z.literal('order_filled'),
    order_id: z.string(),
    execution_id: z.string(),
    qty: decimal,
    price: decimal,
    /** True when nothing is left of the order. */
    complete: z.boolean(),
    /** In dollars. */
    fee: decimal.default('0'),
    /** In what was bought: that much less of it came in. */
    fee_qty: decimal.default('0'),
    /** Whether the tape shows it, besides the model's own trades. */
    printed: z.boolean().default(false),
  }),
  /** All legs of a multi-leg order traded; `price` is the net a share, negative when received. */
  z.object({
    ...base,
    type: z.literal('legs_filled'),
    order_id: z.string(),
    qty: decimal,
    price: decimal,
    executions: z.array(
      z.object({ order_id: z.string(), execution_id: z.string(), qty: decimal, price: decimal }),
    ),
  }),
  /** Money from outside; negative takes it away. */
  z.object({ ...base, type: z.literal('cash_moved'), account_id: z.string(), amount: decimal }),
  /** Shares from outside, as if bought at a price but not paid; negative takes them away. */
  z.object({
    ...base,
    type: z.literal('position_moved'),
    account_id: z.string(),
    symbol: z.string(),
    qty: decimal,
    price: decimal,
    /** No activity tells of it. */
    untold: z.boolean().optional(),
  }),
  /** Contracts that were closed (negative: short ones), and shares that changed hands for them at the strike. */
  z.object({
    ...base,
    type: z.literal('option_settled'),
    account_id: z.string(),
    symbol: z.string(),
    how: z.enum(['exercise', 'assignment', 'expiry']),
    qty: decimal,
    underlying: z.string(),
    shares: decimal,
    strike: decimal,
    /** Money for the shares, where it is not shares × strike: of an adjusted contract. */
    value: decimal.optional(),
    /** When it took effect, where that was before `at`. */
    effective: instant.optional(),
  }),
  /** The option is to expire, though it may be worth something. */
  z.object({
    ...base,
    type: z.literal('exercise_declined'),
    account_id: z.string(),
    symbol: z.string(),
  }),
  z.object({
    ...base,
    type: z.literal('watchlist_saved'),
    account_id: z.string(),
    watchlist: z.object({ id: z.string(), name: z.string(), symbols: z.array(z.string()) }),
  }),
  z.object({
    ...base,
    type: z.literal('watchlist_deleted'),
    account_id: z.string(),
    watchlist_id: z.string(),
  }),
  z.object({ ...base, type: z.literal('clock_advanced'), ms: z.number().int() }),
  z.object({ ...base, type: z.literal('cancel_rejected'), order_id: z.string() }),
  z.object({ ...base, type: z.literal('fault_set'), fault_id: z.string(), fault }),
  /** `seen` is the number of matches up to this one. */
  z.object({ ...base, type: z.literal('fault_fired'), fault_id: z.string(), seen: z.number().int() }),
  /** All of them when no id is given. */
  z.object({ ...base, type: z.literal('faults_cleared'), fault_id: z.string().nullable() }),
  /** A sudden one can meet the price bands; those before bands could halt anything were not. */
  z.object({
    ...base,
    type: z.literal('price_shifted'),
    symbol: z.string(),
    factor: z.number().positive(),
    sudden: z.boolean().optional(),
  }),
  z.object({ ...base, type: z.literal('action_announced'), symbol: z.string(), action: announcement }),
  z.object({ ...base, type: z.literal('day_opened'), ...dayOpened }),
  z.object({ ...base, type: z.literal('symbol_halted'), symbol: z.string() }),
  z.object({ ...base, type: z.literal('symbol_resumed'), symbol: z.string() }),
]);

export type JournalRecord = z.infer<typeof journalRecord>;
export type JournalledOrder = z.infer<typeof order>;
export type TwsFacts = z.infer<typeof twsFacts>;
export type AccountConfigurations = z.infer<typeof configurations>;

type WithoutStamp<T> = T extends unknown ? Omit<T, 'seq' | 'at'> : never;
/** A change that has not been stamped with its place and time yet. */
export type Change = WithoutStamp<JournalRecord>;
export type Side = (typeof SIDES)[number];
export type OrderClass = (typeof ORDER_CLASSES)[number];
export type OrderType = (typeof ORDER_TYPES)[number];
export type TimeInForce = (typeof TIMES_IN_FORCE)[number];
export type PositionIntent = (typeof POSITION_INTENTS)[number];
