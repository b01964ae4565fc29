import { exact, plain } from '@/domain/money';
import type { Order } from '@/domain/order/order';
import type { Candle, Marker } from '../charts/candle';
import { barAt } from './bar-at';

type Filled = Pick<Order, 'side' | 'filledQty' | 'closedAt' | 'updatedAt'>;

/** One marker for all that was bought in a bar and one for all that was sold, with the shares. */
export function fillMarkers(orders: readonly Filled[], candles: readonly Candle[]): Marker[] {
  const byBar = new Map<string, { time: number; side: Order['side']; qty: string }>();
  for (const { side, filledQty, closedAt, updatedAt } of orders) {
    const time = barAt(candles, Date.parse(closedAt ?? updatedAt) / 1000);
    if (time === null || exact(filledQty).isZero()) continue;
    const key = `${time} ${side}`;
    const before = byBar.get(key)?.qty ?? '0';
    byBar.set(key, { time, side, qty: plain(exact(before).plus(filledQty)) });
  }
  return [...byBar.values()]
    .sort((a, b) => a.time - b.time)
    .map(({ time, side, qty }) => ({ time, side, text: `${side === 'buy' ? '+' : '\u2212'}${qty}` }));
}
