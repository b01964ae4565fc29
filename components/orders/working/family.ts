import { isLeg, type Order } from '@/domain/order/order';

export type FamilyRow = {
  order: Order;
  /** Which exit of another order this is, or that it is a leg of one. */
  exit: 'profit' | 'stop' | 'leg' | null;
};

/** A limit takes the profit; every other exit is a stop of some kind. */
export function exitOf(order: Pick<Order, 'parentId' | 'type' | 'orderClass' | 'symbol'>): FamilyRow['exit'] {
  if (order.parentId === null) return null;
  if (isLeg(order)) return 'leg';
  return order.type === 'limit' ? 'profit' : 'stop';
}

/**
 * Puts exits and legs under the order they belong to and otherwise keeps the order of the list. Exits whose parent
 * has filled and left the list stay together where the first of them stood.
 */
export function withFamilies(orders: readonly Order[]): FamilyRow[] {
  const ids = new Set(orders.map(({ id }) => id));
  const exitsOf = (id: string) =>
    orders
      .filter(({ parentId }) => parentId === id)
      .toSorted((a, b) => Number(exitOf(a) === 'stop') - Number(exitOf(b) === 'stop'));
  const taken = new Set<string>();
  return orders.flatMap((order) => {
    const { parentId } = order;
    if (parentId !== null && ids.has(parentId)) return [];
    if (parentId !== null && taken.has(parentId)) return [];
    if (parentId !== null) taken.add(parentId);
    const family = parentId === null ? [order, ...exitsOf(order.id)] : exitsOf(parentId);
    return family.map((one) => ({ order: one, exit: exitOf(one) }));
  });
}
