import { type Order, OrderAction, OrderType, TimeInForce } from '@stoqey/ib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { KEYS, startWorld, TwsProgram } from './testing/tws-world';

let world: Awaited<ReturnType<typeof startWorld>>;
let program: TwsProgram;
const common = { totalQuantity: 10, tif: TimeInForce.GTC };
const entry = {
  ...common,
  action: OrderAction.BUY,
  orderType: OrderType.MKT,
  transmit: false,
  orderRef: 'entry',
};
const exit = { ...common, action: OrderAction.SELL };
const profit = { ...exit, orderType: OrderType.LMT, lmtPrice: 900, transmit: false, orderRef: 'profit' };
const loss = { ...exit, orderType: OrderType.STP, auxPrice: 20, orderRef: 'loss' };
const listed = z.array(z.looseObject({ id: z.string(), type: z.string() }));

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

function placeFamily(...family: readonly Order[]): number[] {
  const [parent = entry, ...exits] = family;
  const parentId = program.place(parent);
  return [parentId, ...exits.map((one) => program.place({ ...one, parentId }))];
}

describe('a parent and its exits, sent together', () => {
  test('are one bracket: the exits wait for the entry, and one that trades ends the other', async () => {
    const [parentId = 0, profitId = 0, lossId = 0] = placeFamily(entry, profit, loss);
    await program.status(parentId, 'Filled');
    await program.status(profitId, 'Submitted');
    const open = await program.allOpenOrders();
    expect(
      open.map(({ order, state }) => [
        order.orderId,
        order.parentId,
        order.orderRef,
        order.orderType,
        state.status,
      ]),
    ).toEqual([
      [profitId, parentId, 'profit', 'LMT', 'Submitted'],
      [lossId, parentId, 'loss', 'STP', 'PreSubmitted'],
    ]);
    const taking = (await alpacaOrders()).find(({ type }) => type === 'limit');
    await world.control('fills', { order_id: taking?.id });
    await program.status(profitId, 'Filled');
    await program.status(lossId, 'Cancelled');
    const executions = await program.allExecutions();
    expect(executions.map(({ execution }) => [execution.orderId, execution.orderRef])).toEqual([
      [parentId, 'entry'],
      [profitId, 'profit'],
    ]);
    expect(program.nextId).toBe(lossId + 1);
  });

  test('the stop may be all there is, and takes a new price', async () => {
    const [parentId = 0, lossId = 0] = placeFamily(entry, loss);
    await program.status(parentId, 'Filled');
    await program.until(() => program.statuses.some(({ orderId }) => orderId === lossId), 'the stop');
    await program.status(lossId, 'PreSubmitted');
    program.place({ ...loss, auxPrice: 30, parentId }, undefined, lossId);
    await program.until(() => program.orders.some(({ order }) => order.auxPrice === 30), 'the new price');
    const open = await program.allOpenOrders();
    expect(open.map(({ order }) => [order.orderId, order.auxPrice])).toEqual([[lossId, 30]]);
  });

  test('end together when the parent is cancelled', async () => {
    const [parentId = 0, ...exits] = placeFamily(
      { ...entry, orderType: OrderType.LMT, lmtPrice: 100 },
      profit,
      loss,
    );
    await program.status(parentId, 'Submitted');
    program.api.cancelOrder(parentId);
    for (const id of [parentId, ...exits]) await program.status(id, 'Cancelled');
    expect(await program.allOpenOrders()).toEqual([]);
  });

  test.each([
    ['another quantity', [profit, { ...loss, totalQuantity: 5 }]],
    ['the same side', [{ ...profit, action: OrderAction.BUY }, loss]],
    ['another time in force', [{ ...profit, tif: TimeInForce.DAY }, loss]],
    ['two stops', [{ ...loss, transmit: false }, loss]],
    ['a trailing stop', [profit, { ...exit, orderType: OrderType.TRAIL, auxPrice: 3 }]],
    ['a stop above the market', [profit, { ...loss, auxPrice: 899 }]],
  ])('with %s are refused, each by its number, and none reaches the exchange', async (_, exits) => {
    const ids = placeFamily(entry, ...exits);
    for (const id of ids) await program.error(201, id);
    expect(await alpacaOrders()).toEqual([]);
  });
});

test('an order that is not to be sent waits, unseen, until it is', async () => {
  const id = program.place({ ...entry, transmit: false });
  expect(await program.allOpenOrders()).toEqual([]);
  program.place({ ...entry, transmit: true }, undefined, id);
  await program.status(id, 'Filled');
  const other = program.place({ ...entry, transmit: false });
  program.api.cancelOrder(other);
  await program.error(202, other);
});

test('an exit whose parent is not waiting is refused', async () => {
  const id = program.place({ ...loss, parentId: 70 });
  expect((await program.error(201, id)).text).toContain('together with their parent');
});
