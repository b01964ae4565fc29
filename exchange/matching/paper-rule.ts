import { ONE_SHARE, smaller } from '../decimal/decimal';
import { keyOf, uniform } from '../market/hash';
import { type Order, remainingQty } from '../orders/order';

/** Best prices in micro-dollars. */
export interface Touch {
  readonly bid: bigint;
  readonly ask: bigint;
  readonly last: bigint;
}

export interface Execution {
  readonly qty: bigint;
  readonly price: bigint;
  readonly complete: boolean;
  /** Micro-dollars; none by default. */
  readonly fee?: bigint;
  /** Whether the tape shows it, besides the model's own trades. */
  readonly prints?: boolean;
}

/** Whether the last trade has reached a stop order's price. */
export function isTriggered(order: Order, touch: Touch): boolean {
  if (order.triggered || order.stopPrice === null) return true;
  return order.side === 'buy' ? touch.last >= order.stopPrice : touch.last <= order.stopPrice;
}

/**
 * What an order trades at these prices (Alpaca docs: paper trading): marketable orders fill at the
 * national best price, size unchecked; a share of executions is a random part, the rest stays.
 */
export function paperExecution(
  order: Order,
  touch: Touch,
  partial: { rate: number; seed: number },
): Execution | null {
  const price = order.side === 'buy' ? touch.ask : touch.bid;
  // Nobody bids for some options.
  if (price === 0n) return null;
  const limit = order.limitPrice;
  if (limit !== null && (order.side === 'buy' ? price > limit : price < limit)) return null;
  if (order.notional !== null) {
    const qty = (order.notional * ONE_SHARE) / price;
    return qty === 0n ? null : { qty, price, complete: true };
  }
  const remaining = remainingQty(order);
  const qty = order.timeInForce === 'fok' ? remaining : partOf(order, remaining, partial);
  return { qty, price, complete: qty === remaining };
}

/** Whole shares of what remains, at least one; all of it in most cases. */
function partOf(order: Order, remaining: bigint, partial: { rate: number; seed: number }): bigint {
  const shares = remaining / ONE_SHARE;
  if (shares < 2n) return remaining;
  const key = keyOf(partial.seed, order.id);
  if (uniform(key, order.executions, 1, 0) >= partial.rate) return remaining;
  const share = uniform(key, order.executions, 2, 0);
  const part = BigInt(1 + Math.floor(share * Math.min(Number(shares) - 1, Number.MAX_SAFE_INTEGER)));
  return smaller(part * ONE_SHARE, remaining - ONE_SHARE);
}
