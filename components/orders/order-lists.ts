import { exact } from '@/domain/money';
import type { Order } from '@/domain/order/order';
import { isClosed } from '@/domain/order/status';

/** Whether a state is not older than the one known: answers and stream messages may overtake each other. */
export function isNews(known: readonly Order[], order: Order): boolean {
  return !known.some((one) => one.id === order.id && isNewer(one, order));
}

/** Of states of the same millisecond the one that has come further. */
function isNewer(one: Order, other: Order): boolean {
  const [at, otherAt] = [Date.parse(one.updatedAt), Date.parse(other.updatedAt)];
  if (at !== otherAt) return at > otherAt;
  return exact(one.filledQty).gt(other.filledQty) || (isClosed(one.status) && !isClosed(other.status));
}

/** A list of orders, the newest first, after an order's new state: it enters or leaves by its phase. */
export function withOrder(list: readonly Order[], order: Order, phase: 'open' | 'closed'): Order[] {
  const known = list.find((one) => one.id === order.id);
  const rest = list.filter((one) => one.id !== order.id);
  if (isClosed(order.status) !== (phase === 'closed')) return rest;
  if (known) return list.map((one) => (one.id === order.id ? order : one));
  return [order, ...rest].sort((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt));
}
