import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { exact } from '@/domain/money';
import { startDesk, type TestDesk } from '@/server/testing/desk';
import { sendJson } from '@/server/testing/http-caller';
import { contractsNear } from '@/server/testing/option-contracts';
import type { Trader } from '@/server/testing/trader';
import { until } from '@/server/testing/until';
import { unsettledAccounts } from './venue/reconcile-orders';

let desk: TestDesk;
let low = '';
let high = '';
beforeAll(async () => {
  desk = await startDesk();
  [low = '', high = ''] = await contractsNear(desk, 'AAPL', 'call');
});
afterAll(() => desk.dispose());

const becomes = (trader: Trader, id: string, status: string) =>
  until(`it is ${status}`, async () => {
    const order = await trader.trpc.orders.get.query({ id });
    return order.status === status ? order : null;
  });

const buySpread = { low: 'buy_to_open', high: 'sell_to_open' } as const;
const sellSpread = { low: 'sell_to_close', high: 'buy_to_close' } as const;
const legs = (intents: typeof buySpread | typeof sellSpread) =>
  [
    { symbol: low, intent: intents.low },
    { symbol: high, intent: intents.high },
  ].map(({ symbol, intent }) => ({
    symbol,
    side: intent.startsWith('buy') ? ('buy' as const) : ('sell' as const),
    ratioQty: '1',
    positionIntent: intent,
  }));
const spread = (intents: typeof buySpread | typeof sellSpread, more: object = {}) => ({
  orderClass: 'mleg' as const,
  qty: '2',
  legs: legs(intents),
  ...more,
});

async function legsOf(trader: Trader, id: string) {
  const { orders } = await trader.trpc.orders.list.query({ status: 'all', limit: 500 });
  return orders.filter(({ parentId }) => parentId === id);
}

async function agreed(trader: Trader): Promise<void> {
  const [account] = (await trader.trpc.account.list.query()).accounts;
  const { drifts } = await trader.trpc.reconciliation.compare.mutate({ accountId: account?.id });
  expect(drifts).toEqual([]);
}

describe('options', () => {
  test('a vertical spread and a long call are traded, booked as the venue books them, and closed', async () => {
    const trader = await desk.signUp();
    await until('the books are open', async () => (await trader.trpc.reconciliation.get.query()).openedAt);
    const opened = await trader.trpc.orders.submit.mutate(spread(buySpread));
    expect(opened).toMatchObject({ symbol: '', side: 'buy', orderClass: 'mleg', qty: '2' });
    const parent = await becomes(trader, opened.id, 'filled');
    expect(parent).toMatchObject({ filledQty: '2', legs: legs(buySpread) });
    const own = await until('both legs are booked', async () => {
      const found = await legsOf(trader, opened.id);
      return found.length === 2 && found.every(({ status }) => status === 'filled') ? found : null;
    });
    const [bought, sold] = [low, high].map((name) => own.find(({ symbol }) => symbol === name));
    expect(bought).toMatchObject({ side: 'buy', filledQty: '2', positionIntent: 'buy_to_open' });
    expect(sold).toMatchObject({ side: 'sell', filledQty: '2', positionIntent: 'sell_to_open' });
    const net = exact(bought?.filledAvgPrice ?? 0).minus(sold?.filledAvgPrice ?? 0);
    expect(parent.filledAvgPrice).toBe(net.toFixed());

    const call = await trader.trpc.orders.submit.mutate({
      symbol: low.toLowerCase(),
      side: 'buy',
      qty: '1',
      positionIntent: 'buy_to_open',
    });
    const { filledAvgPrice } = await becomes(trader, call.id, 'filled');
    await agreed(trader);
    const cash = exact(100_000)
      .minus(net.times(200))
      .minus(exact(filledAvgPrice ?? 0).times(100));
    expect((await trader.trpc.account.get.query()).cash).toBe(cash.toFixed());

    const part = await trader.rest('DELETE', `/api/v1/positions/${low}?percentage=50`);
    expect(part).toMatchObject({ status: 422 });
    expect(part.text).toContain('1.5 contracts of 3');
    const back = await trader.trpc.orders.submit.mutate(spread(sellSpread));
    await becomes(trader, back.id, 'filled');
    const { orders, failed } = await trader.trpc.positions.closeAll.mutate({});
    expect({ failed, closed: orders.length }).toEqual({ failed: [], closed: 1 });
    for (const { id } of orders) await becomes(trader, id, 'filled');
    await agreed(trader);
    expect((await trader.trpc.positions.list.query()).positions).toEqual([]);

    const { trades, realizedPl } = await trader.trpc.trades.list.query({ limit: 500 });
    const sum = (symbol: string) =>
      trades.filter((one) => one.symbol === symbol).reduce((qty, one) => qty.plus(one.qty), exact(0));
    expect([sum(low).toFixed(), sum(high).toFixed()]).toEqual(['3', '2']);
    expect(new Set(trades.map(({ symbol, side }) => `${side} ${symbol}`))).toEqual(
      new Set([`long ${low}`, `short ${high}`]),
    );
    const account = await trader.trpc.account.get.query();
    expect(realizedPl).toBe(exact(account.cash).minus(100_000).toFixed());

    const left = await unsettledAccounts(desk.parts);
    expect(left.map(({ id }) => id)).not.toContain(opened.accountId);

    const { events } = await trader.trpc.orders.events.query({ id: opened.id });
    expect(events.map(({ fill }) => fill)).not.toContainEqual(expect.anything());
    const story = await trader.trpc.orders.events.query({ id: bought?.id ?? '' });
    expect(story.events.filter(({ fill }) => fill !== null)).toHaveLength(1);
  }, 30_000);

  test('closing all buys back what was sold before it sells what covers it, and leaves nothing', async () => {
    const trader = await desk.signUp();
    const { id } = await trader.trpc.orders.submit.mutate(spread(buySpread));
    await becomes(trader, id, 'filled');
    const { orders, failed } = await trader.trpc.positions.closeAll.mutate({ cancelOrders: true });
    expect(failed).toEqual([]);
    expect(orders.map(({ symbol, side, qty }) => [symbol, side, qty])).toEqual([
      [high, 'buy', '2'],
      [low, 'sell', '2'],
    ]);
    for (const order of orders) await becomes(trader, order.id, 'filled');
    expect((await trader.trpc.positions.list.query()).positions).toEqual([]);
  });

  test('limits of the account count a multi-leg order as one, worth what it can lose', async () => {
    const trader = await desk.signUp();
    const { profile } = await trader.trpc.risk.profile.query();
    const limit = (more: object) => trader.trpc.risk.update.mutate({ profile: { ...profile, ...more } });
    const ask = async (order: object) => {
      const reply = await sendJson(desk.url, 'POST', '/api/v1/risk/check', order, trader.bearer);
      expect(reply.status).toBe(200);
      return z
        .object({ denials: z.array(z.object({ rule: z.string() })) })
        .parse(reply.json)
        .denials.map(({ rule }) => rule);
    };
    const wire = legs(buySpread).map(({ symbol, side, positionIntent }) => ({
      symbol,
      side,
      ratio_qty: '1',
      position_intent: positionIntent,
    }));
    const order = { order_class: 'mleg', qty: '2', limit_price: '1', legs: wire };
    await limit({ maxOrdersADay: 2, maxOptionsLevel: 3, maxOrderNotional: '200' });
    const { id } = await trader.trpc.orders.submit.mutate(spread(buySpread, { limitPrice: '0.01' }));
    await becomes(trader, id, 'new');
    await until('its legs are known', async () => (await legsOf(trader, id)).length === 2);
    expect(await ask(order)).toEqual([]);
    expect(await ask({ ...order, limit_price: '1.01' })).toEqual(['max_order_notional']);
    await limit({ maxOptionsLevel: 2 });
    expect(await ask(order)).toEqual(['max_options_level']);
    expect(await ask({ symbol: low, side: 'buy', qty: '1' })).toEqual([]);
    expect(await ask({ symbol: low, side: 'sell', qty: '1' })).toEqual(['max_options_level']);
    await limit({ maxOrderNotional: '1' });
    expect(await ask({ symbol: low, side: 'buy', qty: '1' })).toEqual(['max_order_notional']);
    expect(await ask({ symbol: low, side: 'buy', qty: '1', limit_price: '500' })).toEqual([
      'max_order_notional',
      'price_collar',
    ]);
  });

  test('a multi-leg order works whole, is found by its legs, and ends whole', async () => {
    const trader = await desk.signUp();
    const { id } = await trader.trpc.orders.submit.mutate(spread(buySpread, { limitPrice: '0.01' }));
    await becomes(trader, id, 'new');
    const [leg] = await until('the legs are known', async () => {
      const found = await legsOf(trader, id);
      return found.length === 2 ? found : null;
    });
    const found = await trader.trpc.orders.list.query({ symbol: high });
    expect(found.orders.map((order) => order.id)).toContain(id);
    await expect(trader.trpc.orders.cancel.mutate({ id: leg?.id ?? '' })).rejects.toThrow(
      'cancel that order',
    );
    const { requested, failed } = await trader.trpc.orders.cancelAll.mutate({ symbol: high });
    expect({ requested: requested.map((order) => order.id), failed }).toEqual({
      requested: [id],
      failed: [],
    });
    await becomes(trader, id, 'canceled');
    await until('its legs ended too', async () =>
      (await legsOf(trader, id)).every(({ status }) => status === 'canceled'),
    );
  });

  test('a multi-leg order is replaced whole, and may turn from a debit to a credit', async () => {
    const trader = await desk.signUp();
    const { id } = await trader.trpc.orders.submit.mutate(spread(buySpread, { limitPrice: '0.01' }));
    await becomes(trader, id, 'new');
    const [leg] = await until('its legs are known', async () => {
      const found = await legsOf(trader, id);
      return found.length === 2 ? found : null;
    });
    await expect(trader.trpc.orders.replace.mutate({ id: leg?.id ?? '', qty: '3' })).rejects.toThrow(
      'change that order',
    );
    const change = { qty: '3', limit_price: '-0.05' };
    const reply = await trader.rest('PATCH', `/api/v1/orders/${id}`, change);
    expect(reply).toMatchObject({
      status: 200,
      json: { replaces_id: id, legs: expect.anything(), ...change },
    });
    const next = String(reply.json['id']);
    await becomes(trader, next, 'new');
    await becomes(trader, id, 'replaced');
    const [old, fresh] = [await legsOf(trader, id), await legsOf(trader, next)];
    expect(old.map(({ status, qty }) => [status, qty])).toEqual([
      ['replaced', '2'],
      ['replaced', '2'],
    ]);
    expect(fresh.map(({ status, qty }) => [status, qty])).toEqual([
      ['new', '3'],
      ['new', '3'],
    ]);
  });

  test('a credit is asked for by a price below zero', async () => {
    const trader = await desk.signUp();
    const reply = await sendJson(
      desk.url,
      'POST',
      '/api/v1/options/order',
      {
        order_class: 'mleg',
        qty: '1',
        type: 'limit',
        limit_price: '-500',
        legs: [
          { symbol: low, side: 'sell', ratio_qty: '1', position_intent: 'sell_to_open' },
          { symbol: high, side: 'buy', ratio_qty: 1, position_intent: 'buy_to_open' },
        ],
      },
      trader.bearer,
    );
    expect(reply).toMatchObject({ status: 201, json: { limit_price: '-500', symbol: '' } });
    const id = String(reply.json['id']);
    expect(await becomes(trader, id, 'new')).toMatchObject({ limitPrice: '-500' });
  });

  test('a contract that is not listed, or has expired, is refused with its name', async () => {
    const trader = await desk.signUp();
    for (const [symbol, why] of [
      ['AAPL991218C00250000', 'is not a listed option contract'],
      ['AAPL250117C00150000', 'expired on 2025-01-17'],
    ]) {
      const order = { symbol, side: 'buy', qty: '1' };
      const reply = await sendJson(desk.url, 'POST', '/api/v1/orders', order, trader.bearer);
      expect(reply.status).toBe(422);
      expect(reply.text).toContain(why);
    }
  });

  test('an intent that does not fit what is held is the venue’s to refuse, in its words', async () => {
    const trader = await desk.signUp();
    const order = { symbol: low, side: 'sell', qty: '1', positionIntent: 'sell_to_close' } as const;
    await expect(trader.trpc.orders.submit.mutate(order)).rejects.toThrow(/position intent mismatch/);
  });

  test('exercising takes the shares at the strike, is booked, and asked again finds nothing', async () => {
    const trader = await desk.signUp();
    await until('the books are open', async () => (await trader.trpc.reconciliation.get.query()).openedAt);
    const { id } = await trader.trpc.orders.submit.mutate({ symbol: low, side: 'buy', qty: '1' });
    await becomes(trader, id, 'filled');
    const early = await trader.rest('POST', `/api/v1/positions/${low}/do-not-exercise`);
    expect(early).toMatchObject({ status: 422 });
    expect(early.text).toContain('only accepted on the expiration day');
    const reply = await trader.rest('POST', `/api/v1/positions/${low}/exercise`);
    expect(reply).toMatchObject({ status: 200, json: { status: 'done', held: '1' } });
    const again = await trader.rest('POST', `/api/v1/positions/${low}/exercise`);
    expect(again.status).toBe(404);
    const { positions } = await trader.trpc.positions.list.query();
    expect(positions.map(({ symbol, qty }) => [symbol, qty])).toEqual([['AAPL', '100']]);
    await agreed(trader);
    const { total } = await trader.trpc.trades.list.query({ symbol: low });
    expect(total).toBe(1);
  });
});
