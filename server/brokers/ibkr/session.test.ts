import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { BrokerSession, VenueOrderEvent, VenueOrderRequest } from '@/server/brokers/ports';
import { systemClock } from '@/server/platform/clock';
import { createLogger } from '@/server/platform/logger';
import { startGateway, type TestGateway } from '@/server/testing/venues/gateway';
import { until } from '@/server/testing/until';
import { type IbkrVenue, ibkrVenue } from './session';

let gateway: TestGateway;
let venue: IbkrVenue;
beforeAll(async () => {
  gateway = await startGateway();
  venue = venueOf(7);
});
afterEach(() => gateway.clear());
afterAll(async () => {
  venue.close();
  await gateway.dispose();
});

const venueOf = (clientId: number) =>
  ibkrVenue({
    address: { host: '127.0.0.1', port: gateway.port, clientId },
    clock: systemClock,
    log: createLogger('silent'),
  });

let made = 0;
function request(more: Partial<VenueOrderRequest> = {}): VenueOrderRequest {
  made += 1;
  return {
    clientOrderId: `ord_test_${made}`,
    symbol: 'AAPL',
    side: 'buy',
    positionIntent: null,
    legs: null,
    type: 'limit',
    timeInForce: 'day',
    qty: '20',
    notional: null,
    limitPrice: '10',
    stopPrice: null,
    trailPrice: null,
    trailPercent: null,
    extendedHours: false,
    orderClass: 'simple',
    takeProfit: null,
    stopLoss: null,
    ...more,
  };
}

/** An account of its own, and all that its stream says. */
async function open(): Promise<{
  session: BrokerSession;
  number: string;
  events: VenueOrderEvent[];
  downs: string[];
  ups: () => number;
}> {
  const { number } = await gateway.openAccount();
  const session = venue.open({ scope: 'paper', accountNumber: number });
  const events: VenueOrderEvent[] = [];
  const downs: string[] = [];
  let ups = 0;
  session.execution.watchOrders({
    onEvent: (event) => events.push(event),
    onReady: () => {
      ups += 1;
    },
    onDown: (reason) => downs.push(reason),
  });
  await until('the account is shown', () =>
    session.execution.account().then(({ accountNumber }) => accountNumber === number),
  );
  return { session, number, events, downs, ups: () => ups };
}

async function working(session: BrokerSession, more: Partial<VenueOrderRequest> = {}) {
  const wanted = request(more);
  const outcome = await session.execution.submit(wanted);
  if (outcome.kind !== 'acknowledged') throw new Error(`not taken: ${JSON.stringify(outcome)}`);
  return { wanted, order: outcome.order };
}

describe('an order', () => {
  const kinds: [string, Partial<VenueOrderRequest>][] = [
    ['limit', { type: 'limit', limitPrice: '10.5', timeInForce: 'gtc' }],
    ['limit of extended hours', { type: 'limit', extendedHours: true }],
    ['stop', { type: 'stop', limitPrice: null, stopPrice: '9000' }],
    ['stop limit', { type: 'stop_limit', limitPrice: '9001', stopPrice: '9000' }],
    ['trailing stop by dollars', { type: 'trailing_stop', side: 'buy', limitPrice: null, trailPrice: '50' }],
    ['trailing stop by percent', { type: 'trailing_stop', limitPrice: null, trailPercent: '20' }],
    ['limit at the open', { type: 'limit', timeInForce: 'opg' }],
  ];
  test.each(kinds)('%s is taken once and shown as it was asked for', async (_name, terms) => {
    const { session } = await open();
    const { wanted, order } = await working(session, terms);
    expect(order).toMatchObject({
      clientOrderId: wanted.clientOrderId,
      symbol: 'AAPL',
      side: wanted.side,
      type: wanted.type,
      timeInForce: wanted.timeInForce,
      qty: '20',
      limitPrice: wanted.limitPrice,
      trailPrice: wanted.trailPrice,
      trailPercent: wanted.trailPercent,
    });
    expect(await session.execution.findByClientOrderId(wanted.clientOrderId)).toMatchObject({
      venueOrderId: order.venueOrderId,
    });
    expect(await gateway.timesTaken(wanted.clientOrderId)).toBe(1);
  });

  test('at market fills, and the account’s cash and position follow', async () => {
    const { session } = await open();
    const before = await session.execution.account();
    await working(session, { type: 'market', limitPrice: null, qty: '3' });
    const [position] = await until('it is held', async () => {
      const held = await session.execution.positions();
      return held.length > 0 ? held : null;
    });
    expect(position).toMatchObject({ symbol: 'AAPL', side: 'long', qty: '3', qtyAvailable: '3' });
    const fills = await session.execution.listFills(systemClock.iso(systemClock.now() - 60_000));
    const paid = fills.reduce((sum, { qty, price }) => sum + Number(qty) * Number(price), 0);
    const after = await session.execution.account();
    expect(Number(before.cash) - Number(after.cash)).toBeCloseTo(paid, 2);
  });

  test('that IB refuses is rejected with its code and words, and is not there', async () => {
    const { session } = await open();
    const cases = [
      [request({ limitPrice: '10.12345' }), '110'],
      [request({ symbol: 'ZZZZZ' }), '200'],
      [request({ qty: '100000', limitPrice: '200' }), '201'],
    ] as const;
    for (const [wanted, code] of cases) {
      expect(await session.execution.submit(wanted)).toMatchObject({ kind: 'rejected', code });
      expect(await session.execution.findByClientOrderId(wanted.clientOrderId)).toBeNull();
    }
  });

  test('is changed where it stands and keeps its number', async () => {
    const { session } = await open();
    const { wanted, order } = await working(session);
    const change = { clientOrderId: wanted.clientOrderId, stopPrice: null, trail: null, timeInForce: null };
    const changed = await session.execution.replace(order.venueOrderId, {
      ...change,
      qty: '25',
      limitPrice: '11',
    });
    expect(changed).toMatchObject({
      kind: 'acknowledged',
      order: {
        venueOrderId: order.venueOrderId,
        clientOrderId: wanted.clientOrderId,
        qty: '25',
        limitPrice: '11',
      },
    });
    expect(await session.execution.listOpenOrders()).toHaveLength(1);
  });

  test('is cancelled by its number, and one that has ended is not', async () => {
    const { session, events } = await open();
    const { order } = await working(session);
    expect(await session.execution.cancel(order.venueOrderId)).toEqual({ kind: 'requested' });
    await until('it is told', () => events.some((event) => event.order.status === 'canceled'));
    expect(await session.execution.cancel(order.venueOrderId)).toMatchObject({ kind: 'refused' });
  });

  test('of another client of the gateway is shown and can be cancelled by that one alone', async () => {
    const { session, number } = await open();
    const other = venueOf(8);
    const theirs = other.open({ scope: 'paper', accountNumber: number });
    await until('it is up', () =>
      theirs.execution.account().then(
        () => true,
        () => false,
      ),
    );
    const { order } = await working(theirs);
    expect((await session.execution.listOpenOrders()).map(({ venueOrderId }) => venueOrderId)).toEqual([
      order.venueOrderId,
    ]);
    expect(await session.execution.cancel(order.venueOrderId)).toMatchObject({
      kind: 'refused',
      code: 'other_client',
    });
    expect(await session.execution.cancelAll()).toMatchObject([{ venueOrderId: order.venueOrderId }]);
    expect(await theirs.execution.cancel(order.venueOrderId)).toEqual({ kind: 'requested' });
    other.close();
  });

  test('of another account of the same gateway is not touched by cancelling all', async () => {
    const [mine, theirs] = [await open(), await open()];
    await working(mine.session);
    await working(theirs.session);
    expect(await mine.session.execution.cancelAll()).toEqual([]);
    await until('mine is gone', async () => (await mine.session.execution.listOpenOrders()).length === 0);
    expect(await theirs.session.execution.listOpenOrders()).toHaveLength(1);
  });
});

describe('an order without an answer', () => {
  test.each(['swallow', 'drop_before', 'drop_after'])(
    'because of %s is in doubt, and sent once',
    async (action) => {
      const { session } = await open();
      const wanted = request();
      await gateway.strike({ action, count: 1, match: { client_order_id_prefix: wanted.clientOrderId } });
      expect(await session.execution.submit(wanted)).toMatchObject({ kind: 'doubted' });
      const found = await until('it can be asked', () =>
        session.execution.findByClientOrderId(wanted.clientOrderId).then(
          (order) => ({ order }),
          () => null,
        ),
      );
      const isTaken = action !== 'drop_before';
      expect(found.order === null).toBe(!isTaken);
      expect(await gateway.timesTaken(wanted.clientOrderId)).toBe(isTaken ? 1 : 0);
    },
  );

  test('because the gateway was down left nothing, and says so', async () => {
    const { session, downs } = await open();
    await gateway.strike({ action: 'nightly_reset', refuse_for_ms: 1_500 });
    await until('it is down', () => downs.length > 0);
    const wanted = request();
    const outcome = await session.execution.submit(wanted);
    expect(outcome).toMatchObject({ kind: 'rejected', code: 'not_connected', retryAfterMs: 1_000 });
    expect(await gateway.timesTaken(wanted.clientOrderId)).toBe(0);
    await gateway.clear();
    await until(
      'it is up again',
      () =>
        session.execution.account().then(
          () => true,
          () => false,
        ),
      20_000,
    );
  });
});

describe('a gateway that was away', () => {
  test('is asked for everything before anybody hears that it is up', async () => {
    const { session, events, downs, ups } = await open();
    const { wanted } = await working(session);
    const before = ups();
    await gateway.strike({ action: 'connectivity_lost' });
    await until('IB is lost', () => downs.length > 0);
    for (let part = 0; part < 5; part += 1) await gateway.fill(wanted.clientOrderId, '2');
    await gateway.clear();
    await until('it is up', () => ups() > before);
    const told = events.flatMap(({ fills }) => fills);
    expect(new Set(told.map(({ executionId }) => executionId)).size).toBe(5);
    expect(told).toHaveLength(5);
  });
});

describe('prices', () => {
  test('come from the gateway, with their time, and a symbol that IB does not know is absent', async () => {
    const { session } = await open();
    const quotes = await session.marketData.latest(['AAPL', 'ZZZZZ']);
    expect([...quotes.keys()]).toEqual(['AAPL']);
    const quote = quotes.get('AAPL');
    expect(Number(quote?.bid)).toBeGreaterThan(0);
    expect(Number(quote?.previousClose)).toBeGreaterThan(0);
    expect(Number(quote?.ask)).toBeGreaterThanOrEqual(Number(quote?.bid));
    expect(Date.now() - Date.parse(quote?.quotedAt ?? '')).toBeLessThan(10_000);
  });

  test('stream while they are watched', async () => {
    const { session } = await open();
    const seen: string[] = [];
    const stream = session.marketData.stream({
      onChange: (change) => seen.push(change.symbol),
      onLink: () => undefined,
    });
    stream.watch(['MSFT']);
    await until('it moves', () => seen.includes('MSFT'));
    stream.close();
  });

  test('of yesterday are bars, oldest first', async () => {
    const { session } = await open();
    const ask = { symbol: 'AAPL', end: null, pageToken: null };
    const days = await session.marketData.bars({ ...ask, timeframe: '1Day', start: null, limit: 10 });
    expect(days.bars.length).toBeGreaterThan(5);
    expect(days.bars.map(({ time }) => time)).toEqual(days.bars.map(({ time }) => time).toSorted());
    const minutes = await session.marketData.bars({ ...ask, timeframe: '5Min', start: null, limit: 20 });
    expect(minutes.bars).toHaveLength(20);
  });
});

describe('what can be traded', () => {
  test('is looked up by its name and searched by its beginning', async () => {
    const { instruments } = (await open()).session;
    const { listing } = instruments;
    if (listing.whole) throw new Error('IB cannot list everything');
    expect(await listing.find('AAPL')).toMatchObject({ symbol: 'AAPL', tradable: true });
    expect(await listing.find('ZZZZZ')).toBeNull();
    expect((await listing.search('AAP')).map(({ symbol }) => symbol)).toContain('AAPL');
    expect(await instruments.contract('AAPL200101C00100000')).toBeNull();
    const { nextOpen, nextClose, isOpen } = await instruments.clock();
    expect(isOpen || nextOpen < nextClose).toBe(true);
  });
});

test('a number that is no paper account’s is refused, and so is one that is not behind the gateway', async () => {
  const live = venue.open({ scope: 'paper', accountNumber: 'U1234567' });
  await expect(live.execution.account()).rejects.toThrow('not a paper account');
  expect(await live.execution.submit(request())).toMatchObject({ kind: 'rejected', code: 'other_account' });
  const other = venue.open({ scope: 'paper', accountNumber: 'DU9999999' });
  await expect(other.execution.account()).rejects.toThrow('not logged in to DU9999999');
});
