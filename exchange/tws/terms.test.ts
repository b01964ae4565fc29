import {
  type Contract,
  OptionType,
  type Order,
  OrderAction,
  OrderType,
  SecType,
  TimeInForce,
} from '@stoqey/ib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { KEYS, startWorld, stock, TwsProgram } from './testing/tws-world';

let world: Awaited<ReturnType<typeof startWorld>>;
let program: TwsProgram;
const buy = { action: OrderAction.BUY, totalQuantity: 10 };
const market = { ...buy, orderType: OrderType.MKT };
const resting = { ...buy, orderType: OrderType.LMT, lmtPrice: 5, tif: TimeInForce.GTC };
const listed = z.array(z.looseObject({ id: z.string() }));

beforeEach(async () => {
  world = await startWorld();
  program = await TwsProgram.open(world.port);
});
afterEach(async () => {
  await program.close();
  await world.exchange.close();
});

const headers = { 'APCA-API-KEY-ID': KEYS.keyId, 'APCA-API-SECRET-KEY': KEYS.secret };
const alpacaOrders = async () =>
  listed.parse(
    await (await fetch(`${world.exchange.url}/v2/orders?status=all&direction=asc`, { headers })).json(),
  );

describe('an order’s terms', () => {
  const cases: readonly (readonly [string, Order, string, Record<string, unknown>])[] = [
    ['LMT GTC', resting, 'Submitted', { type: 'limit', limit_price: '5', time_in_force: 'gtc' }],
    [
      'LMT DAY outside hours',
      { ...resting, tif: TimeInForce.DAY, outsideRth: true },
      'Submitted',
      { extended_hours: true },
    ],
    ['LMT IOC', { ...resting, tif: TimeInForce.IOC }, 'Cancelled', { time_in_force: 'ioc', filled_qty: '0' }],
    ['LMT FOK', { ...resting, tif: TimeInForce.FOK }, 'Cancelled', { time_in_force: 'fok', filled_qty: '0' }],
    [
      'MKT OPG',
      { ...market, tif: TimeInForce.OPG },
      'PreSubmitted',
      { type: 'market', time_in_force: 'opg' },
    ],
    [
      'STP',
      { ...buy, orderType: OrderType.STP, auxPrice: 900 },
      'PreSubmitted',
      { type: 'stop', stop_price: '900', limit_price: null },
    ],
    [
      'STP LMT',
      { ...buy, orderType: OrderType.STP_LMT, auxPrice: 900, lmtPrice: 901 },
      'PreSubmitted',
      { type: 'stop_limit', stop_price: '900', limit_price: '901' },
    ],
    [
      'TRAIL by an amount',
      { ...buy, orderType: OrderType.TRAIL, auxPrice: 3 },
      'PreSubmitted',
      { type: 'trailing_stop', trail_price: '3', trail_percent: null },
    ],
    [
      'TRAIL by percent',
      { ...buy, orderType: OrderType.TRAIL, trailingPercent: 1.5 },
      'PreSubmitted',
      { type: 'trailing_stop', trail_price: null, trail_percent: '1.5' },
    ],
  ];
  test.each(cases)(
    '%s reaches the exchange and comes back as it was sent',
    async (_, order, status, kept) => {
      const id = program.place(order);
      await program.status(id, status);
      expect(await alpacaOrders()).toMatchObject([{ qty: '10', side: 'buy', ...kept }]);
      const { orderType, lmtPrice, auxPrice, trailingPercent, tif = TimeInForce.DAY } = order;
      const seen = program.orders.find(({ orderId }) => orderId === id)?.order;
      expect(seen).toMatchObject({ orderType, tif, totalQuantity: 10, action: 'BUY' });
      expect([seen?.lmtPrice, seen?.auxPrice, seen?.trailingPercent]).toEqual([
        lmtPrice,
        auxPrice,
        trailingPercent,
      ]);
    },
  );

  test('MKT outside hours: 2109 says that this is passed over, and the order trades', async () => {
    const id = program.place({ ...market, outsideRth: true });
    await program.status(id, 'Filled');
    expect((await program.error(2109, id)).text).toContain('ignored');
  });

  const refused: readonly (readonly [string, Order, number, Contract?])[] = [
    ['a price between the steps', { ...resting, lmtPrice: 5.005 }, 110],
    ['an unknown contract', market, 200, stock('NOSUCH')],
    ['no exchange', market, 321, { symbol: 'AAPL', secType: SecType.STK, currency: 'USD' }],
    ['a type that is not had here', { ...buy, orderType: OrderType.PEG_MID }, 321],
    [
      'a time that is not had here',
      { ...resting, tif: TimeInForce.GTD, goodTillDate: '20301231 10:00:00' },
      321,
    ],
    ['no quantity', { ...market, totalQuantity: 0 }, 321],
    ['a fraction of a share', { ...market, totalQuantity: 1.5 }, 10243],
    ['a limit order without a limit', { ...buy, orderType: OrderType.LMT }, 321],
    ['an account that is not shown', { ...market, account: 'DU1' }, 321],
    ['all or none', { ...market, allOrNone: true }, 201],
    ['an amount of money', { ...market, cashQty: 100 }, 201],
    ['what-if', { ...market, whatIf: true }, 201],
    ['an algorithm', { ...market, algoStrategy: 'Adaptive', algoParams: [] }, 201],
    ['a group', { ...resting, ocaGroup: 'g' }, 201],
    ['a stop that the market has passed', { ...buy, orderType: OrderType.STP, auxPrice: 5 }, 201],
  ];
  const each = refused.map(
    ([title, order, code, contract]) => [title, order, code, contract ?? stock('AAPL')] as const,
  );
  test.each(each)('%s is refused, and nothing reaches the exchange', async (_, order, code, contract) => {
    const id = program.place(order, contract);
    await program.error(code, id);
    expect(await alpacaOrders()).toEqual([]);
  });

  test('an option is ordered by its contract; a description of several is ambiguous', async () => {
    const chain: Contract = { symbol: 'SPY', secType: SecType.OPT, exchange: 'SMART', currency: 'USD' };
    const several = program.place(market, { ...chain, right: OptionType.Call });
    expect((await program.error(200, several)).text).toContain('ambiguous');
    const found = await program.contractDetails({ ...chain, right: OptionType.Call });
    const { conId, localSymbol } = found.at(-1)?.contract ?? {};
    const id = program.place({ ...market, totalQuantity: 2 }, { conId, exchange: 'SMART' });
    const { averagePrice } = await program.status(id, 'Filled');
    const [one] = await program.allExecutions();
    expect(one).toMatchObject({
      contract: { localSymbol, multiplier: 100 },
      execution: { shares: 2, price: averagePrice },
    });
  });
});

describe('an order that is changed', () => {
  test('after a part of it traded is for the rest, and its executions count as one order’s', async () => {
    const id = program.place({ ...resting, orderRef: 'r' });
    const { permId } = await program.status(id, 'Submitted');
    const [{ id: order } = { id: '' }] = await alpacaOrders();
    await world.control('fills', { order_id: order, qty: 4, price: 5 });
    await program.until(() => program.executions.length === 1, 'the first execution');
    program.place({ ...resting, orderRef: 'r', totalQuantity: 12, lmtPrice: 6 }, undefined, id);
    await program.until(() => program.orders.some((one) => one.order.lmtPrice === 6), 'the new terms');
    const last = (await alpacaOrders()).at(-1);
    expect(last).toMatchObject({ qty: '8', limit_price: '6' });
    await world.control('fills', { order_id: last?.id, price: 6 });
    expect(await program.status(id, 'Filled')).toMatchObject({ filled: 12, remaining: 0, permId });
    const executions = await program.allExecutions();
    expect(executions.map(({ execution: { orderId, shares, cumQty } }) => [orderId, shares, cumQty])).toEqual(
      [
        [id, 4, 4],
        [id, 8, 12],
      ],
    );
    expect(executions[1]?.execution.avgPrice).toBeCloseTo((4 * 5 + 8 * 6) / 12, 6);
    const completed = await program.completedOrders();
    expect(completed.map(({ order: one }) => [one.permId, one.totalQuantity, one.filledQuantity])).toEqual([
      [permId, 12, 12],
    ]);
  });

  test('at once after it was placed is changed when it has arrived', async () => {
    const id = program.place(resting);
    program.place({ ...resting, lmtPrice: 7 }, undefined, id);
    await program.until(() => program.orders.some(({ order }) => order.lmtPrice === 7), 'the new price');
    program.api.cancelOrder(id);
    await program.status(id, 'Cancelled');
    expect(await program.allOpenOrders()).toEqual([]);
  });

  test('into one of another side, type or symbol is refused with 105 and stays', async () => {
    const id = program.place(resting);
    await program.status(id, 'Submitted');
    program.place({ ...resting, action: OrderAction.SELL }, undefined, id);
    program.place(market, undefined, id);
    program.place(resting, stock('KO'), id);
    await program.until(
      () => program.errors.filter(({ code }) => code === 105).length === 3,
      'three refusals',
    );
    expect((await program.allOpenOrders()).map(({ order }) => order.lmtPrice)).toEqual([5]);
  });

  test('into the same is told again and changes nothing: sending an order twice under its number makes no second', async () => {
    const id = program.place(resting);
    await program.status(id, 'Submitted');
    program.orders.length = 0;
    program.place(resting, undefined, id);
    await program.until(() => program.orders.length === 1, 'the order');
    expect(await alpacaOrders()).toHaveLength(1);
  });
});

test('orders of another wire are shown with order id 0 and client 0, and end by a global cancel alone', async () => {
  const order = {
    symbol: 'KO',
    qty: '1',
    side: 'buy',
    type: 'limit',
    limit_price: '5',
    time_in_force: 'gtc',
  };
  await world.control('orders', { key_id: KEYS.keyId, order });
  const id = program.place(resting);
  await program.status(id, 'Submitted');
  const open = await program.allOpenOrders();
  expect(open.map(({ orderId, contract, order: one }) => [orderId, one.clientId, contract.symbol])).toEqual([
    [0, 0, 'KO'],
    [id, 1, 'AAPL'],
  ]);
  program.api.cancelOrder(0);
  await program.error(10147, 0);
  program.api.reqGlobalCancel();
  await program.status(id, 'Cancelled');
  expect(await program.allOpenOrders()).toEqual([]);
});

test('an order that comes while the market is closed waits for it: 399 says until when', async () => {
  const closed = await startWorld({ clock: '2026-11-28T15:00:00Z' });
  const weekend = await TwsProgram.open(closed.port);
  const id = weekend.place(market);
  expect(await weekend.status(id, 'PreSubmitted')).toMatchObject({ filled: 0 });
  expect((await weekend.error(399, id)).text).toMatch(
    /BUY 10 AAPL\nWarning: Your order will not be placed at the exchange until 2026-11-30 09:30:00 US\/Eastern$/,
  );
  weekend.place({ ...market, totalQuantity: 5 }, undefined, id);
  expect((await weekend.error(201, id)).text).toContain('cannot be changed');
  weekend.api.cancelOrder(id);
  await weekend.status(id, 'Cancelled');
  await weekend.close();
  await closed.exchange.close();
});
