import { type ExecutionFilter, OrderAction, OrderType, SecType, TimeInForce } from '@stoqey/ib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startWorld, stock, TwsProgram } from './testing/tws-world';

let world: Awaited<ReturnType<typeof startWorld>>;
let program: TwsProgram;
const buy = { action: OrderAction.BUY, totalQuantity: 10, tif: TimeInForce.DAY };
const market = { ...buy, orderType: OrderType.MKT };
/** So low that it rests. */
const resting = { ...buy, orderType: OrderType.LMT, lmtPrice: 5, tif: TimeInForce.GTC };

beforeEach(async () => {
  world = await startWorld();
  program = await TwsProgram.open(world.port);
});
afterEach(async () => {
  await program.close();
  await world.exchange.close();
});

describe('placeOrder', () => {
  test('fills at market and tells order, status, execution and commission', async () => {
    const id = program.place({ ...market, orderRef: 'first' });
    const filled = await program.status(id, 'Filled');
    await program.until(() => program.commissions.length > 0, 'a commission report');
    expect(filled).toMatchObject({ filled: 10, remaining: 0, clientId: 1 });
    const [seen] = program.orders;
    expect(seen).toMatchObject({
      orderId: id,
      contract: { symbol: 'AAPL', secType: 'STK' },
      order: {
        action: 'BUY',
        totalQuantity: 10,
        orderType: 'MKT',
        orderRef: 'first',
        clientId: 1,
        permId: filled.permId,
      },
      state: { status: 'PreSubmitted' },
    });
    const [one] = program.executions;
    expect(one).toMatchObject({
      reqId: -1,
      contract: { symbol: 'AAPL' },
      execution: {
        orderId: id,
        side: 'BOT',
        shares: 10,
        cumQty: 10,
        permId: filled.permId,
        orderRef: 'first',
      },
    });
    expect(one?.execution.avgPrice).toBe(filled.averagePrice);
    expect(program.commissions[0]?.execId).toBe(one?.execution.execId);
    expect(program.errors.filter(({ id: about }) => about !== -1)).toEqual([]);
  });

  test('the same reference twice is two orders: it is no key', async () => {
    const [a, b] = [
      program.place({ ...resting, orderRef: 'same' }),
      program.place({ ...resting, orderRef: 'same' }),
    ];
    await program.status(a, 'Submitted');
    await program.status(b, 'Submitted');
    const open = await program.allOpenOrders();
    expect(open.map(({ orderId, order }) => [orderId, order.orderRef])).toEqual([
      [a, 'same'],
      [b, 'same'],
    ]);
  });

  test('under the number of an order that works changes its price and quantity, and keeps its permanent id', async () => {
    const id = program.place({ ...resting, orderRef: 'r' });
    const { permId } = await program.status(id, 'Submitted');
    program.orders.length = 0;
    program.place({ ...resting, orderRef: 'r', lmtPrice: 6, totalQuantity: 4 }, undefined, id);
    await program.until(() => program.orders.some(({ order }) => order.lmtPrice === 6), 'the new price');
    const [one, ...others] = await program.allOpenOrders();
    expect(others).toEqual([]);
    expect(one?.order).toMatchObject({ orderId: id, permId, lmtPrice: 6, totalQuantity: 4, orderRef: 'r' });
  });

  test('under a number that was used is refused with 103', async () => {
    const id = program.place(market);
    await program.status(id, 'Filled');
    program.place(market, undefined, id);
    await program.error(103, id);
    expect(await program.allExecutions()).toHaveLength(1);
  });

  test('under a number beyond 32 bits is refused with 321, and the next number stays what it was', async () => {
    const [id, next] = [3_000_000_000, program.nextId];
    program.place(market, undefined, id);
    await program.error(321, id);
    await program.close();
    await program.connect();
    expect(program.nextId).toBe(next);
  });

  test('of what the account cannot pay is refused with 201 and its reason', async () => {
    const id = program.place({ ...market, totalQuantity: 1_000_000 });
    expect((await program.error(201, id)).text).toMatch(/^Order rejected - reason:.*buying power/);
  });
});

describe('cancelOrder', () => {
  test('ends a working order with 202 and Cancelled', async () => {
    const id = program.place(resting);
    await program.status(id, 'Submitted');
    program.api.cancelOrder(id);
    await program.error(202, id);
    expect(await program.status(id, 'Cancelled')).toMatchObject({ filled: 0, remaining: 10 });
    expect(await program.allOpenOrders()).toEqual([]);
  });

  test('is refused with 10147 for an unknown order and 10148 for a filled one', async () => {
    program.api.cancelOrder(77);
    expect((await program.error(10147, 77)).text).toContain('is not found');
    const id = program.place(market);
    await program.status(id, 'Filled');
    program.api.cancelOrder(id);
    await program.error(10148, id);
  });
});

describe('reqExecutions', () => {
  test('lets through what its filter asks for, by client, time, symbol, side and account', async () => {
    await program.status(program.place(market), 'Filled');
    await program.status(program.place({ ...market, action: OrderAction.SELL, totalQuantity: 4 }), 'Filled');
    const other = await TwsProgram.open(world.port, 8);
    await other.status(other.place(market, stock('KO')), 'Filled');
    const count = async (filter: ExecutionFilter): Promise<number> =>
      (await program.allExecutions(filter)).length;
    expect(await count({})).toBe(3);
    expect(await count({ clientId: '8' })).toBe(1);
    expect(await count({ symbol: 'AAPL' })).toBe(2);
    expect(await count({ side: 'SELL' })).toBe(1);
    expect(await count({ secType: SecType.OPT })).toBe(0);
    expect(await count({ acctCode: program.accounts[0] })).toBe(3);
    expect(await count({ acctCode: 'DU1' })).toBe(0);
    const utc = (at: number): string =>
      new Date(at).toISOString().slice(0, 19).replaceAll('-', '').replace('T', '-');
    expect(await count({ time: utc(Date.now() - 60_000) })).toBe(3);
    expect(await count({ time: utc(Date.now() + 60_000) })).toBe(0);
    await other.close();
  });

  test('tells of the trading day of now alone', async () => {
    await program.status(program.place(market), 'Filled');
    await world.control('clock', { advance_ms: 86_400_000 });
    expect(await program.allExecutions()).toEqual([]);
    expect(await program.completedOrders()).toEqual([]);
  });
});
