import { exact, plain } from '@/domain/money';
import { type OrderStatus, isClosed } from '@/domain/order/status';
import type { VenueFill, VenueOrder } from '@/server/brokers/ports';
import type { IbCommission, IbExecution } from '../wire/parse-execution';
import type { IbOrder } from '../wire/parse-order';

/** What an order's pushes say beyond its terms. */
export type IbStatus = {
  permId: number;
  orderId: number;
  clientId: number;
  status: string;
  filledQty: string | null;
  averagePrice: string | null;
};

/** What was just learned of an order: where it stands, and the execution that said so. */
export type OrderNews = { order: IbOrder; execution: IbExecution | null };

type Listener = (news: OrderNews) => void;
type Conflict = (first: IbExecution, other: IbExecution) => void;

/**
 * Everything the gateway has told of orders, executions and commissions, by their own ids, of all its accounts: told
 * again it changes nothing. What an order is comes from here and not from a single message, since IB spreads it over
 * several, which may come in any order, twice, or not at all.
 */
export type OrderBook = {
  takeOrder(order: IbOrder): void;
  takeStatus(status: IbStatus): void;
  takeExecution(execution: IbExecution): void;
  takeCommission(commission: IbCommission): void;
  /** IB refused an order that it had shown before. */
  takeRefusal(orderId: number, clientId: number): void;
  orders(account: string): IbOrder[];
  byRef(account: string, ref: string): IbOrder | null;
  byPermId(permId: number): IbOrder | null;
  executions(account: string): IbExecution[];
  /** Commissions of an account's executions, with the time of the execution. */
  commissions(account: string): { id: string; amount: string; at: string }[];
  venueOrder: (order: IbOrder) => VenueOrder;
};

export const fillOf = ({ id, permId, qty, price, at }: IbExecution): VenueFill => ({
  executionId: id,
  venueOrderId: String(permId),
  qty,
  price,
  at,
});

const STATUS: Readonly<Record<string, OrderStatus>> = {
  ApiPending: 'pending_new',
  PendingSubmit: 'pending_new',
  PreSubmitted: 'accepted',
  Submitted: 'new',
  PendingCancel: 'pending_cancel',
  ApiCancelled: 'canceled',
  Cancelled: 'canceled',
  Filled: 'filled',
};

export function createOrderBook(listener: Listener, onConflict: Conflict): OrderBook {
  const orders = new Map<number, IbOrder>();
  const executions = new Map<string, IbExecution>();
  const ofOrder = new Map<number, IbExecution[]>();
  const commissions = new Map<string, IbCommission>();
  const refused = new Set<number>();

  const filledBy = (permId: number) =>
    (ofOrder.get(permId) ?? []).reduce((sum, { qty }) => sum.plus(qty), exact(0));

  /** What is filled is the most that IB ever said; its executions are a word on it like any other. */
  function filledOf({ permId, filledQty }: IbOrder) {
    const sum = filledBy(permId);
    return sum.gt(filledQty) ? sum : exact(filledQty);
  }

  function averageOf({ permId, averagePrice }: IbOrder): string | null {
    const all = ofOrder.get(permId) ?? [];
    const sum = filledBy(permId);
    if (sum.isZero()) return averagePrice;
    const worth = all.reduce((total, { qty, price }) => total.plus(exact(qty).times(price)), exact(0));
    return plain(worth.div(sum).toDecimalPlaces(9));
  }

  function statusOf(order: IbOrder): OrderStatus {
    const filled = filledOf(order);
    // A combination of shares and their executions may end an order before its own last word comes.
    if (order.qty !== null && filled.gte(order.qty) && filled.gt(0)) return 'filled';
    // Inactive is what a refused order becomes, and one that waits for something of its owner.
    if (order.status === 'Inactive') return refused.has(order.permId) ? 'rejected' : 'held';
    const status = STATUS[order.status] ?? 'unknown';
    // IB says Filled of an order of which executions are still to come.
    const isWorking = status === 'new' || status === 'accepted';
    return isWorking && filled.gt(0) ? 'partially_filled' : status;
  }

  function venueOrder(order: IbOrder): VenueOrder {
    const status = statusOf(order);
    const last = ofOrder.get(order.permId)?.at(-1)?.at ?? null;
    return {
      clientOrderId: order.ref === '' ? `ib-${order.permId}` : order.ref,
      venueOrderId: String(order.permId),
      symbol: order.symbol,
      side: order.side,
      positionIntent: null,
      type: order.type,
      timeInForce: order.timeInForce,
      qty: order.qty,
      notional: null,
      limitPrice: order.limitPrice,
      stopPrice: order.stopPrice,
      trailPrice: order.trailPrice,
      trailPercent: order.trailPercent,
      extendedHours: order.outsideRth,
      orderClass: 'simple',
      filledQty: plain(filledOf(order)),
      filledAvgPrice: averageOf(order),
      status,
      submittedAt: null,
      closedAt: isClosed(status) ? (order.closedAt ?? last) : null,
      legs: [],
    };
  }

  function tell(permId: number, execution: IbExecution | null): void {
    const order = orders.get(permId);
    if (order !== undefined) listener({ order, execution });
  }

  return {
    takeOrder(order) {
      const known = orders.get(order.permId);
      const filled = known === undefined ? null : exact(known.filledQty);
      orders.set(order.permId, {
        ...order,
        // A completed order has lost the number it was placed under; what was filled does not shrink.
        orderId: order.orderId || (known?.orderId ?? 0),
        clientId: order.clientId === -1 ? (known?.clientId ?? -1) : order.clientId,
        filledQty: filled?.gt(order.filledQty) === true ? plain(filled) : order.filledQty,
        averagePrice: order.averagePrice ?? known?.averagePrice ?? null,
        closedAt: order.closedAt ?? known?.closedAt ?? null,
      });
      tell(order.permId, null);
    },
    takeStatus({ permId, orderId, clientId, status, filledQty, averagePrice }) {
      const known = orders.get(permId);
      if (known === undefined) return;
      const more = filledQty !== null && exact(filledQty).gt(known.filledQty);
      orders.set(permId, {
        ...known,
        status,
        ...(orderId > 0 ? { orderId, clientId } : {}),
        ...(more ? { filledQty, averagePrice: averagePrice ?? known.averagePrice } : {}),
      });
      tell(permId, null);
    },
    takeExecution(execution) {
      const first = executions.get(execution.id);
      if (first !== undefined) {
        const isSame = first.qty === execution.qty && first.price === execution.price;
        if (!isSame && first.execId !== execution.execId) onConflict(first, execution);
        return;
      }
      executions.set(execution.id, execution);
      const all = ofOrder.get(execution.permId) ?? [];
      all.push(execution);
      ofOrder.set(execution.permId, all);
      tell(execution.permId, execution);
    },
    takeCommission(commission) {
      if (!commissions.has(commission.id)) commissions.set(commission.id, commission);
    },
    takeRefusal(orderId, clientId) {
      const order = [...orders.values()].find((one) => one.orderId === orderId && one.clientId === clientId);
      if (order === undefined) return;
      refused.add(order.permId);
      tell(order.permId, null);
    },
    orders: (account) => [...orders.values()].filter((order) => order.account === account),
    byRef(account, ref) {
      const found = [...orders.values()].filter((order) => order.account === account && order.ref === ref);
      return found.toSorted((a, b) => a.permId - b.permId)[0] ?? null;
    },
    byPermId: (permId) => orders.get(permId) ?? null,
    executions: (account) => [...executions.values()].filter((each) => each.account === account),
    commissions: (account) =>
      [...commissions.values()].flatMap(({ id, amount }) => {
        const execution = executions.get(id);
        return execution?.account === account ? [{ id, amount, at: execution.at }] : [];
      }),
    venueOrder,
  };
}
