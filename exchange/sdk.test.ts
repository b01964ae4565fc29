import { marketData, streaming, trading } from '@alpacahq/alpaca-trade-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Exchange, startExchange } from './index';

const keyId = 'PKSDKTEST';
const secret = 'sdk-secret';

let exchange: Exchange;
let rest: ReturnType<typeof apis>;

function apis(basePath: string) {
  const headers = { 'APCA-API-KEY-ID': keyId, 'APCA-API-SECRET-KEY': secret };
  const config = new trading.Configuration({ basePath, headers });
  const data = new marketData.Configuration({ basePath, headers });
  return {
    accounts: new trading.AccountsApi(config),
    orders: new trading.OrdersApi(config),
    positions: new trading.PositionsApi(config),
    assets: new trading.AssetsApi(config),
    clock: new trading.ClockApi(config),
    calendar: new trading.CalendarApi(config),
    activities: new trading.AccountActivitiesApi(config),
    history: new trading.PortfolioHistoryApi(config),
    stocks: new marketData.StockApi(data),
    watchlists: new trading.WatchlistsApi(config),
  };
}

type TradeUpdates = InstanceType<typeof streaming.TradingStream>;

/** Opens the account stream and waits until it listens. */
async function listen(): Promise<TradeUpdates> {
  const stream = new streaming.TradingStream({
    credentials: { keyId, secret },
    url: `${exchange.url.replace('http', 'ws')}/stream`,
    reconnect: false,
  });
  const ready = new Promise<void>((resolve) => stream.on('subscription', () => resolve()));
  stream.subscribeTradeUpdates();
  stream.connect();
  await ready;
  return stream;
}

/** Waits for the update of an order that `event` names, keeping all that came before. */
function until(stream: TradeUpdates, event: string): Promise<string[]> {
  const seen: string[] = [];
  return new Promise((resolve) => {
    stream.onTradeUpdate((update) => {
      seen.push(update.event);
      if (update.event === event) resolve(seen);
    });
  });
}

beforeAll(async () => {
  exchange = await startExchange({ accounts: [{ keyId, secret }], partialFillRate: 0, rateLimit: 'off' });
  rest = apis(exchange.url);
});

afterAll(() => exchange.close());

describe('the official SDK', () => {
  test('reads a fresh paper account', async () => {
    const account = await rest.accounts.getAccount();
    expect(account).toMatchObject({
      status: 'ACTIVE',
      cash: '100000',
      buyingPower: '400000',
      multiplier: '4',
    });
  });

  test('buys at the market and hears pending_new, new and fill', async () => {
    const stream = await listen();
    const filled = until(stream, 'fill');
    const order = await rest.orders.postOrder({
      postOrderRequest: { symbol: 'AAPL', qty: '10', side: 'buy', type: 'market', timeInForce: 'day' },
    });
    expect(order.status).toBe('pending_new');
    expect(await filled).toEqual(['pending_new', 'new', 'fill']);
    stream.disconnect();
    const position = await rest.positions.getOpenPosition({ symbolOrAssetId: 'AAPL' });
    expect(position).toMatchObject({ qty: '10', side: 'long', qtyAvailable: '10' });
    const fills = await rest.activities.getAccountActivities({});
    expect(fills[0]).toMatchObject({ activityType: 'FILL', symbol: 'AAPL', qty: '10' });
  });

  test('rests a far limit order, replaces it and cancels it', async () => {
    const stream = await listen();
    const working = until(stream, 'new');
    const order = await rest.orders.postOrder({
      postOrderRequest: {
        symbol: 'MSFT',
        qty: '2',
        side: 'buy',
        type: 'limit',
        timeInForce: 'gtc',
        limitPrice: '100',
      },
    });
    await working;
    const canceled = until(stream, 'canceled');
    const renewed = until(stream, 'new');
    const next = await rest.orders.patchOrderByOrderId({
      orderId: order.id ?? '',
      patchOrderRequest: { limitPrice: '101.5' },
    });
    expect(next.replaces).toBe(order.id);
    await renewed;
    await rest.orders.deleteOrderByOrderID({ orderId: next.id ?? '' });
    expect(await canceled).toContain('replaced');
    const open = await rest.orders.getAllOrders({ status: 'open' });
    expect(open).toEqual([]);
    const old = await rest.orders.getOrderByOrderID({ orderId: order.id ?? '' });
    expect(old).toMatchObject({ status: 'replaced', replacedBy: next.id });
    stream.disconnect();
  });

  test('places a bracket and finds its legs nested, not beside', async () => {
    const order = await rest.orders.postOrder({
      postOrderRequest: {
        symbol: 'NVDA',
        qty: '1',
        side: 'buy',
        type: 'limit',
        timeInForce: 'gtc',
        limitPrice: '50',
        orderClass: 'bracket',
        takeProfit: { limitPrice: '60' },
        stopLoss: { stopPrice: '40' },
      },
    });
    expect(order.legs?.map((leg) => leg.status)).toEqual(['held', 'held']);
    const nested = await rest.orders.getAllOrders({ status: 'open', symbols: 'NVDA', nested: true });
    expect(nested.map((one) => one.legs?.length)).toEqual([2]);
    expect(await rest.orders.getAllOrders({ status: 'open', symbols: 'NVDA' })).toHaveLength(3);
  });

  test('keeps watchlists by id and by name', async () => {
    const wish = { name: 'Chips & Co', symbols: ['NVDA', 'AMD'] };
    const made = await rest.watchlists.postWatchlist({ createWatchlistRequest: wish });
    expect(made.assets?.map((asset) => asset.symbol)).toEqual(['NVDA', 'AMD']);
    const same = rest.watchlists.postWatchlist({ createWatchlistRequest: wish });
    await expect(same).rejects.toMatchObject({ status: 422 });
    const url = `${exchange.url}/v2/watchlists`;
    const headers = { 'APCA-API-KEY-ID': keyId, 'APCA-API-SECRET-KEY': secret };
    const named = `${url}:by_name?name=${encodeURIComponent(wish.name)}`;
    await fetch(named, { method: 'POST', headers, body: '{"symbol":"INTC"}' });
    await fetch(`${url}/${made.id}/AMD`, { method: 'DELETE', headers });
    const read = await rest.watchlists.getWatchlistById({ watchlistId: made.id });
    expect(read.assets?.map((asset) => asset.symbol)).toEqual(['NVDA', 'INTC']);
    expect((await fetch(named, { method: 'DELETE', headers })).status).toBe(204);
    expect(await rest.watchlists.getWatchlists()).toEqual([]);
    expect((await fetch(named, { headers })).status).toBe(404);
  });

  test('pages through bars of two symbols without a gap or a double', async () => {
    const [start, end] = [new Date(Date.now() - 3 * 3_600_000), new Date(Date.now() - 3_600_000)];
    const ask = { symbols: 'AAPL,SPY', timeframe: '1Min', start, end };
    const whole = await rest.stocks.stockBars({ ...ask, limit: 10_000 });
    expect(whole.nextPageToken).toBeNull();
    const times: Record<string, unknown[]> = { AAPL: [], SPY: [] };
    let pageToken: string | undefined;
    do {
      const page = await rest.stocks.stockBars({ ...ask, limit: 70, ...(pageToken ? { pageToken } : {}) });
      for (const [symbol, bars] of Object.entries(page.bars))
        times[symbol]?.push(...bars.map((bar) => bar.t));
      pageToken = page.nextPageToken ?? undefined;
    } while (pageToken !== undefined);
    for (const symbol of ['AAPL', 'SPY']) {
      expect(times[symbol]).toEqual(whole.bars[symbol]?.map((bar) => bar.t));
      expect(times[symbol]?.length).toBeGreaterThan(100);
    }
  });

  test('reads quotes, snapshots, assets, clock, calendar and portfolio history', async () => {
    const latest = await rest.stocks.stockLatestQuotes({ symbols: 'SPY,QQQ,NOSUCH' });
    expect(Object.keys(latest.quotes).sort()).toEqual(['QQQ', 'SPY']);
    const quote = latest.quotes['SPY'];
    expect(quote?.ap).toBeGreaterThan(quote?.bp ?? Infinity);
    const snapshots = await rest.stocks.stockSnapshots({ symbols: 'SPY' });
    expect(snapshots['SPY']?.prevDailyBar?.v).toBeGreaterThan(1_000_000);
    expect((await rest.assets.getV2Assets({})).length).toBeGreaterThanOrEqual(50);
    expect((await rest.clock.legacyClock()).isOpen).toBe(true);
    expect((await rest.clock.clock()).clocks[0]?.phase).toBe('core');
    const calendar = await rest.calendar.legacyCalendar({
      start: new Date('2026-11-23T00:00:00Z'),
      end: new Date('2026-11-27T00:00:00Z'),
    });
    expect(calendar.map((day) => day.close)).toEqual(['16:00', '16:00', '16:00', '13:00']);
    const history = await rest.history.getAccountPortfolioHistory({ period: '1W', timeframe: '1D' });
    expect(history.equity?.length).toBe(history.timestamp?.length);
  });

  test('hears quotes and trades over MsgPack', async () => {
    const stream = new streaming.StockDataStream({
      credentials: { keyId, secret },
      url: `${exchange.url.replace('http', 'ws')}/v2/iex`,
      reconnect: false,
    });
    const quote = new Promise<streaming.StreamQuote>((resolve) => stream.onQuote(resolve));
    stream.subscribeForQuotes(['SPY']);
    stream.connect();
    const heard = await quote;
    expect(heard.symbol).toBe('SPY');
    expect(heard.askPrice).toBeGreaterThan(heard.bidPrice ?? Infinity);
    expect(Math.abs(Date.now() - (heard.timestamp?.getTime() ?? 0))).toBeLessThan(5_000);
    stream.disconnect();
  });
});
