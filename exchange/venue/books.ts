import type { SetFault } from '../control/fault';
import { worthIn } from '../assets/asset';
import { dayFrom } from '../clock/new-york';
import { parseMoney, parseQty } from '../decimal/decimal';
import type { JournalledOrder, JournalRecord, TwsFacts } from '../journal/records';
import {
  type Account,
  DEFAULT_CONFIGURATIONS,
  type Fill,
  movePosition,
  type TwsOrders,
} from '../ledger/account';
import { deposit, execution, Ledger } from '../ledger/ledger';
import { bookOpenedDay } from '../ledger/opened-day';
import { bookCash, bookPosition, bookSettlement, post } from '../ledger/postings';
import { feeTransfer } from '../ledger/transfers';
import { eventOf } from '../market/company/announced';
import type { Market, MarketState } from '../market/market';
import { type Order, orderFromRecord, restateOrder, trailedStop } from '../orders/order';
import { advance, afterPart, isOpen, type OrderStatus } from '../orders/status';

type RecordOf<T extends JournalRecord['type']> = Extract<JournalRecord, { type: T }>;

/** What a snapshot holds: plain values, maps and sets that refer to each other. */
export interface BooksState {
  readonly accounts: Map<string, Account>;
  readonly byKeyId: Map<string, Account>;
  readonly orders: Map<string, Order>;
  readonly open: Set<Order>;
  readonly faults: Map<string, SetFault>;
  readonly gatewayKeys: Set<string>;
  readonly lastSeq: number;
  readonly lastAt: number;
  readonly executions: number;
  readonly openedDay: number | null;
  readonly ledger: Map<string, Map<string, bigint>>;
  readonly market: MarketState;
}

/** Names an order of the TWS wire within its account. */
export const twsKey = ({ client_id, order_id }: Pick<TwsFacts, 'client_id' | 'order_id'>): string =>
  `${client_id}/${order_id}`;

function addTwsOrder(tws: TwsOrders, order: Order, facts: TwsFacts): void {
  const { client_id, order_id } = facts;
  tws.orders.set(twsKey(facts), order);
  tws.highest.set(client_id, Math.max(order_id, tws.highest.get(client_id) ?? 0));
}

/** All state of the exchange. It changes by journal records and by nothing else, live and in replay. */
export class Books {
  readonly accounts = new Map<string, Account>();
  readonly byKeyId = new Map<string, Account>();
  readonly orders = new Map<string, Order>();
  /** Orders that are still alive, in order of arrival. */
  readonly open = new Set<Order>();
  readonly #market: Market;
  lastSeq = 0;
  lastAt = 0;
  executions = 0;
  /** The last trading day whose beginning was booked; null before the first. */
  openedDay: number | null = null;
  readonly ledger = new Ledger();
  readonly faults = new Map<string, SetFault>();
  /** Key ids of the accounts that the TWS gateway shows. */
  readonly gatewayKeys = new Set<string>();

  constructor(market: Market) {
    this.#market = market;
  }

  /** All of it, as a snapshot keeps it; `load` takes it back. */
  save(): BooksState {
    const { accounts, byKeyId, orders, open, lastSeq, lastAt, executions, openedDay, faults } = this;
    const { gatewayKeys } = this;
    const shared = { accounts, byKeyId, orders, open, faults, gatewayKeys };
    return {
      ...shared,
      lastSeq,
      lastAt,
      executions,
      openedDay,
      ledger: this.ledger.save(),
      market: this.#market.save(),
    };
  }

  load(state: BooksState): void {
    for (const [id, account] of state.accounts) this.accounts.set(id, account);
    for (const [id, account] of state.byKeyId) this.byKeyId.set(id, account);
    for (const [id, order] of state.orders) this.orders.set(id, order);
    for (const order of state.open) this.open.add(order);
    for (const [id, fault] of state.faults) this.faults.set(id, fault);
    for (const key of state.gatewayKeys) this.gatewayKeys.add(key);
    this.lastSeq = state.lastSeq;
    this.lastAt = state.lastAt;
    this.executions = state.executions;
    this.openedDay = state.openedDay;
    this.ledger.load(state.ledger);
    this.#market.load(state.market);
  }

  /** Applies one record. Throws when the record cannot follow what came before it. */
  apply(record: JournalRecord): void {
    this.lastSeq = record.seq;
    this.lastAt = Math.max(this.lastAt, record.at);
    switch (record.type) {
      case 'account_created':
        return this.#createAccount(record);
      case 'gateway_account':
        this.gatewayKeys.add(record.key_id);
        return;
      case 'configured':
        this.#account(record.account_id).configurations = record.configurations;
        return;
      case 'order_accepted':
        return this.#acceptOrder(record);
      case 'clock_advanced':
        return;
      case 'fault_set':
        this.faults.set(record.fault_id, { id: record.fault_id, fault: record.fault, seen: 0, fired: 0 });
        return;
      case 'fault_fired':
        return this.#countFault(record);
      case 'faults_cleared':
        if (record.fault_id === null) this.faults.clear();
        else this.faults.delete(record.fault_id);
        return;
      case 'cash_moved':
        return bookCash(this.ledger, this.#account(record.account_id), record);
      case 'position_moved':
        return bookPosition(this.ledger, this.#account(record.account_id), record);
      case 'option_settled':
        return bookSettlement(this.ledger, this.#account(record.account_id), record);
      case 'action_announced':
        return this.#market.announce(record.symbol, eventOf(record.action));
      case 'day_opened':
        return this.#openDay(record);
      case 'exercise_declined':
        this.#account(record.account_id).notExercised.add(record.symbol);
        return;
      case 'watchlist_saved':
        return this.#saveWatchlist(record);
      case 'watchlist_deleted':
        this.#account(record.account_id).watchlists.delete(record.watchlist_id);
        return;
      case 'price_shifted':
        return this.#market.shift(record.symbol, record);
      case 'symbol_halted':
        return this.#market.halt(record.symbol, record.at);
      case 'symbol_resumed':
        return this.#market.resume(record.symbol, record.at);
      default:
        return this.#moveOrder(record);
    }
  }

  #openDay(record: RecordOf<'day_opened'>): void {
    this.openedDay = dayFrom(record.day);
    bookOpenedDay({ ledger: this.ledger, account: (id) => this.#account(id) }, record);
    for (const { orders } of record.splits) {
      for (const restated of orders) restateOrder(this.#order(restated.order_id), restated, record.at);
    }
  }

  #moveOrder(record: Extract<JournalRecord, { order_id: string }>): void {
    const order = this.#order(record.order_id);
    order.updatedAt = record.at;
    if (record.type === 'legs_filled') return this.#fillLegs(order, record);
    // The legs of a multi-leg order live and end with it.
    for (const [index, leg] of (order.orderClass === 'mleg' ? order.legs : []).entries()) {
      this.#moveOrder(this.#forLeg(record, leg, index));
    }
    switch (record.type) {
      case 'order_filled':
        return this.#fill(order, record);
      case 'order_working':
        return this.#enter(order, 'new');
      case 'order_triggered':
        order.triggered = true;
        return;
      case 'order_trailed':
        order.hwm = parseMoney(record.hwm);
        order.stopPrice = trailedStop(order, order.hwm ?? 0n);
        return;
      case 'order_reduced':
        order.qty = parseQty(record.qty);
        return;
      case 'cancel_requested':
        return this.#enter(order, 'pending_cancel');
      case 'order_canceled':
        order.canceledAt = record.at;
        return this.#enter(order, 'canceled');
      case 'order_expired':
        order.expiredAt = record.at;
        return this.#enter(order, 'expired');
      case 'order_rejected':
        order.failedAt = record.at;
        return this.#enter(order, 'rejected');
      case 'cancel_rejected':
        return this.#enter(order, order.filledQty > 0n ? 'partially_filled' : 'new');
      case 'replace_requested':
        order.replacement = record.by;
        return this.#enter(order, 'pending_replace');
      case 'replace_rejected':
        return this.#refuseReplacement(order, this.#order(record.by), record.at);
      case 'order_replaced':
        return this.#replace(order, this.#order(record.by), record.at);
    }
  }

  /** What a record of a multi-leg order says of one of its legs: that is replaced by the new order's. */
  #forLeg<T extends Extract<JournalRecord, { order_id: string }>>(record: T, leg: Order, index: number): T {
    const own = { ...record, order_id: leg.id };
    if (!('by' in record) || record.by === null) return own;
    return { ...own, by: this.#order(record.by).legs[index]?.id ?? record.by };
  }

  /** The new order takes the old one's place, also among the legs of a group. */
  #replace(order: Order, next: Order, at: number): void {
    order.replacedAt = at;
    order.replacedBy = next.id;
    // A multi-leg order brings legs of its own.
    if (order.orderClass === 'mleg') return this.#enter(order, 'replaced');
    next.legs = order.legs;
    for (const leg of next.legs) leg.parent = next;
    order.legs = [];
    const { parent } = order;
    if (parent !== null) parent.legs = parent.legs.map((leg) => (leg === order ? next : leg));
    next.parent = parent;
    this.#enter(order, 'replaced');
  }

  /** The new order ends; the old one, if it lives, goes on as it was. */
  #refuseReplacement(order: Order, next: Order, at: number): void {
    order.replacement = null;
    if (order.status === 'pending_replace') {
      const held =
        order.parent !== null && !order.triggered && order.filledQty === 0n && order.stopPrice !== null;
      this.#enter(order, held ? 'held' : order.filledQty > 0n ? 'partially_filled' : 'new');
    }
    if (order.tws !== null) this.#account(order.accountId).tws.orders.set(twsKey(order.tws), order);
    next.failedAt = at;
    next.updatedAt = at;
    this.#enter(next, 'rejected');
  }

  #createAccount({ account: made, at }: RecordOf<'account_created'>): void {
    const cash = parseMoney(made.cash) ?? 0n;
    const account: Account = {
      id: made.id,
      number: made.number,
      keyId: made.key_id,
      salt: made.salt,
      secretHash: made.secret_hash,
      initialCash: cash,
      createdAt: at,
      cash: 0n,
      configurations: DEFAULT_CONFIGURATIONS,
      positions: new Map(),
      orders: new Map(),
      open: new Set(),
      byClientOrderId: new Map(),
      // Numbers go on where those of an account that was reset ended.
      tws: { orders: new Map(), highest: new Map(this.byKeyId.get(made.key_id)?.tws.highest) },
      fills: [],
      moves: [],
      transfers: [],
      entitlements: new Map(),
      watchlists: new Map(),
      notExercised: new Set(),
    };
    this.accounts.set(account.id, account);
    this.byKeyId.set(account.keyId, account);
    post(this.ledger, account, deposit(account.id, cash), { at, symbol: null, funded: cash });
  }

  #countFault({ fault_id, seen }: RecordOf<'fault_fired'>): void {
    const set = this.faults.get(fault_id);
    if (set === undefined) return;
    set.seen = seen;
    set.fired += 1;
  }

  #saveWatchlist({ account_id, watchlist, at }: RecordOf<'watchlist_saved'>): void {
    const { watchlists } = this.#account(account_id);
    const createdAt = watchlists.get(watchlist.id)?.createdAt ?? at;
    watchlists.set(watchlist.id, { ...watchlist, createdAt, updatedAt: at });
  }

  #acceptOrder(record: RecordOf<'order_accepted'>): void {
    const order = this.#addOrder(record.order, record);
    order.legs = record.legs.map((leg, index) => {
      const made = this.#addOrder(leg, record, index + 1);
      made.parent = order;
      return made;
    });
  }

  #addOrder(from: JournalledOrder, { at, seq }: { at: number; seq: number }, place = 0): Order {
    const order = orderFromRecord(from, { at, seq, place });
    const account = this.#account(order.accountId);
    this.orders.set(order.id, order);
    account.orders.set(order.id, order);
    account.byClientOrderId.set(order.clientOrderId, order);
    if (order.tws !== null) addTwsOrder(account.tws, order, order.tws);
    account.open.add(order);
    this.open.add(order);
    return order;
  }

  #fill(order: Order, record: RecordOf<'order_filled'>): void {
    const account = this.#account(order.accountId);
    const qty = parseQty(record.qty) ?? 0n;
    const price = parseMoney(record.price) ?? 0n;
    order.filledQty += qty;
    order.filledProduct += qty * price;
    order.executions += 1;
    this.executions += 1;
    if (record.complete) order.filledAt = record.at;
    this.#enter(order, record.complete ? 'filled' : afterPart(order.status));
    const signedQty = order.side === 'buy' ? qty : -qty;
    const [fee, feeQty] = [parseMoney(record.fee) ?? 0n, parseQty(record.fee_qty) ?? 0n];
    const received = { symbol: order.symbol, signedQty: signedQty - feeQty, price, at: record.at };
    const positionQty = movePosition(account, received);
    const entries = execution(account.id, {
      symbol: order.symbol,
      qty: signedQty,
      value: worthIn(order.symbol, signedQty, price),
      fee,
      feeQty,
    });
    post(this.ledger, account, entries, { at: record.at, symbol: order.symbol, funded: 0n });
    if (fee > 0n || feeQty > 0n) account.transfers.push(feeTransfer(account.id, order.symbol, record));
    if (record.printed) this.#market.print(order.symbol, { at: record.at, price, qty, number: record.seq });
    account.fills.push({
      executionId: record.execution_id,
      at: record.at,
      order,
      qty,
      price,
      fee,
      complete: record.complete,
      cumQty: order.filledQty,
      leavesQty: record.complete || order.qty === null ? 0n : order.qty - order.filledQty,
      positionQty,
    } satisfies Fill);
  }

  #fillLegs(order: Order, { qty, price, executions, at, seq }: RecordOf<'legs_filled'>): void {
    const plain = {
      type: 'order_filled',
      complete: true,
      fee: '0',
      fee_qty: '0',
      printed: false,
      at,
      seq,
    } as const;
    for (const one of executions) {
      const leg = this.#order(one.order_id);
      leg.updatedAt = at;
      this.#fill(leg, { ...plain, ...one });
    }
    const units = parseQty(qty) ?? 0n;
    order.filledQty += units;
    order.filledProduct += units * (parseMoney(price) ?? 0n);
    order.executions += 1;
    order.filledAt = at;
    this.#enter(order, 'filled');
  }

  #enter(order: Order, status: OrderStatus): void {
    order.status = advance(order.status, status);
    if (isOpen(status)) return;
    this.open.delete(order);
    this.#account(order.accountId).open.delete(order);
  }

  #account(id: string): Account {
    const account = this.accounts.get(id);
    if (account === undefined) throw new Error(`no account ${id}`);
    return account;
  }

  #order(id: string): Order {
    const order = this.orders.get(id);
    if (order === undefined) throw new Error(`no order ${id}`);
    return order;
  }
}
