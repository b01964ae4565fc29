import type { IBApi } from '@stoqey/ib';
import { DeskError } from '@/domain/errors';
import type { Logger } from '@/server/platform/logger';
import { type GatewayAddress, isPaperNumber } from '../wire/gateway-address';
import { isLinkBack, isLinkLost, isRefusal } from '../wire/refusals';
import { type Connection, openConnection } from './connection';
import {
  askCompletedOrders,
  askExecutions,
  askOpenOrders,
  askPositions,
  feedBook,
  type IbPosition,
} from './feed-book';
import { createOrderBook, type OrderBook, type OrderNews } from './order-book';
import { askSummary, type Summary } from './summary';
import { type Begin, createRequests, notConnected, oneAtATime } from './requests';

export type GatewayWatcher = {
  onNews(news: OrderNews): void;
  /** Each time that orders, executions and positions were asked for anew after a gap. */
  onUp(): void;
  onDown(reason: string): void;
};

type ErrorListener = (id: number, code: number, message: string) => void;

/** One gateway, as one of its clients: all accounts behind it share this and its one socket. */
export type Gateway = {
  readonly book: OrderBook;
  readonly clientId: number;
  /** Why nothing can be asked or sent now; null while all is well. */
  readonly down: string | null;
  readonly accounts: readonly string[];
  /** Asks when the gateway is up. Errors: `broker_timeout`, `broker_error`, `not_found`. */
  ask<Answer>(what: string, begin: Begin<Answer>): Promise<Answer>;
  /** Brings the book up to date with what works, what has ended, and what was executed. */
  readonly refresh: Record<'open' | 'completed' | 'executions', () => Promise<void>>;
  positions(): Promise<IbPosition[]>;
  /** The figures of all accounts, by account and tag. */
  summary(): Promise<Map<string, Summary>>;
  /** Hands the connection over for one order; null, and nothing is written, while it is down. */
  send(write: (api: IBApi, orderId: number) => void, orderId?: number): number | null;
  /** Tells of errors by the number of the order or request that they are about. */
  onError(listener: ErrorListener): () => void;
  /** Called with the client of each connection there is or will be, to listen on it. */
  onClient(listener: (api: IBApi) => void): void;
  /** A number for a request that goes on, such as of prices. */
  newRequestId(): number;
  watch(watcher: GatewayWatcher): () => void;
  close(): void;
};

const [FIRST_BACKOFF_MS, MOST_BACKOFF_MS] = [500, 10_000];
/** A gateway that is logged in to real money is left alone for so long. */
const REFUSED_BACKOFF_MS = 60_000;
const UP_LIMIT_MS = 5_000;

/** `address` is null where the operator has named no gateway: then nothing ever connects. */
type Options = { address: GatewayAddress | null; log: Logger };

/**
 * Connects at first use and from then on again and again. Whatever may have made it miss something (a new socket, IB
 * lost and found, another first order number) ends with asking for orders, executions and positions before anybody
 * may send or hears that it is up: what is pushed is never trusted alone.
 */
export function createGateway({ address, log }: Options): Gateway {
  const watchers = new Set<GatewayWatcher>();
  const errorListeners = new Set<ErrorListener>();
  const clientListeners: ((api: IBApi) => void)[] = [];
  const requests = createRequests();
  const book = createOrderBook(
    (news) => {
      for (const watcher of watchers) watcher.onNews(news);
    },
    (first, other) =>
      log.error({ first, other }, 'Interactive Brokers corrected an execution that is booked'),
  );
  let connection: Connection | null = null;
  let accounts: readonly string[] = [];
  let down: string | null =
    address === null ? 'IBKR_GATEWAY is not set on this desk' : 'it was not connected yet';
  let nextOrderId = 1;
  let backoffMs = FIRST_BACKOFF_MS;
  let era = 0;
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;
  const waiting = new Set<() => void>();

  function fall(reason: string): void {
    const wasUp = down === null;
    down = reason;
    era += 1;
    requests.failAll(reason);
    if (wasUp) log.warn({ reason }, 'the gateway of Interactive Brokers is down');
    if (wasUp) for (const watcher of watchers) watcher.onDown(reason);
  }

  function connect(): void {
    if (isClosed || address === null || connection !== null) return;
    clearTimeout(timer);
    const opened: Connection = openConnection(address, {
      onOpen(nextValidId, list) {
        if (!takeAccounts(opened, list)) return;
        takeNumber(nextValidId);
        void sync(opened);
      },
      onAccounts: (list) => void takeAccounts(opened, list),
      onNextValidId(id) {
        const isJump = id > nextOrderId;
        takeNumber(id);
        // Somebody else has taken numbers of this client, or the gateway was set back: look what is there.
        if (isJump && down === null) {
          fall('its order numbers jumped');
          void sync(opened);
        }
      },
      onInfo(code, message) {
        if (isLinkLost(code)) fall(message);
        if (isLinkBack(code)) {
          fall(message);
          void sync(opened);
        }
      },
      onError(id, code, message) {
        requests.fail(id, code, message);
        if (address !== null && isRefusal(code, message)) book.takeRefusal(id, address.clientId);
        for (const listener of errorListeners) listener(id, code, message);
      },
      onClosed(reason) {
        if (connection === opened) connection = null;
        fall(reason);
        timer = setTimeout(connect, backoffMs);
        timer.unref();
        backoffMs = Math.min(backoffMs * 2, MOST_BACKOFF_MS);
      },
    });
    connection = opened;
    feedBook(opened.api, book);
    for (const listener of clientListeners) listener(opened.api);
  }

  /** One account that is not paper is enough to speak with this gateway no more: its orders could be real. */
  function takeAccounts(opened: Connection, list: readonly string[]): boolean {
    const foreign = list.find((name) => !isPaperNumber(name));
    if (foreign === undefined) {
      accounts = list;
      return true;
    }
    accounts = [];
    backoffMs = REFUSED_BACKOFF_MS;
    log.error({ account: foreign }, 'the gateway is logged in to an account that is not a paper account');
    opened.close();
    return false;
  }

  /** Numbers of orders only grow: to use one twice would change the order that has it. */
  function takeNumber(nextValidId: number): void {
    const used = accounts
      .flatMap((account) => book.orders(account))
      .filter(({ clientId }) => clientId === address?.clientId)
      .map(({ orderId }) => orderId + 1);
    nextOrderId = Math.max(nextOrderId, nextValidId, ...used);
  }

  async function sync(opened: Connection): Promise<void> {
    const began = era;
    try {
      await requests.ask(opened.api, 'its open orders', askOpenOrders);
      await requests.ask(opened.api, 'its completed orders', askCompletedOrders);
      await requests.ask(opened.api, 'its executions', askExecutions);
      await requests.ask(opened.api, 'its positions', askPositions);
    } catch (error) {
      if (began !== era) return;
      log.warn({ err: error }, 'the gateway of Interactive Brokers could not be asked what it holds');
      return opened.close();
    }
    if (began !== era || isClosed) return;
    takeNumber(nextOrderId);
    down = null;
    backoffMs = FIRST_BACKOFF_MS;
    log.info({ accounts }, 'the gateway of Interactive Brokers is up');
    for (const resolve of waiting) resolve();
    for (const watcher of watchers) watcher.onUp();
  }

  /** The connection once it is up. */
  async function upConnection(): Promise<Connection> {
    if (down !== null && address !== null) {
      // A stale timer of a long backoff must not keep whoever asks waiting.
      if (connection === null && backoffMs < REFUSED_BACKOFF_MS) connect();
      await new Promise<void>((resolve) => {
        const settle = () => {
          clearTimeout(late);
          waiting.delete(settle);
          resolve();
        };
        const late = setTimeout(settle, UP_LIMIT_MS);
        waiting.add(settle);
      });
    }
    if (down !== null || connection === null) throw notConnected(down ?? 'it is gone');
    return connection;
  }

  const ask: Gateway['ask'] = async (what, begin) => {
    const { api } = await upConnection();
    return requests.ask(api, what, begin);
  };

  return {
    book,
    clientId: address?.clientId ?? -1,
    get down() {
      return down;
    },
    get accounts() {
      return accounts;
    },
    ask,
    refresh: {
      open: oneAtATime(() => ask('its open orders', askOpenOrders)),
      completed: oneAtATime(() => ask('its completed orders', askCompletedOrders)),
      executions: oneAtATime(() => ask('its executions', askExecutions)),
    },
    positions: oneAtATime(() => ask('its positions', askPositions)),
    // IB tells two summaries at a time at most.
    summary: oneAtATime(() => ask('its accounts', askSummary)),
    send(write, orderId) {
      if (down !== null || connection === null) return null;
      const id = orderId ?? nextOrderId;
      if (orderId === undefined) nextOrderId += 1;
      write(connection.api, id);
      return id;
    },
    onError(listener) {
      errorListeners.add(listener);
      return () => void errorListeners.delete(listener);
    },
    onClient(listener) {
      clientListeners.push(listener);
      if (connection !== null) listener(connection.api);
    },
    newRequestId: () => requests.newId(),
    watch(watcher) {
      watchers.add(watcher);
      if (down === null) watcher.onUp();
      else connect();
      return () => void watchers.delete(watcher);
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
      connection?.close();
      clearTimeout(timer);
    },
  };
}

/** Errors: `forbidden` for a number that is no paper account's, `not_found` for one that is not behind the gateway. */
export function refuseAccount(gateway: Pick<Gateway, 'accounts'>, accountNumber: string): void {
  if (!isPaperNumber(accountNumber)) {
    throw new DeskError(
      'forbidden',
      `${accountNumber} is not a paper account of Interactive Brokers; those begin with DU or DF.`,
    );
  }
  if (!gateway.accounts.includes(accountNumber)) {
    throw new DeskError(
      'not_found',
      `The gateway is not logged in to ${accountNumber}. Log it in to that account, or look at the number.`,
    );
  }
}
