import { tradedSymbol } from '@/domain/market/symbols';
import type { Order } from '@/domain/order/order';
import type { OrderStatus } from '@/domain/order/status';

/** How an order may have ended, as the filter offers it. */
export const ENDINGS = ['all', 'filled', 'canceled', 'refused', 'expired', 'replaced'] as const;
export type Ending = (typeof ENDINGS)[number];

export type HistoryFilter = { symbol: string; ending: Ending };

const STATUSES: Record<Exclude<Ending, 'all'>, readonly OrderStatus[]> = {
  filled: ['filled'],
  canceled: ['canceled'],
  refused: ['rejected', 'denied'],
  expired: ['expired'],
  replaced: ['replaced'],
};

/** The symbol to ask the server for: none while nothing is typed, null for what can be no symbol. */
export function askedSymbol(text: string): string | undefined | null {
  const symbol = text.trim().toUpperCase();
  if (symbol === '') return undefined;
  return tradedSymbol.safeParse(symbol).success ? symbol : null;
}

export function isWithin({ symbol, ending }: HistoryFilter, order: Order): boolean {
  const asked = askedSymbol(symbol);
  if (asked === null || (asked !== undefined && !tradesIn(order, asked))) return false;
  return ending === 'all' || STATUSES[ending].includes(order.status);
}

/** Whether an order, or one of its legs, is in a symbol. */
export const tradesIn = ({ symbol, legs }: Pick<Order, 'symbol' | 'legs'>, wanted: string): boolean =>
  symbol === wanted || (legs?.some((leg) => leg.symbol === wanted) ?? false);

/** The orders of the filter from the list that is kept up to date and the pages behind it, each once. */
export function historyRows(
  live: readonly Order[],
  pages: readonly { orders: readonly Order[] }[],
  filter: HistoryFilter,
): Order[] {
  const byId = new Map<string, Order>();
  for (const order of [...pages.flatMap(({ orders }) => orders), ...live]) byId.set(order.id, order);
  return [...byId.values()]
    .filter((order) => isWithin(filter, order))
    .toSorted((a, b) => (a.id < b.id ? 1 : -1));
}
