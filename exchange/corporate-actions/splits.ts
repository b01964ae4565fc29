import { findAsset } from '../assets/asset';
import { divideRounded, formatMoney, formatQty, ONE_SHARE } from '../decimal/decimal';
import { adjust, contractsFor, isWhole } from '../derivatives/contracts/adjustments';
import { writeOcc } from '../derivatives/contracts/occ-symbol';
import type { OrderRestated, SplitTaken } from '../journal/day-opened';
import type { Split } from '../market/company/company-calendar';
import { tickOf } from '../market/ticks';
import { optionsOf } from '../matching/expiries';
import { endOrder } from '../matching/fill-order';
import { type Order, remainingQty, trailedStop } from '../orders/order';
import type { Books } from '../venue/books';
import type { Venue } from '../venue/venue';
import type { DayEvent } from './open-days';

const rootOf = (symbol: string): string => findAsset(symbol)?.instrument.symbol ?? symbol;

/** Stocks that anybody holds or wants, themselves or as options. */
export function heldOrOrdered(books: Books): Set<string> {
  const symbols = new Set<string>();
  for (const { positions } of books.accounts.values()) {
    for (const symbol of positions.keys()) symbols.add(rootOf(symbol));
  }
  for (const { symbol } of books.open) if (symbol !== '') symbols.add(rootOf(symbol));
  return symbols;
}

function splitOf({ priced: { event }, symbol }: DayEvent): Split {
  if (event.kind !== 'split') throw new Error(`no split of ${symbol}`);
  return event;
}

/**
 * Cancels what a split makes senseless: at a reverse split all orders (FINRA rule 5330), at any split
 * those in options, whose symbols are gone.
 */
export function cancelOrders(venue: Venue, of: DayEvent, effective: number): void {
  const { newRate, oldRate } = splitOf(of);
  for (const order of venue.books.open) {
    if (order.expiresAt <= effective) continue;
    const options = [order, ...order.legs].some(
      ({ symbol }) => findAsset(symbol)?.kind === 'us_option' && rootOf(symbol) === of.symbol,
    );
    const reversed = order.symbol === of.symbol && newRate < oldRate;
    if (options || reversed) endOrder(venue, order, 'order_canceled');
  }
}

/** What everybody's holdings and orders are after a split. */
export function takeSplit(venue: Venue, of: DayEvent, effective: number): SplitTaken {
  const split = splitOf(of);
  const { symbol, actionId } = of;
  const price = venue.priceAt(symbol, effective - 1) ?? 0n;
  const positions = [...venue.books.accounts.values()].flatMap(({ id, positions: held }) => {
    const qty = held.get(symbol)?.qty ?? 0n;
    if (qty === 0n) return [];
    const after = splitQty(qty, price, split);
    return [{ account_id: id, qty: formatQty(after.qty), cash: formatMoney(after.cash) }];
  });
  const orders = [...venue.books.open].filter(
    (order) => order.symbol === symbol && order.expiresAt > effective,
  );
  return {
    action_id: actionId,
    symbol,
    new_rate: split.newRate,
    old_rate: split.oldRate,
    positions,
    options: adjustedOptions(venue, symbol, split),
    orders: orders.map((order) => restated(order, split)),
  };
}

/**
 * A holding after a split, and the money for what is not held on, at the last price before: all stocks
 * here are held in fractions down to a billionth of a share, but nobody is short a fraction.
 */
export function splitQty(
  qty: bigint,
  price: bigint,
  { newRate, oldRate }: Pick<Split, 'newRate' | 'oldRate'>,
): { qty: bigint; cash: bigint } {
  const [shares, outOf] = [BigInt(newRate), BigInt(oldRate)];
  const unit = qty < 0n ? ONE_SHARE : 1n;
  const after = ((qty * shares) / (outOf * unit)) * unit;
  const rest = qty * shares - after * outOf;
  return { qty: after, cash: divideRounded(rest * price, shares * ONE_SHARE) };
}

function adjustedOptions(venue: Venue, symbol: string, split: Split): SplitTaken['options'] {
  const splits = venue.market.splits(symbol);
  const held = optionsOf(venue).filter(({ contract }) => contract.root === symbol);
  return held.map(({ account, position, contract }) => {
    const { delivers = 100n * ONE_SHARE } = position;
    const delivered = (delivers * BigInt(split.newRate)) / BigInt(split.oldRate);
    return {
      account_id: account.id,
      symbol: position.symbol,
      new_symbol: writeOcc(adjust(contract, splits, split)),
      new_qty: formatQty(position.qty * BigInt(contractsFor(split))),
      delivers: formatQty(isWhole(split) ? delivers : delivered),
    };
  });
}

/**
 * An order after a forward split: as many more shares at as much less (Alpaca docs: GTC orders are
 * adjusted for corporate actions; FINRA rule 5330). Whole shares stay whole. Prices are rounded to the
 * tick, never past what was asked: to buy lower and to sell higher, and stops away from the market.
 */
export function restated(order: Order, split: Pick<Split, 'newRate' | 'oldRate'>): OrderRestated {
  const { side } = order;
  const [shares, outOf] = [BigInt(split.newRate), BigInt(split.oldRate)];
  const scaled = (price: bigint, up: boolean): bigint => {
    const exact = price * outOf;
    const tick = BigInt(tickOf(Number(exact / shares)));
    const steps = exact / (shares * tick);
    return (up && steps * shares * tick < exact ? steps + 1n : steps === 0n ? 1n : steps) * tick;
  };
  const text = (price: bigint | null, up: boolean): string | null =>
    price === null ? null : formatMoney(scaled(price, up));
  const rest = remainingQty(order);
  const unit = rest % ONE_SHARE === 0n ? ONE_SHARE : 1n;
  const more = ((rest * shares) / (outOf * unit)) * unit;
  const trailPrice = order.trailPrice === null ? null : scaled(order.trailPrice, true);
  const hwm = order.hwm === null ? null : divideRounded(order.hwm * outOf, shares);
  const { trailPercent } = order;
  const follows = order.type === 'trailing_stop' && hwm !== null;
  return {
    order_id: order.id,
    qty: order.qty === null ? null : formatQty(order.filledQty + more),
    limit_price: text(order.limitPrice, side === 'sell'),
    stop_price: follows
      ? formatMoney(trailedStop({ side, trailPrice, trailPercent }, hwm))
      : text(order.stopPrice, side === 'buy'),
    trail_price: trailPrice === null ? null : formatMoney(trailPrice),
    hwm: hwm === null ? null : formatMoney(hwm),
    reserve_price: formatMoney(divideRounded(order.reservePrice * outOf, shares)),
  };
}
