import { type Exact, exact, plain } from '../money';
import type { Order, OrderSide } from '../order/order';
import { isClosed } from '../order/status';
import type { StopLost } from './alert';

/** What must be known of an order to tell whether it protects, or should be protected. */
export type GroupOrder = Pick<
  Order,
  | 'id'
  | 'side'
  | 'type'
  | 'status'
  | 'qty'
  | 'filledQty'
  | 'orderClass'
  | 'parentId'
  | 'replacesId'
  | 'reason'
  | 'createdAt'
> & {
  /** Whether its own owner asked for its end. */
  isCancelMeant: boolean;
  /** Whether it asked for a stop. */
  wantsStop: boolean;
};

/** Shares of a position that have no stop, by the order that asked for one. */
export type Unprotected = {
  orderId: string;
  qty: string;
  side: OrderSide;
  reason: StopLost;
  message: string | null;
};

const STOPS: ReadonlySet<Order['type']> = new Set(['stop', 'stop_limit', 'trailing_stop']);
const LOST: Partial<Record<Order['status'], StopLost>> = {
  rejected: 'rejected',
  denied: 'rejected',
  canceled: 'canceled',
  expired: 'expired',
};

type Group = { entry: GroupOrder; stops: GroupOrder[]; closing: OrderSide; open: Exact };

const other = (side: OrderSide): OrderSide => (side === 'buy' ? 'sell' : 'buy');
const restOf = ({ qty, filledQty }: GroupOrder): Exact => exact(qty ?? filledQty).minus(filledQty);
const atLeastZero = (value: Exact): Exact => (value.lt(0) ? exact(0) : value);
const least = (a: Exact, b: Exact): Exact => (a.lt(b) ? a : b);

/**
 * Which orders of one symbol asked for a stop that does not work while their shares are held. An entry that still
 * works has its exits to come; a stop that its owner cancelled is missed by nobody; any other stop of the symbol
 * stands in for a lost one.
 * @param held signed shares by the desk's books
 * @param orders every bracket, oto and oco of the symbol with its exits, every open stop, and those that were cancelled
 */
export function unprotected(held: string, orders: readonly GroupOrder[]): Unprotected[] {
  const groups = groupsOf(orders).filter(({ open }) => open.gt(0));
  const closing: OrderSide = exact(held).gt(0) ? 'sell' : 'buy';
  const concerned = groups.filter((group) => group.closing === closing && isDone(group));
  const living = concerned.filter(({ stops }) => stops.some(works));
  const theirs = new Set(living.filter(isEntry).flatMap(({ stops }) => stops.map(({ id }) => id)));
  let spare = orders
    .filter((order) => isStop(order) && works(order) && order.side === closing && !theirs.has(order.id))
    .reduce((sum, order) => sum.plus(restOf(order)), exact(0));
  let left = living.filter(isEntry).reduce((rest, { open }) => rest.minus(open), exact(held).abs());
  const found: Unprotected[] = [];
  for (const group of concerned) {
    if (group.stops.some(works)) continue;
    const need = least(group.open, atLeastZero(left));
    left = left.minus(need);
    // What its owner meant to be without a stop takes its shares, and no other's stop.
    if (isMeant(group) || orders.some((order) => standsDown(order, group))) continue;
    const covered = least(need, spare);
    spare = spare.minus(covered);
    const qty = need.minus(covered);
    if (qty.gt(0)) found.push({ orderId: group.entry.id, qty: plain(qty), side: closing, ...lossOf(group) });
  }
  return found;
}

const isStop = ({ type }: GroupOrder): boolean => STOPS.has(type);
const works = ({ status }: GroupOrder): boolean => !isClosed(status);
const isEntry = ({ entry }: Group): boolean => entry.orderClass !== 'oco';

/** Whether its exits should live: an oco's do from the start. */
const isDone = (group: Group): boolean => !isEntry(group) || isClosed(group.entry.status);

function isMeant({ entry, stops }: Group): boolean {
  const ended = ({ isCancelMeant, status }: GroupOrder) => isCancelMeant && status === 'canceled';
  return stops.some(ended) || (entry.orderClass === 'oco' && ended(entry));
}

/** Whether its owner ended what stood in for the stop of a group: one placed later, by itself or in an oco. */
function standsDown(order: GroupOrder, { entry, stops, closing }: Group): boolean {
  const isStandIn = order.orderClass === 'oco' || (order.orderClass === 'simple' && isStop(order));
  const lost = stops.at(-1) ?? entry;
  const isLater = order.createdAt > lost.createdAt && order.side === closing;
  return isStandIn && isLater && order.status === 'canceled' && order.isCancelMeant;
}

function lossOf({ stops }: Group): Pick<Unprotected, 'reason' | 'message'> {
  const last = stops.findLast(({ status }) => LOST[status] !== undefined);
  return {
    reason: (last === undefined ? undefined : LOST[last.status]) ?? 'missing',
    message: last?.reason?.message ?? null,
  };
}

function groupsOf(orders: readonly GroupOrder[]): Group[] {
  const sorted = orders.toSorted((a, b) => a.createdAt.localeCompare(b.createdAt));
  const before = new Map(orders.map((order) => [order.id, order]));
  const heirs = new Map(orders.filter(isTaken).map((order) => [order.replacesId, order.id]));
  /** The newest order in the line of replacements. */
  const newest = (id: string): string => {
    let at = id;
    for (let heir = heirs.get(at); heir !== undefined && heir !== at; heir = heirs.get(at)) at = heir;
    return at;
  };
  const line = (order: GroupOrder): GroupOrder[] => {
    const old = order.replacesId === null ? undefined : before.get(order.replacesId);
    return old === undefined ? [order] : [order, ...line(old)];
  };
  /** The entry that an exit, or what replaced one, belongs to. */
  const rootOf = (order: GroupOrder): string | null => {
    const parent = line(order).find(({ parentId }) => parentId !== null)?.parentId ?? null;
    return parent === null ? null : newest(parent);
  };
  const exitsOf = new Map<string, GroupOrder[]>();
  for (const order of sorted) {
    const root = rootOf(order);
    if (root !== null) exitsOf.set(root, [...(exitsOf.get(root) ?? []), order]);
  }
  return sorted.flatMap((entry): Group[] => {
    const exits = exitsOf.get(entry.id) ?? [];
    const stops = exits.filter(isStop);
    const isGroup = entry.orderClass !== 'simple' && entry.orderClass !== 'mleg' && rootOf(entry) === null;
    const wantsStop = stops.length > 0 || line(entry).some((order) => order.wantsStop);
    if (!isGroup || !wantsStop || entry.status === 'replaced') return [];
    const gone = exits.reduce((sum, { filledQty }) => sum.plus(filledQty), exact(0));
    const isOco = entry.orderClass === 'oco';
    const open = (isOco ? restOf(entry) : exact(entry.filledQty)).minus(gone);
    return [{ entry, stops, closing: isOco ? entry.side : other(entry.side), open }];
  });
}

/** Whether it took another's place; one that was refused did not. */
const isTaken = ({ replacesId, status }: GroupOrder): boolean =>
  replacesId !== null && status !== 'denied' && status !== 'rejected';
