import type { Asset } from '../assets/asset';
import {
  absolute,
  atLeastZero,
  divideRounded,
  formatMoney,
  formatQty,
  ONE_DOLLAR,
  ONE_SHARE,
  valueOf,
} from '../decimal/decimal';
import type { PositionIntent } from '../journal/records';
import type { Account } from '../ledger/account';
import { heldForOrders, type Worth } from '../ledger/valuation';
import type { Touch } from '../matching/paper-rule';
import { type Order, remainingQty, trailedStop } from './order';
import { checkClass } from './order-class';
import type { OrderRequest } from './order-request';
import { forbidden, REFUSALS, unprocessable } from './refusals';

/** What an order is judged by. */
export interface Judgement {
  readonly account: Account;
  readonly asset: Asset;
  readonly now: number;
  /** Whether the asset is traded now. */
  readonly open: boolean;
  readonly touch: Touch;
  readonly worth: Worth;
  /** The order that this one takes the place of: its claims do not count. */
  readonly replacing: Order | null;
  /** Money that the replaced order held back. */
  readonly released: bigint;
}

/** What acceptance settles about an order. Price in micro-dollars a share. */
export interface Accepted {
  readonly intent: PositionIntent;
  readonly reservePrice: bigint;
}

/**
 * Alpaca docs: user protection. An account with a position of more than 600 % of its equity may only close.
 * There it stays so until somebody has looked at it, here for as long as it is true.
 */
export function checkExposure({ worth }: Pick<Judgement, 'worth'>): void {
  if (worth.largest > 0n && worth.largest > 6n * worth.equity) throw REFUSALS.liquidationOnly();
}

/** Judges an order against account and market; throws the venue's refusal or says how it counts. */
export function checkOrder(request: OrderRequest, by: Judgement): Accepted {
  const { account } = by;
  if (account.configurations.suspend_trade) throw REFUSALS.ordersSuspended();
  const fractional = request.notional !== null || (request.qty ?? 0n) % ONE_SHARE !== 0n;
  if (fractional && !account.configurations.fractional_trading) throw REFUSALS.fractionalOff();
  checkStopSide(request, by.touch);
  const position = account.positions.get(request.symbol)?.qty ?? 0n;
  const intent = intentOf(request, by);
  checkClass(request, intent, by.touch);
  const closes = intent === 'sell_to_close' || intent === 'buy_to_close';
  if (closes) checkClosing(request, by);
  else checkOpening(request, by, { intent, position, fractional });
  checkWashTrade(request, by);
  if (request.notional !== null && request.notional < ONE_DOLLAR) throw REFUSALS.costTooSmall();
  if (closes) return { intent, reservePrice: 0n };
  const reservePrice = reservePriceOf(request, by.touch);
  checkBuyingPower(request, by, reservePrice);
  return { intent, reservePrice };
}

/** What the order does to the position; refuses one that says otherwise. */
export function intentOf(request: OrderRequest, { account }: Pick<Judgement, 'account'>): PositionIntent {
  const intent = inferIntent(request.side, account.positions.get(request.symbol)?.qty ?? 0n);
  if (request.positionIntent === null || request.positionIntent === intent) return intent;
  const words = `inferred: ${intent}, specified: ${request.positionIntent}`;
  throw unprocessable(`position intent mismatch, ${words}`);
}

function inferIntent(side: 'buy' | 'sell', position: bigint): PositionIntent {
  if (side === 'buy') return position < 0n ? 'buy_to_close' : 'buy_to_open';
  return position > 0n ? 'sell_to_close' : 'sell_to_open';
}

/** A stop must lie where the market has yet to come. */
export function checkStopSide({ stopPrice, side, type }: OrderRequest, touch: Touch): void {
  if (stopPrice === null || type === 'trailing_stop') return;
  const wrong = side === 'buy' ? stopPrice <= touch.last : stopPrice >= touch.last;
  if (!wrong) return;
  const word = side === 'buy' ? 'greater' : 'less';
  throw unprocessable(`stop price must be ${word} than current price`, {
    market_price: formatMoney(touch.last),
    stop_price: formatMoney(stopPrice),
  });
}

/** Others of the account's open orders in the symbol, without the one being replaced. */
function othersOpen(request: OrderRequest, by: Judgement): Order[] {
  return [...by.account.open].filter((order) => order.symbol === request.symbol && order !== by.replacing);
}

/** There must be as much to close as is to be closed. */
export function checkClosing(request: OrderRequest, by: Judgement): void {
  const existing = absolute(by.account.positions.get(request.symbol)?.qty ?? 0n);
  const own = by.replacing === null || by.replacing.status === 'held' ? 0n : remainingQty(by.replacing);
  const held = heldForOrders(by.account, request.symbol) - own;
  const available = atLeastZero(existing - held);
  const price = request.side === 'buy' ? by.touch.ask : by.touch.bid;
  const wanted = request.qty ?? ((request.notional ?? 0n) * ONE_SHARE) / price;
  if (wanted <= available) return;
  const amounts = `requested: ${formatQty(wanted)}, available: ${formatQty(available)}`;
  throw forbidden(`insufficient qty available for order (${amounts})`, {
    available: formatQty(available),
    existing_qty: formatQty(existing),
    held_for_orders: formatQty(held),
    related_orders: othersOpen(request, by)
      .filter((order) => order.side === request.side)
      .map((order) => order.id),
    symbol: request.symbol,
  });
}

function checkOpening(
  request: OrderRequest,
  by: Judgement,
  opening: { intent: PositionIntent; position: bigint; fractional: boolean },
): void {
  checkExposure(by);
  const opposite = othersOpen(request, by).filter((order) => order.side !== request.side);
  const opensToo = opposite.some((order) => order.positionIntent.endsWith('_to_open'));
  if (opening.intent !== 'sell_to_open') {
    if (opensToo && opening.position === 0n) {
      throw REFUSALS.longWhileShorting();
    }
    return;
  }
  if (opening.fractional) throw REFUSALS.fractionalShort();
  if (by.account.configurations.no_shorting || by.worth.multiplier < 2n) throw REFUSALS.shortingOff();
  if (!by.asset.instrument.shortable) throw unprocessable(`asset "${request.symbol}" cannot be sold short`);
  if (opensToo && opening.position === 0n) throw REFUSALS.shortWhileBuying();
}

/** Alpaca docs: user protection. Complex and trailing orders are let be. */
const isExempt = ({ orderClass, type }: Pick<Order, 'orderClass' | 'type'>): boolean =>
  orderClass !== '' || type === 'trailing_stop';

/** Orders of one account must not be able to meet each other. */
export function checkWashTrade(request: OrderRequest, by: Judgement): void {
  if (isExempt(request)) return;
  for (const order of othersOpen(request, by)) {
    if (order.side === request.side || isExempt(order)) continue;
    const priced = [order, request].every(({ type }) => type === 'limit' || type === 'stop_limit');
    const [buy, sell] = request.side === 'buy' ? [request, order] : [order, request];
    if (priced && (buy.limitPrice ?? 0n) < (sell.limitPrice ?? 0n)) continue;
    throw forbidden('potential wash trade detected. use complex orders', {
      existing_order_id: order.id,
      reject_reason: priced ? 'opposite side limit order exists' : 'opposite side market/stop order exists',
    });
  }
}

function reservePriceOf(request: OrderRequest, touch: Touch): bigint {
  const asked = request.limitPrice ?? request.stopPrice;
  if (request.side === 'buy') {
    if (request.type === 'trailing_stop') return trailedStop(request, touch.last);
    return asked ?? touch.ask;
  }
  // Alpaca docs: a short sale counts with the greater of its limit and 3 % above the ask.
  const above = divideRounded(touch.ask * 103n, 100n);
  return asked !== null && asked > above ? asked : above;
}

function checkBuyingPower(request: OrderRequest, by: Judgement, reservePrice: bigint): void {
  const cost = request.notional ?? valueOf(request.qty ?? 0n, reservePrice);
  if (cost < ONE_DOLLAR) throw REFUSALS.costTooSmall();
  const power = by.worth.buyingPower + by.released;
  if (cost <= power) return;
  throw forbidden('insufficient buying power', {
    buying_power: formatMoney(power),
    cost_basis: formatMoney(cost),
  });
}
