import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Order } from '@/domain/order/order';
import { isClosed } from '@/domain/order/status';
import { control, endFaults, setFault } from '@/server/testing/control';
import { startDesk, type TestDesk } from '@/server/testing/desk';
import { sendJson } from '@/server/testing/http-caller';
import type { Trader } from '@/server/testing/trader';
import { until } from '@/server/testing/until';

let desk: TestDesk;
let trader: Trader;

beforeAll(async () => {
  desk = await startDesk();
});
afterAll(() => desk.dispose());

/** Asks until an order is as it should be. */
async function orderThat(id: string, fits: (order: Order) => boolean): Promise<Order> {
  let order = await trader.trpc.orders.get.query({ id });
  await until('the order changed', async () => {
    order = await trader.trpc.orders.get.query({ id });
    return fits(order);
  });
  return order;
}

const filled = (id: string) => orderThat(id, ({ status }) => status === 'filled');
const working = (id: string) => orderThat(id, ({ status }) => status === 'new');

async function buy(symbol: string, qty: string): Promise<void> {
  const { id } = await trader.trpc.orders.submit.mutate({ symbol, side: 'buy', qty });
  await filled(id);
}

describe('order kinds at the exchange', () => {
  beforeAll(async () => {
    trader = await desk.signUp();
  });

  test('a stop order works with its stop price', async () => {
    await buy('MSFT', '3');
    const { id } = await trader.trpc.orders.submit.mutate({
      symbol: 'MSFT',
      side: 'sell',
      type: 'stop',
      stopPrice: '20',
      timeInForce: 'gtc',
      qty: '3',
    });
    expect(await working(id)).toMatchObject({ type: 'stop', stopPrice: '20', timeInForce: 'gtc' });
    await trader.trpc.orders.cancel.mutate({ id });
    await orderThat(id, ({ status }) => status === 'canceled');
  });

  test('an immediate-or-cancel order far from the market ends cancelled and unfilled', async () => {
    const { id } = await trader.trpc.orders.submit.mutate({
      symbol: 'SPY',
      side: 'buy',
      limitPrice: '1',
      timeInForce: 'ioc',
      qty: '1',
    });
    const order = await orderThat(id, ({ status }) => isClosed(status));
    expect(order).toMatchObject({ status: 'canceled', filledQty: '0' });
  });

  test('a replacement takes the place of the working order', async () => {
    const old = await trader.trpc.orders.submit.mutate({
      symbol: 'SPY',
      side: 'buy',
      limitPrice: '2',
      qty: '4',
    });
    await working(old.id);
    const next = await trader.trpc.orders.replace.mutate({ id: old.id, limitPrice: '3' });
    expect(next).toMatchObject({ replacesId: old.id, limitPrice: '3', qty: '4', symbol: 'SPY' });
    await working(next.id);
    await orderThat(old.id, ({ status }) => status === 'replaced');
    await expect(trader.trpc.orders.replace.mutate({ id: old.id, limitPrice: '4' })).rejects.toThrow(
      /replaced/,
    );
    await trader.trpc.orders.cancel.mutate({ id: next.id });
    await orderThat(next.id, ({ status }) => status === 'canceled');
  });

  test('a change of a partly filled order is for what has not filled, and trades no share twice', async () => {
    const terms = { symbol: 'SPY', side: 'buy', limitPrice: '2', qty: '10' } as const;
    const fill = ({ venueOrderId }: Order, qty: string) =>
      control(desk, 'POST', 'fills', { order_id: venueOrderId, qty });
    const old = await working((await trader.trpc.orders.submit.mutate(terms)).id);
    await fill(old, '3');
    await orderThat(old.id, ({ filledQty }) => filledQty === '3');
    const next = await trader.trpc.orders.replace.mutate({ id: old.id, limitPrice: '3' });
    expect(next).toMatchObject({ replacesId: old.id, limitPrice: '3', qty: '7', filledQty: '0' });
    const { events } = await trader.trpc.orders.events.query({ id: next.id });
    expect(events[0]?.message).toBe('for the 7 of 10 that had not filled');
    await fill(await working(next.id), '4');
    await orderThat(next.id, ({ filledQty }) => filledQty === '4');
    // The venue takes a change only for more than has filled; a quantity below that is no change at all.
    const change = (input: object) => trader.trpc.orders.replace.mutate({ id: next.id, ...input });
    await expect(change({ limitPrice: '4' })).rejects.toThrow(/no change for the 3 that are left/);
    await expect(change({ qty: '4' })).rejects.toThrow(/must be above the 4 that have filled/);
    const more = await change({ qty: '9' });
    expect(await working(more.id)).toMatchObject({ qty: '5', limitPrice: '3' });
    await fill(await working(more.id), '5');
    await filled(more.id);
    const { positions } = await trader.trpc.positions.list.query();
    expect(positions.find(({ symbol }) => symbol === 'SPY')?.qty).toBe('12');
  });

  test('what fills while a change is on its way is told of in the story of the change', async () => {
    const terms = { symbol: 'QQQ', side: 'buy', limitPrice: '2', qty: '10' } as const;
    const old = await working((await trader.trpc.orders.submit.mutate(terms)).id);
    await setFault(desk, { kind: 'race', action: 'part_before_replace', count: 1 });
    const next = await trader.trpc.orders.replace.mutate({ id: old.id, limitPrice: '3' });
    await orderThat(old.id, ({ status, filledQty }) => status === 'replaced' && filledQty === '5');
    await endFaults(desk);
    const messages = () =>
      trader.trpc.orders.events
        .query({ id: next.id })
        .then(({ events }) => events.map(({ message }) => message ?? ''));
    await until('it is told', async () => (await messages()).some((text) => text.startsWith('5 more of')));
    await trader.trpc.orders.cancel.mutate({ id: next.id });
    await orderThat(next.id, ({ status }) => status === 'canceled');
    expect((await messages()).filter((text) => text.startsWith('5 more of'))).toHaveLength(1);
  });

  test('a replacement the venue refuses leaves the old order working, and says why', async () => {
    const old = await trader.trpc.orders.submit.mutate({
      symbol: 'SPY',
      side: 'buy',
      limitPrice: '2.5',
      qty: '4',
    });
    await working(old.id);
    const refused = trader.trpc.orders.replace.mutate({ id: old.id, qty: '9000000' });
    await expect(refused).rejects.toThrow(/insufficient buying power/);
    expect(await trader.trpc.orders.get.query({ id: old.id })).toMatchObject({ status: 'new' });
    await trader.trpc.orders.cancelAll.mutate();
    await orderThat(old.id, ({ status }) => status === 'canceled');
  });

  test('cancel all ends every working order of a symbol and leaves the others', async () => {
    const submit = (symbol: string, limitPrice: string) =>
      trader.trpc.orders.submit.mutate({ symbol, side: 'buy', limitPrice, qty: '1' });
    const [one, two, other] = [
      await submit('AAPL', '2'),
      await submit('AAPL', '3'),
      await submit('QQQ', '2'),
    ];
    await Promise.all([working(one.id), working(two.id), working(other.id)]);
    const { requested, failed } = await trader.trpc.orders.cancelAll.mutate({ symbol: 'AAPL' });
    expect(requested.map(({ id }) => id).sort()).toEqual([one.id, two.id].sort());
    expect(failed).toEqual([]);
    await Promise.all([one, two].map(({ id }) => orderThat(id, ({ status }) => status === 'canceled')));
    expect(await trader.trpc.orders.get.query({ id: other.id })).toMatchObject({ status: 'new' });
    await trader.trpc.orders.cancelAll.mutate();
  });

  test('closing by percentage sells that part, and closing all leaves nothing', async () => {
    await buy('NVDA', '10');
    const half = await trader.trpc.positions.close.mutate({ symbol: 'NVDA', percentage: '50' });
    expect(await filled(half.id)).toMatchObject({ side: 'sell', qty: '5', type: 'market' });
    const { orders, failed } = await trader.trpc.positions.closeAll.mutate({ cancelOrders: true });
    expect(failed).toEqual([]);
    await Promise.all(orders.map(({ id }) => filled(id)));
    expect((await trader.trpc.positions.list.query()).positions).toEqual([]);
  });

  test('closing what is not held is answered 404', async () => {
    const reply = await sendJson(desk.url, 'DELETE', '/api/v1/positions/TSLA', undefined, trader.bearer);
    expect(reply.status).toBe(404);
  });

  test("an order's events tell its story in order", async () => {
    const { id } = await trader.trpc.orders.submit.mutate({ symbol: 'AAPL', side: 'buy', qty: '1' });
    await filled(id);
    const { events } = await trader.trpc.orders.events.query({ id });
    expect(events[0]).toMatchObject({ type: 'received', status: 'submitting' });
    expect(events.at(-1)).toMatchObject({
      type: 'filled',
      status: 'filled',
      fill: { qty: expect.any(String) },
    });
    expect(events.map(({ seq }) => seq)).toEqual(events.map(({ seq }) => seq).sort((a, b) => a - b));
  });

  test('REST takes nested exits in snake case and refuses another spelling by its name', async () => {
    const body = {
      symbol: 'AAPL',
      side: 'buy',
      qty: '1',
      order_class: 'bracket',
      stop_loss: { stopPrice: '1' },
    };
    const reply = await sendJson(desk.url, 'POST', '/api/v1/orders', body, trader.bearer);
    expect(reply.status).toBe(422);
    expect(reply.text).toContain('stop_loss.stopPrice');
  });

  test("a bracket's exits hang on it, come alive when it fills, and end together", async () => {
    const entry = await trader.trpc.orders.submit.mutate({
      symbol: 'AMZN',
      side: 'buy',
      qty: '2',
      orderClass: 'bracket',
      takeProfit: { limitPrice: '900' },
      stopLoss: { stopPrice: '20' },
    });
    await filled(entry.id);
    const exitsOf = async () =>
      (await trader.trpc.orders.list.query({ status: 'all', symbol: 'AMZN' })).orders.filter(
        ({ parentId }) => parentId === entry.id,
      );
    const [profit, loss] = await until('both exits are known', async () => {
      const exits = await exitsOf();
      const found = [
        exits.find(({ type }) => type === 'limit'),
        exits.find(({ type }) => type === 'stop'),
      ] as const;
      return found[0]?.status === 'new' && found[1]?.status === 'held' ? found : null;
    });
    expect(profit).toMatchObject({ side: 'sell', limitPrice: '900', qty: '2', status: 'new' });
    expect(loss).toMatchObject({ side: 'sell', stopPrice: '20', qty: '2', status: 'held' });
    await trader.trpc.orders.cancel.mutate({ id: profit?.id ?? '' });
    await until('both exits ended', async () =>
      (await exitsOf()).every(({ status }) => status === 'canceled'),
    );
    expect(await exitsOf()).toHaveLength(2);
    await trader.trpc.positions.closeAll.mutate({ cancelOrders: true });
  });

  test('a trailing stop works with its trail', async () => {
    await buy('META', '1');
    const { id } = await trader.trpc.orders.submit.mutate({
      symbol: 'META',
      side: 'sell',
      type: 'trailing_stop',
      trailPercent: '20',
      timeInForce: 'gtc',
      qty: '1',
    });
    expect(await working(id)).toMatchObject({ type: 'trailing_stop', trailPercent: '20' });
    await trader.trpc.positions.closeAll.mutate({ cancelOrders: true });
  });

  test('dollars buy the shares they buy', async () => {
    const { id } = await trader.trpc.orders.submit.mutate({ symbol: 'SPY', side: 'buy', notional: '100' });
    const order = await filled(id);
    expect(order).toMatchObject({ notional: '100', qty: null });
    const spent = Number(order.filledQty) * Number(order.filledAvgPrice);
    expect(spent).toBeGreaterThan(99);
    expect(spent).toBeLessThan(101);
  });

  test('closing all waits for the shares that a cancelled order held', async () => {
    await buy('DIS', '6');
    await trader.trpc.orders.submit.mutate({
      symbol: 'DIS',
      side: 'sell',
      limitPrice: '9000',
      timeInForce: 'gtc',
      qty: '6',
    });
    const { orders, failed } = await trader.trpc.positions.closeAll.mutate({ cancelOrders: true });
    expect(failed).toEqual([]);
    await Promise.all(orders.map(({ id }) => filled(id)));
    expect((await trader.trpc.positions.list.query()).positions).toEqual([]);
  });
});
