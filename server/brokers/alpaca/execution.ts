import { streaming, trading } from '@alpacahq/alpaca-trade-api';
import type { DeskError } from '@/domain/errors';
import type { ExecutionClient, VenueOrder, VenueOrderRequest } from '@/server/brokers/ports';
import type { Clock } from '@/server/platform/clock';
import type { Logger } from '@/server/platform/logger';
import type { AlpacaCredentials, PaperEndpoints } from './endpoints';
import { readFailure, reading, refusalOf } from './failures';
import { parseAccount, parseFill, parseOrder, parsePosition } from './parse';
import { parseRefusedCancels } from './parse-cancels';
import { parseActivities, parseFills, parsePage } from './parse-activities';

const READ_TIMEOUT_MS = 10_000;
/** An order that has no answer by then is in doubt and gets looked up. */
const ORDER_TIMEOUT_MS = 5_000;
const ORDERS_PAGE = 500;
const ACTIVITIES_PAGE = 100;

type Options = { endpoints: PaperEndpoints; credentials: AlpacaCredentials; clock: Clock; log: Logger };

type Given<Fields> = { [Name in keyof Fields]?: Exclude<Fields[Name], null> };

/** The fields that say something: what is null is left out of the request. */
function given<Fields extends object>(fields: Fields): Given<Fields> {
  const said: Given<Fields> = {};
  for (const name in fields) {
    const value = fields[name];
    if (isSaid(value)) said[name] = value;
  }
  return said;
}

function isSaid<Value>(value: Value): value is Exclude<Value, null> {
  return value !== null;
}

function orderRequest(order: VenueOrderRequest): trading.PostOrderRequest {
  return {
    symbol: order.symbol,
    side: order.side,
    type: order.type,
    timeInForce: order.timeInForce,
    clientOrderId: order.clientOrderId,
    ...given({
      qty: order.qty,
      notional: order.notional,
      limitPrice: order.limitPrice,
      stopPrice: order.stopPrice,
      trailPrice: order.trailPrice,
      trailPercent: order.trailPercent,
      takeProfit: order.takeProfit,
      stopLoss: order.stopLoss,
    }),
    ...(order.extendedHours ? { extendedHours: true } : {}),
    ...(order.orderClass === 'simple' ? {} : { orderClass: order.orderClass }),
  };
}

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
export function alpacaExecution({ endpoints, credentials, clock, log }: Options): ExecutionClient {
  const base = { basePath: endpoints.trading, keyId: credentials.keyId, secret: credentials.secretKey };
  const reads = new trading.Configuration({ ...base, timeoutMs: READ_TIMEOUT_MS, retry: { maxRetries: 1 } });
  const writes = new trading.Configuration({ ...base, timeoutMs: ORDER_TIMEOUT_MS });
  const orders = new trading.OrdersApi(writes);
  const orderReads = new trading.OrdersApi(reads);
  const accounts = new trading.AccountsApi(reads);
  const positions = new trading.PositionsApi(reads);
  const activities = new trading.AccountActivitiesApi(reads);

  return {
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
      try {
        await orders.deleteOrderByOrderID({ orderId: venueOrderId });
        return { kind: 'requested' };
      } catch (error) {
        const refusal = refusalOf(error);
        return refusal.kind === 'doubted'
          ? refusal
          : { kind: 'refused', code: refusal.code, message: refusal.message };
      }
    },

    async cancelAll() {
      const { raw } = await reading(orders.deleteAllOrdersRaw());
      return parseRefusedCancels(await raw.json());
    },

    async findByClientOrderId(clientOrderId) {
      try {
        return parseOrder(await orderReads.getOrderByClientOrderId({ clientOrderId }));
      } catch (error) {
        const failure: DeskError = readFailure(error);
        if (failure.code === 'not_found') return null;
        throw failure;
      }
    },

    listOpenOrders: async () =>
      (await reading(orderReads.getAllOrders({ status: 'open', limit: ORDERS_PAGE, nested: false }))).map(
        parseOrder,
      ),

    async listOrders(after) {
      const found: VenueOrder[] = [];
      for (let cursor = after; ; ) {
        const page = await reading(
          orderReads.getAllOrders({
            status: 'all',
            limit: ORDERS_PAGE,
            after: cursor,
            direction: 'asc',
            nested: false,
          }),
        );
        found.push(...page.map(parseOrder));
        const last = page.at(-1)?.submittedAt;
        if (page.length < ORDERS_PAGE || !last) return found;
        cursor = last.toISOString();
      }
    },

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

    watchOrders(listener) {
      const stream = new streaming.TradingStream({
        url: endpoints.tradeStream,
        credentials: { keyId: credentials.keyId, secret: credentials.secretKey },
        maxReconnectAttempts: streaming.UNLIMITED_RECONNECT_ATTEMPTS,
        initialReconnectMs: 500,
        maxReconnectMs: 10_000,
      });
      stream.onTradeUpdate((update) => {
        listener.onEvent({ order: parseOrder(update.order), fill: parseFill(update), event: update.event });
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
      stream.connect();
      return { close: () => stream.disconnect() };
    },
  };
}
