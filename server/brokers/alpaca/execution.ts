import { setTimeout as pause } from 'node:timers/promises';
import { streaming, trading } from '@alpacahq/alpaca-trade-api';
import { isLeg } from '@/domain/order/order';
import type { ExecutionClient, InstructionOutcome, VenueOrder } from '@/server/brokers/ports';
import type { Clock } from '@/server/platform/clock';
import type { Logger } from '@/server/platform/logger';
import type { AlpacaAccess } from './endpoints';
import { reading, refusalOf, unlessMissing } from './failures';
import { keepOpen } from './keys/keep-open';
import type { KeyGate } from './keys/key-gate';
import { orderFetch } from './order-fetch';
import { given, orderRequest } from './order-request';
import { parseAccount, parseExecutions, parseOrder, parsePosition } from './parse';
import { parseRefusedCancels } from './parse-cancels';
import { parseActivities, parseFills, parsePage } from './parse-activities';
import { scopedFetch } from './scoped-fetch';

const READ_TIMEOUT_MS = 10_000;
/** An order that has no answer by then is in doubt and gets looked up. */
const ORDER_TIMEOUT_MS = 5_000;
/** Half of what the venue gives at most: the SDK reads a page at one go, and others wait meanwhile. */
const ORDERS_PAGE = 250;
/** About as long as a page takes to read, so that others have half of the time. */
const BETWEEN_PAGES_MS = 25;
const ACTIVITIES_PAGE = 100;

type Options = AlpacaAccess & { keys: KeyGate; clock: Clock; log: Logger };

const pageOf = (after: string, pageToken: string | undefined) =>
  ({
    after: new Date(after),
    direction: 'asc',
    pageSize: ACTIVITIES_PAGE,
    ...(pageToken === undefined ? {} : { pageToken }),
  }) as const;

type Page = { raw: { json(): Promise<unknown> } };

/** Activities as they are on the wire, page after page: the SDK's own reading of them drops fields. */
async function allPages(ask: (pageToken: string | undefined) => Promise<Page>): Promise<unknown[][]> {
  const pages: unknown[][] = [];
  for (let pageToken: string | undefined; ; ) {
    const { raw } = await reading(ask(pageToken));
    const page = parsePage(await raw.json());
    pages.push(page.items);
    if (page.items.length < ACTIVITIES_PAGE || page.lastId === null) return pages;
    pageToken = page.lastId;
  }
}

/** One Alpaca account over the official SDK. Orders are never retried by the transport. */
export function alpacaExecution({ endpoints, credentials, keys, clock, log }: Options): ExecutionClient {
  const base = {
    basePath: endpoints.trading,
    keyId: credentials.keyId,
    secret: credentials.secretKey,
    fetchApi: keys.guard(scopedFetch(endpoints)),
  };
  const reads = new trading.Configuration({ ...base, timeoutMs: READ_TIMEOUT_MS, retry: { maxRetries: 1 } });
  const fetchApi = keys.guard(scopedFetch(endpoints, orderFetch));
  const writes = new trading.Configuration({ ...base, fetchApi, timeoutMs: ORDER_TIMEOUT_MS });
  const orders = new trading.OrdersApi(writes);
  const orderReads = new trading.OrdersApi(reads);
  const accounts = new trading.AccountsApi(reads);
  const positions = new trading.PositionsApi(reads);
  const instructions = new trading.PositionsApi(writes);
  const activities = new trading.AccountActivitiesApi(reads);

  /** A page of orders. Legs of multi-leg orders, which the venue lists beside them, stand inside them here. */
  async function pageOfOrders(request: trading.GetAllOrdersRequest) {
    const page = await reading(orderReads.getAllOrders(request));
    const flat = page.map(parseOrder);
    const found = { count: page.length, last: page.at(-1)?.submittedAt };
    if (!flat.some(({ orderClass }) => orderClass === 'mleg')) return { ...found, orders: flat };
    const nested = (await reading(orderReads.getAllOrders({ ...request, nested: true }))).map(parseOrder);
    const whole = new Map(nested.map((order) => [order.venueOrderId, order]));
    const orders = flat
      .filter((order) => !isLeg(order))
      .map((order) => (order.orderClass === 'mleg' ? (whole.get(order.venueOrderId) ?? order) : order));
    return { ...found, orders };
  }

  /** Orders submitted after that time, or all, the oldest first; one may come twice, at the seam of two pages. */
  async function allOrders(status: 'open' | 'all', after?: string): Promise<VenueOrder[]> {
    const found: VenueOrder[] = [];
    for (let cursor = after; ; ) {
      const page = await pageOfOrders({
        status,
        limit: ORDERS_PAGE,
        direction: 'asc',
        nested: false,
        ...(cursor === undefined ? {} : { after: cursor }),
      });
      found.push(...page.orders);
      if (page.count < ORDERS_PAGE || !page.last) return found;
      await pause(BETWEEN_PAGES_MS);
      cursor = page.last.toISOString();
    }
  }

  async function instruct(call: Promise<void>): Promise<InstructionOutcome> {
    try {
      await call;
      return { kind: 'taken' };
    } catch (error) {
      const refusal = refusalOf(error);
      return refusal.kind === 'doubted'
        ? refusal
        : { kind: 'refused', code: refusal.code, message: refusal.message };
    }
  }

  return {
    takesAnIdOnce: true,
    changesInPlace: false,
    faultOf: () => null,

    async submit(order) {
      try {
        const answer = await orders.postOrder({ postOrderRequest: orderRequest(order) });
        return { kind: 'acknowledged', order: parseOrder(answer) };
      } catch (error) {
        return refusalOf(error);
      }
    },

    async replace(venueOrderId, change) {
      try {
        const answer = await orders.patchOrderByOrderId({
          orderId: venueOrderId,
          patchOrderRequest: given({ ...change }),
        });
        return { kind: 'acknowledged', order: parseOrder(answer) };
      } catch (error) {
        return refusalOf(error);
      }
    },

    async cancel(venueOrderId) {
      const outcome = await instruct(orders.deleteOrderByOrderID({ orderId: venueOrderId }));
      return outcome.kind === 'taken' ? { kind: 'requested' } : outcome;
    },

    async cancelAll() {
      const { raw } = await reading(orders.deleteAllOrdersRaw());
      return parseRefusedCancels(await raw.json());
    },

    async findByClientOrderId(clientOrderId) {
      const found = await unlessMissing(orderReads.getOrderByClientOrderId({ clientOrderId }));
      if (found === null) return null;
      const order = parseOrder(found);
      if (order.orderClass === 'simple' || isLeg(order)) return order;
      // This look-up leaves legs and exits out.
      const { venueOrderId: orderId } = order;
      return parseOrder(await reading(orderReads.getOrderByOrderID({ orderId, nested: true })));
    },

    listOpenOrders: () => allOrders('open'),

    listOrders: (after) => allOrders('all', after),

    listFills: (after) =>
      allPages((pageToken) =>
        activities.getAccountActivitiesByActivityTypeRaw({
          activityType: 'FILL',
          ...pageOf(after, pageToken),
        }),
      ).then((pages) => pages.flatMap(parseFills)),

    listActivities: (after) =>
      allPages((pageToken) =>
        activities.getAccountActivitiesRaw({ category: 'non_trade_activity', ...pageOf(after, pageToken) }),
      ).then((pages) => pages.flatMap(parseActivities)),

    account: async () => parseAccount(await reading(accounts.getAccount()), clock.iso()),

    positions: async () => (await reading(positions.getAllOpenPositions())).map(parsePosition),

    exercise: (symbol) => instruct(instructions.optionExercise({ symbolOrContractId: symbol })),

    doNotExercise: (symbol) => instruct(instructions.optionDoNotExercise({ symbolOrContractId: symbol })),

    watchOrders(listener) {
      const stream = new streaming.TradingStream({
        url: endpoints.tradeStream,
        credentials: { keyId: credentials.keyId, secret: credentials.secretKey },
        maxReconnectAttempts: streaming.UNLIMITED_RECONNECT_ATTEMPTS,
        initialReconnectMs: 500,
        maxReconnectMs: 10_000,
      });
      stream.onTradeUpdate((update) => {
        const fills = parseExecutions(update);
        listener.onEvent({ order: parseOrder(update.order), fills, event: update.event });
      });
      stream.on(streaming.EVENT.SUBSCRIPTION, () => listener.onReady());
      stream.on(streaming.EVENT.STATE_CHANGE, (state: streaming.STATE) => {
        if (state === streaming.STATE.WAITING_TO_RECONNECT || state === streaming.STATE.DISCONNECTED)
          listener.onDown(state);
      });
      stream.on(streaming.EVENT.CLIENT_ERROR, (message: string) =>
        log.warn({ message }, 'trade stream error'),
      );
      stream.subscribeTradeUpdates();
      return keepOpen(stream, keys);
    },
  };
}
