import { findAsset, positionSymbol, scaleOf, worthIn } from '../assets/asset';
import {
  absolute,
  atLeastZero,
  divideRounded,
  formatMoney,
  formatQty,
  ONE_DOLLAR,
  ONE_SHARE,
  ratio,
  valueOf,
} from '../decimal/decimal';
import { type Order, remainingQty } from '../orders/order';
import type { Account, Position } from './account';
import { optionCash, optionMargins } from './option-margin';

/** Price of a symbol at an instant in micro-dollars; null when it never traded. */
export type PriceAt = (symbol: string, at: number) => bigint | null;

/** What an account is worth, micro-dollars. Shorts count negative in `short`. */
export interface Worth {
  readonly long: bigint;
  readonly short: bigint;
  readonly equity: bigint;
  readonly multiplier: bigint;
  readonly initialMargin: bigint;
  readonly maintenanceMargin: bigint;
  readonly reserved: bigint;
  readonly buyingPower: bigint;
  readonly regTBuyingPower: bigint;
  readonly cashBuyingPower: bigint;
  /** Value of the largest holding, long or short; crypto, which is paid in full, does not count. */
  readonly largest: bigint;
}

const isStock = (symbol: string): boolean => findAsset(symbol)?.kind === 'us_equity';

const TWO_THOUSAND = 2_000n * ONE_DOLLAR;

const isExit = ({ positionIntent }: Order): boolean => positionIntent.endsWith('_to_close');

/** Money that an open order holds back from buying power; nothing for exits. */
export function reservedBy(order: Order): bigint {
  if (isExit(order)) return 0n;
  if (order.notional !== null) return order.notional;
  return worthIn(order.symbol, remainingQty(order), order.reservePrice);
}

/**
 * Maintenance of a holding (Alpaca docs: margin and short selling): 30 %, 100 % when cheap. Crypto and
 * options bought are paid in full; of options sold see their margin.
 */
export function maintenanceOf(symbol: string, qty: bigint, price: bigint): bigint {
  const worth = absolute(worthIn(symbol, qty, price));
  if (!isStock(symbol)) return qty > 0n ? worth : 0n;
  if (qty > 0n) return price < 2_500_000n ? worth : divideRounded(worth * 30n, 100n);
  if (price < 5n * ONE_DOLLAR) return worth;
  const perShare = valueOf(absolute(qty), 5n * ONE_DOLLAR);
  const share = divideRounded(worth * 30n, 100n);
  return share > perShare ? share : perShare;
}

/** Values an account at an instant. */
export function worthOf(account: Account, priceAt: PriceAt, at: number): Worth {
  let [long, short, maintenanceMargin, reserved, largest] = [0n, 0n, 0n, 0n, 0n];
  // Of stocks alone: they can be bought on margin, and lent on.
  let [exposure, stocks, reservedCash] = [0n, 0n, 0n];
  for (const position of account.positions.values()) {
    const price = priceAt(position.symbol, at) ?? 0n;
    const value = worthIn(position.symbol, position.qty, price);
    if (value > 0n) long += value;
    else short += value;
    if (findAsset(position.symbol)?.kind !== 'crypto' && absolute(value) > largest) largest = absolute(value);
    maintenanceMargin += maintenanceOf(position.symbol, position.qty, price);
    if (!isStock(position.symbol)) continue;
    exposure += absolute(value);
    stocks += value;
  }
  for (const order of account.open) {
    const claim = reservedBy(order) - claimOfNext(account, order, reservedBy);
    if (isStock(order.symbol)) reserved += atLeastZero(claim);
    else reservedCash += atLeastZero(claim);
  }
  const equity = account.cash + long + short;
  const most = BigInt(account.configurations.max_margin_multiplier);
  const multiplier = equity < TWO_THOUSAND ? 1n : most;
  const locked = optionCash(account.positions.values());
  const free = account.cash + stocks - locked - reservedCash;
  const power = (times: bigint): bigint => atLeastZero(times * free - exposure - reserved);
  return {
    long,
    short,
    equity,
    multiplier,
    // Without margin all of it is paid.
    initialMargin: locked + (multiplier === 1n ? exposure : divideRounded(exposure, 2n)),
    maintenanceMargin: maintenanceMargin + locked,
    reserved: reserved + reservedCash,
    buyingPower: power(multiplier),
    regTBuyingPower: power(multiplier < 2n ? multiplier : 2n),
    cashBuyingPower: power(1n),
    largest,
  };
}

/** Nano-shares of a position that open exits hold, or that cover calls sold. */
export function heldForOrders(account: Account, symbol: string): bigint {
  let held = coverOf(account, symbol);
  for (const order of account.open) {
    // A held leg's shares are those of its sibling.
    if (order.symbol !== symbol || !isExit(order) || order.status === 'held') continue;
    held += atLeastZero(remainingQty(order) - claimOfNext(account, order, remainingQty));
  }
  return held;
}

/** Nano-shares that cover calls on them, sold or on offer. */
function coverOf(account: Account, symbol: string): bigint {
  let cover = optionMargins(account.positions.values()).get(symbol)?.shares ?? 0n;
  for (const order of account.open) {
    const option = order.positionIntent === 'sell_to_open' ? findAsset(order.symbol)?.option : null;
    // The calls of a multi-leg order are covered inside it.
    if (option?.root !== symbol || option.type !== 'call' || order.parent !== null) continue;
    cover += 100n * atLeastZero(remainingQty(order) - claimOfNext(account, order, remainingQty));
  }
  return cover;
}

/** While an order is being replaced, the larger of the two counts: what the new one claims already. */
function claimOfNext(account: Account, order: Order, claim: (order: Order) => bigint): bigint {
  const next = order.replacement === null ? undefined : account.orders.get(order.replacement);
  return next === undefined || !account.open.has(next) || next.status === 'held' ? 0n : claim(next);
}

/** The position as Alpaca's API writes it. `prices` in micro-dollars. */
export function positionJson(
  account: Account,
  position: Position,
  prices: { current: bigint; lastDay: bigint; dayStart: number },
): Record<string, unknown> {
  const { symbol } = position;
  const asset = findAsset(symbol);
  const value = worthIn(symbol, position.qty, prices.current);
  const cost = divideRounded(scaleOf(symbol, position.cost), ONE_SHARE);
  const profit = value - cost;
  const dayBase = position.openedAt >= prices.dayStart ? cost : worthIn(symbol, position.qty, prices.lastDay);
  const available = absolute(position.qty) - heldForOrders(account, position.symbol);
  return {
    asset_id: asset?.id ?? '',
    symbol: positionSymbol(symbol),
    exchange: asset?.exchange ?? '',
    asset_class: asset?.kind ?? 'us_equity',
    asset_marginable: asset?.kind === 'us_equity',
    qty: formatQty(position.qty),
    qty_available: formatQty(position.qty < 0n ? -available : available),
    avg_entry_price: formatMoney(divideRounded(position.cost, position.qty)),
    side: position.qty < 0n ? 'short' : 'long',
    market_value: formatMoney(value),
    cost_basis: formatMoney(cost),
    unrealized_pl: formatMoney(profit),
    unrealized_plpc: ratio(profit, absolute(cost)),
    unrealized_intraday_pl: formatMoney(value - dayBase),
    unrealized_intraday_plpc: ratio(value - dayBase, absolute(dayBase)),
    current_price: formatMoney(prices.current),
    lastday_price: formatMoney(prices.lastDay),
    change_today: ratio(prices.current - prices.lastDay, prices.lastDay),
  };
}
