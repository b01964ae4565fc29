import { matchQuery, type QueryClient } from '@tanstack/react-query';
import type { Order } from '@/domain/order/order';
import { isNews } from './order-lists';

type Heard = { order: Order; at: number };

/** So many orders are remembered; an answer is on its way for seconds, not for as long as so many change. */
const KEPT = 500;
const heardBy = new WeakMap<QueryClient, Map<string, Heard>>();

function heardOf(client: QueryClient): Map<string, Heard> {
  const heard = heardBy.get(client) ?? new Map<string, Heard>();
  heardBy.set(client, heard);
  return heard;
}

/** Remembers an order's newest state, and when it came. Whether it is the newest. */
export function hear(client: QueryClient, order: Order): boolean {
  const heard = heardOf(client);
  const known = heard.get(order.id);
  if (known !== undefined && !isNews([known.order], order)) return false;
  heard.delete(order.id);
  heard.set(order.id, { order, at: performance.now() });
  const [oldest] = heard.keys();
  if (heard.size > KEPT && oldest !== undefined) heard.delete(oldest);
  return true;
}

/**
 * Calls `put` again with what was heard while a list was on its way: the list may be from before it.
 * @param listKey the key that all lists of orders begin with
 * @returns ends it
 */
export function followLists(
  client: QueryClient,
  listKey: readonly unknown[],
  put: (order: Order) => void,
): () => void {
  const askedAt = new Map<string, number>();
  return client.getQueryCache().subscribe((event) => {
    if (event.type !== 'updated' || !matchQuery({ queryKey: listKey }, event.query)) return;
    const { queryHash } = event.query;
    if (event.action.type === 'fetch') askedAt.set(queryHash, performance.now());
    if (event.action.type !== 'success' || event.action.manual === true) return;
    const since = askedAt.get(queryHash) ?? Number.NEGATIVE_INFINITY;
    // A copy: whoever puts an order hears it once more.
    const meanwhile = [...heardOf(client).values()].filter(({ at }) => at >= since);
    for (const { order } of meanwhile) put(order);
  });
}
