import type { Position } from '@/domain/account/position';
import { isLeg, type Order } from '@/domain/order/order';
import { phaseOf } from '@/domain/order/status';

/** What a sweep starts as: cancel every order, close every position, or the kill switch for both. */
export type Sweep = 'cancel' | 'flatten' | 'kill';

/** What a sweep will do; the one step that is not its own is taken only when `also` says so. */
export function stepsOf(sweep: Sweep, also: boolean): { cancels: boolean; closes: boolean } {
  return { cancels: sweep !== 'flatten' || also, closes: sweep === 'flatten' || (sweep === 'kill' && also) };
}

/** The orders that the venue can be asked to cancel: those it works on and was not asked about yet. Legs end with theirs. */
export function cancellable(orders: readonly Order[]): Order[] {
  return orders.filter(
    (order) =>
      phaseOf(order.status) === 'open' &&
      order.status !== 'pending_cancel' &&
      order.venueOrderId !== null &&
      !isLeg(order),
  );
}

/** The market order that closes a position, or a part of it, as the desk will send it. */
export function closingOrder({ symbol, side, qty }: Pick<Position, 'symbol' | 'side' | 'qty'>) {
  return {
    symbol,
    side: side === 'long' ? ('sell' as const) : ('buy' as const),
    type: 'market' as const,
    qty: qty.replace('-', ''),
  };
}
