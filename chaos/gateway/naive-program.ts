import { type Contract, EventName, type Execution, IBApi, OrderAction, OrderType, SecType } from '@stoqey/ib';
import type { Books, BookOrder } from '../books';
import { money, units, worth } from '../journal';
import type { Terms } from '../senders/sender';
import { until } from '../until';
import type { GatewayProcess } from './gateway-process';

const FIRST_CASH = '100000';
const PATIENCE_MS = 700;
const CLIENT_ID = 9;

/** The control: a program at the gateway that believes what is pushed to it and asks for nothing. */
export type NaiveProgram = {
  /**
   * Sends an order, and once more when nothing is said of it.
   * @returns the reference that IB knows it by
   */
  submit(name: string, terms: Terms): Promise<string>;
  books(): Books;
  close(): void;
};

/** Connects, and again when it is cut off; what passed meanwhile it never asks about. */
export async function startNaiveProgram({ port }: GatewayProcess, account: string): Promise<NaiveProgram> {
  const orders = new Map<string, BookOrder>();
  const refs = new Map<number, string>();
  const fills: Books['fills'] = [];
  const held = new Map<string, bigint>();
  let cash = units(FIRST_CASH, 6);
  let api: IBApi | null = null;
  let nextId = 0;
  let isClosed = false;

  const write = (clientOrderId: string, status: string) =>
    orders.set(clientOrderId, { clientOrderId, status, hasReason: false });

  function hear(reqId: number, { symbol = '' }: Contract, execution: Execution): void {
    const { execId = '', shares = 0, price = 0, side = 'BOT' } = execution;
    if (reqId !== -1 || execution.acctNumber !== account) return;
    const [qty, paid] = [String(shares), String(price)];
    fills.push({ executionId: execId.split('.').slice(0, 3).join('.'), qty, price: paid });
    const sign = side === 'BOT' ? 1n : -1n;
    cash -= sign * worth(qty, paid);
    held.set(symbol, (held.get(symbol) ?? 0n) + sign * units(qty, 9));
  }

  function connect(): void {
    const opened = new IBApi({ host: '127.0.0.1', port, clientId: CLIENT_ID, maxReqPerSec: 45 });
    opened.on(EventName.nextValidId, (id: number) => {
      nextId = id;
      api = opened;
    });
    opened.on(EventName.execDetails, hear);
    opened.on(EventName.commissionReport, ({ commission = 0 }) => {
      cash -= units(String(commission), 6);
    });
    opened.on(EventName.orderStatus, (id: number, status: string) => {
      const ref = refs.get(id);
      if (ref === undefined) return;
      write(ref, status === 'Filled' ? 'filled' : status === 'Cancelled' ? 'canceled' : 'open');
    });
    opened.on(EventName.disconnected, () => {
      api = null;
      if (!isClosed) setTimeout(connect, 200);
    });
    opened.on(EventName.error, () => undefined);
    opened.connect();
  }

  async function place(ref: string, { symbol, side, qty, limitPrice }: Terms): Promise<boolean> {
    await until(() => api !== null, 20_000);
    const id = nextId;
    nextId += 1;
    refs.set(id, ref);
    const contract = { symbol, secType: SecType.STK, exchange: 'SMART', currency: 'USD' };
    api?.placeOrder(id, contract, {
      account,
      orderRef: ref,
      action: side === 'buy' ? OrderAction.BUY : OrderAction.SELL,
      orderType: limitPrice === null ? OrderType.MKT : OrderType.LMT,
      totalQuantity: Number(qty),
      ...(limitPrice === null ? {} : { lmtPrice: Number(limitPrice) }),
      transmit: true,
    });
    return until(() => orders.has(ref), PATIENCE_MS);
  }

  connect();
  return {
    async submit(name, terms) {
      const ref = `naive-${name}`;
      if (!(await place(ref, terms))) await place(ref, terms);
      if (!orders.has(ref)) write(ref, 'open');
      return ref;
    },
    books: () => ({
      orders: [...orders.values()],
      fills: [...fills],
      cash: money(cash),
      ledgerCash: null,
      positions: new Map(
        [...held].filter(([, qty]) => qty !== 0n).map(([symbol, qty]) => [symbol, String(qty)]),
      ),
      unprotected: new Set(),
      intents: [...orders.keys()].map((ref) => ({ name: ref, clientOrderId: ref })),
    }),
    close() {
      isClosed = true;
      api?.disconnect();
    },
  };
}
