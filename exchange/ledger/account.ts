import { absolute } from '../decimal/decimal';
import type { AccountConfigurations } from '../journal/records';
import type { Order } from '../orders/order';
import type { Watchlist } from './watchlist';

/**
 * A holding. `qty` nano-shares, negative when short; `cost` what was paid for it with the sign of
 * `qty`, unrounded: nano-shares × micro-dollars.
 */
export interface Position {
  readonly symbol: string;
  qty: bigint;
  cost: bigint;
  /** Nano-shares that each contract delivers; absent for stocks and for the usual 100. */
  delivers?: bigint;
  /** When it was last opened from nothing, epoch milliseconds. */
  openedAt: number;
}

/** One execution as the ledger booked it. */
export interface Fill {
  readonly executionId: string;
  readonly at: number;
  readonly order: Order;
  readonly qty: bigint;
  readonly price: bigint;
  /** Micro-dollars. */
  readonly fee: bigint;
  readonly complete: boolean;
  /** The order's total after this execution. */
  readonly cumQty: bigint;
  readonly leavesQty: bigint;
  /** The position after this execution, nano-shares. */
  readonly positionQty: bigint;
}

/** A change of cash or holdings, in the order of their happening: what equity of the past is worked out from. */
export interface Move {
  readonly at: number;
  readonly cash: bigint;
  readonly symbol: string | null;
  readonly qty: bigint;
  /** Nano-shares that each contract delivers, when a split adjusted it. */
  readonly delivers?: bigint;
  /** What came from outside rather than from trading, in money. */
  readonly funded: bigint;
}

/** Something that happened to an account besides executions. */
export interface Transfer {
  readonly id: string;
  readonly at: number;
  readonly type: TransferType;
  /** Alpaca's finer name, where it has one (`activity_sub_type`). */
  readonly subType?: string;
  readonly netAmount: bigint;
  readonly symbol: string | null;
  readonly qty: bigint | null;
  readonly price: bigint | null;
  /** Of a dividend, micro-dollars. */
  readonly perShare?: bigint;
  /** The same for transfers that belong together. */
  readonly groupId?: string;
  readonly description?: string;
  /** What the event stream tells besides (Alpaca OpenAPI: ActivityV2DetailNTA). */
  readonly details?: Readonly<Record<string, string | boolean>>;
}

export type TransferType =
  | 'CSD'
  | 'CSW'
  | 'JNLS'
  | 'FEE'
  | 'CFEE'
  | 'INT'
  | 'DIV'
  | 'SPLIT'
  | 'OPCA'
  | 'OPEXC'
  | 'OPASN'
  | 'OPEXP'
  | 'OPTRD';

/** A dividend that was earned on its ex-date and is not paid yet. */
export interface Entitlement {
  readonly actionId: string;
  readonly symbol: string;
  /** Nano-shares held into the ex-date; negative: the dividend is owed. */
  readonly qty: bigint;
  /** Micro-dollars a share. */
  readonly rate: bigint;
  readonly exDay: number;
  readonly payDay: number;
  readonly special: boolean;
}

/** The orders that came on the TWS wire. */
export interface TwsOrders {
  /** By `client id/order id`; after a change of terms, the order that has them. */
  readonly orders: Map<string, Order>;
  /** The highest order id of each client. */
  readonly highest: Map<number, number>;
}

/** A trading account. Money in micro-dollars. */
export interface Account {
  readonly id: string;
  readonly number: string;
  readonly keyId: string;
  readonly salt: string;
  readonly secretHash: string;
  readonly initialCash: bigint;
  readonly createdAt: number;
  cash: bigint;
  configurations: AccountConfigurations;
  readonly positions: Map<string, Position>;
  readonly orders: Map<string, Order>;
  /** Orders that are still alive, in order of arrival. */
  readonly open: Set<Order>;
  readonly byClientOrderId: Map<string, Order>;
  readonly tws: TwsOrders;
  readonly fills: Fill[];
  readonly moves: Move[];
  readonly transfers: Transfer[];
  /** By the id of the corporate action. */
  readonly entitlements: Map<string, Entitlement>;
  readonly watchlists: Map<string, Watchlist>;
  /** Options that are to expire even in the money. */
  readonly notExercised: Set<string>;
}

export const DEFAULT_CONFIGURATIONS: AccountConfigurations = {
  suspend_trade: false,
  no_shorting: false,
  fractional_trading: true,
  trade_confirm_email: 'all',
  max_margin_multiplier: '4',
  max_options_trading_level: 3,
  ptp_no_exception_entry: false,
  disable_overnight_trading: false,
};

/**
 * Carries an execution into a position. `signedQty` is negative for a sale. Average cost: a reduction
 * takes its share of the cost along. Returns the position's new quantity.
 */
export function movePosition(
  account: Pick<Account, 'positions'>,
  execution: { symbol: string; signedQty: bigint; price: bigint; at: number },
): bigint {
  const { symbol, signedQty, price, at } = execution;
  const position = account.positions.get(symbol) ?? { symbol, qty: 0n, cost: 0n, openedAt: at };
  const opens = position.qty === 0n || position.qty > 0n === signedQty > 0n;
  if (opens) {
    position.qty += signedQty;
    position.cost += signedQty * price;
  } else if (absolute(signedQty) < absolute(position.qty)) {
    position.cost += (position.cost * signedQty) / position.qty;
    position.qty += signedQty;
  } else {
    position.qty += signedQty;
    position.cost = position.qty * price;
    position.openedAt = at;
  }
  if (position.qty === 0n) account.positions.delete(symbol);
  else account.positions.set(symbol, position);
  return position.qty;
}
