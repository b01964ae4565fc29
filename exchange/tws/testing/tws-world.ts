import {
  type Contract,
  type ContractDetails,
  EventName,
  type Execution,
  IBApi,
  type Order,
  type OrderState,
  SecType,
} from '@stoqey/ib';
import { type Exchange, type ExchangeOptions, startExchange } from '../../index';

export const KEYS = { keyId: 'PKTWS', secret: 'tws-secret' };

/** What a client was told of an order. */
export interface SeenOrder {
  readonly orderId: number;
  readonly contract: Contract;
  readonly order: Order;
  readonly state: OrderState;
}
export interface SeenStatus {
  readonly orderId: number;
  readonly status: string;
  readonly filled: number;
  readonly remaining: number;
  readonly averagePrice: number;
  readonly permId: number;
  readonly clientId: number;
}
export interface SeenExecution {
  readonly reqId: number;
  readonly contract: Contract;
  readonly execution: Execution;
}
export interface SeenError {
  readonly id: number;
  readonly code: number;
  readonly text: string;
}

const WAIT_MS = 8_000;

/** A program that trades through the official TypeScript client, and remembers all it is told. */
export class TwsProgram {
  readonly api: IBApi;
  readonly orders: SeenOrder[] = [];
  readonly statuses: SeenStatus[] = [];
  readonly executions: SeenExecution[] = [];
  readonly commissions: { execId: string; commission: number }[] = [];
  readonly completed: { contract: Contract; order: Order; state: OrderState }[] = [];
  readonly errors: SeenError[] = [];
  accounts: string[] = [];
  nextId = 0;
  connected = false;
  #requests = 10_000;
  #wake: () => void = () => {};

  constructor(port: number) {
    this.api = new IBApi({ host: '127.0.0.1', port, maxReqPerSec: 1_000 });
    this.#listen();
  }

  /** Connects and waits for the number that its orders begin with. */
  static async open(port: number, clientId = 1): Promise<TwsProgram> {
    const program = new TwsProgram(port);
    await program.connect(clientId);
    return program;
  }

  async connect(clientId = 1): Promise<void> {
    this.nextId = 0;
    this.api.connect(clientId);
    await this.until(() => this.nextId > 0, 'nextValidId');
  }

  async close(): Promise<void> {
    if (!this.connected) return;
    this.api.disconnect();
    await this.until(() => !this.connected, 'the end of the connection');
  }

  /** Waits until something is so; says what did not come. */
  async until(isSo: () => boolean, what: string): Promise<void> {
    const end = Date.now() + WAIT_MS;
    while (!isSo()) {
      const left = end - Date.now();
      if (left <= 0) throw new Error(`waited for ${what}; errors: ${JSON.stringify(this.errors)}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        setTimeout(resolve, Math.min(left, 50));
      });
    }
  }

  /** Sends an order under the next number, or the one given. */
  place(order: Order, contract: Contract = stock('AAPL'), orderId = this.nextId): number {
    if (orderId === this.nextId) this.nextId += 1;
    this.api.placeOrder(orderId, contract, { transmit: true, ...order });
    return orderId;
  }

  async status(orderId: number, status: string): Promise<SeenStatus> {
    const find = (): SeenStatus | undefined =>
      this.statuses.find((one) => one.orderId === orderId && one.status === status);
    await this.until(() => find() !== undefined, `${status} of ${orderId}`);
    const found = find();
    if (found === undefined) throw new Error('it was there');
    return found;
  }

  /** Waits until anything is said of an order's status: on a slow disk the first words may be of a later one. */
  heard(orderId: number): Promise<void> {
    return this.until(() => this.statuses.some((one) => one.orderId === orderId), `a status of ${orderId}`);
  }

  async error(code: number, id?: number): Promise<SeenError> {
    const find = (): SeenError | undefined =>
      this.errors.find((one) => one.code === code && (id === undefined || one.id === id));
    await this.until(() => find() !== undefined, `error ${code}`);
    const found = find();
    if (found === undefined) throw new Error('it was there');
    return found;
  }

  /** All orders that are open, by whoever placed them. */
  async allOpenOrders(): Promise<SeenOrder[]> {
    const before = this.orders.length;
    await this.#asked(EventName.openOrderEnd, () => this.api.reqAllOpenOrders());
    return this.orders.slice(before);
  }

  async openOrders(): Promise<SeenOrder[]> {
    const before = this.orders.length;
    await this.#asked(EventName.openOrderEnd, () => this.api.reqOpenOrders());
    return this.orders.slice(before);
  }

  async completedOrders(): Promise<TwsProgram['completed']> {
    const before = this.completed.length;
    await this.#asked(EventName.completedOrdersEnd, () => this.api.reqCompletedOrders(false));
    return this.completed.slice(before);
  }

  async allExecutions(
    filter: Parameters<IBApi['reqExecutions']>[1] = {},
    reqId = 900,
  ): Promise<SeenExecution[]> {
    const before = this.executions.length;
    await this.#asked(EventName.execDetailsEnd, () => this.api.reqExecutions(reqId, filter));
    return this.executions.slice(before).filter((one) => one.reqId === reqId);
  }

  /** All contracts that a description fits; none when it is refused. */
  async contractDetails(contract: Contract): Promise<ContractDetails[]> {
    this.#requests += 1;
    const id = this.#requests;
    const found: ContractDetails[] = [];
    let done = false;
    const hear = (of: number, one: ContractDetails): void => {
      if (of === id) found.push(one);
    };
    this.api.on(EventName.contractDetails, hear);
    this.api.once(EventName.contractDetailsEnd, () => void (done = true));
    this.api.reqContractDetails(id, contract);
    await this.until(() => done || this.errors.some((error) => error.id === id), 'contract details');
    this.api.off(EventName.contractDetails, hear);
    return found;
  }

  async #asked(
    end: EventName.openOrderEnd | EventName.completedOrdersEnd | EventName.execDetailsEnd,
    ask: () => void,
  ): Promise<void> {
    let done = false;
    this.api.once(end, () => {
      done = true;
      this.#wake();
    });
    ask();
    await this.until(() => done, end);
  }

  #listen(): void {
    const { api } = this;
    const wake = (): void => this.#wake();
    api.on(EventName.connected, () => void (this.connected = true));
    api.on(EventName.disconnected, () => void (this.connected = false));
    api.on(EventName.nextValidId, (id) => void (this.nextId = id));
    api.on(EventName.managedAccounts, (list) => void (this.accounts = list.split(',')));
    api.on(
      EventName.openOrder,
      (orderId, contract, order, state) => void this.orders.push({ orderId, contract, order, state }),
    );
    api.on(
      EventName.orderStatus,
      (orderId, status, filled, remaining, averagePrice, permId, _parent, _last, clientId) =>
        void this.statuses.push({
          orderId,
          status,
          filled,
          remaining,
          averagePrice,
          permId: permId ?? 0,
          clientId: clientId ?? -1,
        }),
    );
    api.on(
      EventName.execDetails,
      (reqId, contract, execution) => void this.executions.push({ reqId, contract, execution }),
    );
    api.on(
      EventName.commissionReport,
      ({ execId = '', commission = -1 }) => void this.commissions.push({ execId, commission }),
    );
    api.on(
      EventName.completedOrder,
      (contract, order, state) => void this.completed.push({ contract, order, state }),
    );
    api.on(EventName.error, (error, code, id) => void this.errors.push({ id, code, text: error.message }));
    api.on(EventName.info, (text, code) => void this.errors.push({ id: -1, code, text }));
    api.on(EventName.all, wake);
  }
}

/** A stock or fund, routed as most are. */
export const stock = (symbol: string): Contract => ({
  symbol,
  secType: SecType.STK,
  exchange: 'SMART',
  currency: 'USD',
});

/** An exchange with a TWS port that shows one account. */
export async function startWorld(options: ExchangeOptions = {}): Promise<{
  exchange: Exchange;
  port: number;
  control(path: string, body: unknown, method?: string): Promise<{ status: number; body: unknown }>;
}> {
  const plain = {
    accounts: [KEYS],
    twsPort: 0,
    twsAccounts: [KEYS.keyId],
    rateLimit: 'off',
    partialFillRate: 0,
  } as const;
  const exchange = await startExchange({ ...plain, ...options });
  return {
    exchange,
    port: exchange.twsPort ?? 0,
    async control(path, body, method = 'POST') {
      const answer = await fetch(`${exchange.url}/control/${path}`, {
        method,
        headers: { Authorization: `Bearer ${exchange.controlToken}` },
        ...(method === 'GET' || method === 'DELETE' ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      // The journal comes as it is.
      const isJson = answer.headers.get('content-type')?.includes('application/json') === true;
      const parsed: unknown = isJson ? JSON.parse(text) : text;
      return { status: answer.status, body: parsed };
    },
  };
}
