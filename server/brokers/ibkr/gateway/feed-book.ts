import {
  type Contract,
  EventName,
  type Execution,
  type IBApi,
  type Order,
  type OrderState,
} from '@stoqey/ib';
import { parseCommission, parseExecution } from '../wire/parse-execution';
import { decimal, parseOrder, price } from '../wire/parse-order';
import type { OrderBook } from './order-book';
import type { Asking } from './requests';

/** Takes everything that a connection tells of orders into the book, whether it was asked for or came by itself. */
export function feedBook(api: IBApi, book: OrderBook): void {
  api.on(EventName.openOrder, (_id: number, contract: Contract, order: Order, state: OrderState) => {
    const parsed = parseOrder(contract, order, state);
    if (parsed !== null) book.takeOrder(parsed);
  });
  api.on(EventName.completedOrder, (contract: Contract, order: Order, state: OrderState) => {
    const parsed = parseOrder(contract, order, state);
    if (parsed !== null) book.takeOrder(parsed);
  });
  api.on(
    EventName.orderStatus,
    (orderId, status, filled, _remaining, average, permId = 0, _parent, _last, clientId = -1) => {
      if (permId <= 0) return;
      const filledQty = price(filled);
      book.takeStatus({ permId, orderId, clientId, status, filledQty, averagePrice: price(average) });
    },
  );
  api.on(EventName.execDetails, (_reqId: number, contract: Contract, execution: Execution) => {
    const parsed = parseExecution(contract, execution);
    if (parsed !== null) book.takeExecution(parsed);
  });
  api.on(EventName.commissionReport, (report) => {
    const parsed = parseCommission(report);
    if (parsed !== null) book.takeCommission(parsed);
  });
}

/** Asks for what works at IB, whoever entered it; resolves when all of it was told. */
export function askOpenOrders({ api, done, after }: Asking<void>): void {
  const end = () => done();
  api.on(EventName.openOrderEnd, end);
  after(() => api.off(EventName.openOrderEnd, end));
  api.reqAllOpenOrders();
}

/** Asks for what has ended today. */
export function askCompletedOrders({ api, done, after }: Asking<void>): void {
  const end = () => done();
  api.on(EventName.completedOrdersEnd, end);
  after(() => api.off(EventName.completedOrdersEnd, end));
  api.reqCompletedOrders(false);
}

/** Asks for the executions that the gateway still has: today's, with their commissions behind them. */
export function askExecutions({ api, reqId, done, after }: Asking<void>): void {
  const end = (ended: number) => {
    if (ended === reqId) done();
  };
  api.on(EventName.execDetailsEnd, end);
  after(() => api.off(EventName.execDetailsEnd, end));
  api.reqExecutions(reqId, {});
}

export type IbPosition = { account: string; contract: Contract; qty: string; averageCost: string | null };

/** Asks for all positions of all accounts of the gateway. */
export function askPositions({ api, done, after }: Asking<IbPosition[]>): void {
  const found: IbPosition[] = [];
  const take = (account: string, contract: Contract, qty: number, cost?: number) => {
    found.push({ account, contract, qty: decimal(qty) ?? '0', averageCost: decimal(cost) });
  };
  const end = () => done(found);
  api.on(EventName.position, take);
  api.on(EventName.positionEnd, end);
  after(() => {
    api.off(EventName.position, take);
    api.off(EventName.positionEnd, end);
    api.cancelPositions();
  });
  api.reqPositions();
}
