import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { firstAccountOf, startDesk, type TestDesk } from '@/server/testing/desk';
import { type DeskProcess, startDeskProcess } from '@/server/testing/desk-process';
import type { Reply } from '@/server/testing/http-caller';
import { signIn, signUp, type Trader } from '@/server/testing/trader';
import { until } from '@/server/testing/until';

let desk: TestDesk;
beforeAll(async () => {
  desk = await startDesk();
});
afterAll(() => desk.dispose());

const far = { symbol: 'AAPL', side: 'buy', type: 'limit', limitPrice: '1', qty: '1' } as const;
const snake = { symbol: 'AAPL', side: 'buy', type: 'limit', limit_price: '1', qty: '1' };

const submit = (trader: Trader, body: object, key?: string): Promise<Reply> =>
  trader.rest('POST', '/api/v1/orders', body, key === undefined ? {} : { 'idempotency-key': key });

/** The orders the exchange itself holds for a trader's account. */
async function ordersAt(at: TestDesk, trader: Trader) {
  const record = await firstAccountOf(at, trader.user.id);
  return at.parts.services.sessions.of(record).execution.listOrders('2020-01-01T00:00:00Z');
}

const atExchange = (trader: Trader) => ordersAt(desk, trader);

const allOrders = async (trader: Trader) => (await trader.trpc.orders.list.query({ status: 'all' })).orders;

describe('submitting an order', () => {
  test('fills it, and position and account follow', async () => {
    const trader = await desk.signUp();
    const before = await trader.trpc.account.get.query();
    const order = await trader.trpc.orders.submit.mutate({ symbol: 'MSFT', side: 'buy', qty: '2' });
    const filled = await until('it is filled', async () => {
      const now = await trader.trpc.orders.get.query({ id: order.id });
      return now.status === 'filled' ? now : null;
    });
    expect(filled).toMatchObject({ filledQty: '2', clientOrderId: order.clientOrderId });
    const { positions } = await trader.trpc.positions.list.query();
    expect(positions.map(({ symbol, qty }) => [symbol, qty])).toEqual([['MSFT', '2']]);
    const spent = Number(before.cash) - Number((await trader.trpc.account.get.query()).cash);
    expect(spent).toBeCloseTo(2 * Number(filled.filledAvgPrice), 2);
  });

  test('a far limit works until it is cancelled, and cannot be cancelled twice', async () => {
    const trader = await desk.signUp();
    const order = await trader.trpc.orders.submit.mutate(far);
    const asked = await trader.trpc.orders.cancel.mutate({ id: order.id });
    expect(['pending_cancel', 'canceled']).toContain(asked.status);
    await until('it is cancelled', async () => (await allOrders(trader))[0]?.status === 'canceled');
    await expect(trader.trpc.orders.cancel.mutate({ id: order.id })).rejects.toThrow(/already canceled/);
  });

  test('with the same key and body answers the same order again', async () => {
    const trader = await desk.signUp();
    const [first, second] = [
      await submit(trader, snake, 'key-00001'),
      await submit(trader, snake, 'key-00001'),
    ];
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.json['id']).toBe(first.json['id']);
    expect((await atExchange(trader)).length).toBe(1);
  });

  test('with the same key and another body is refused', async () => {
    const trader = await desk.signUp();
    await submit(trader, snake, 'key-00002');
    const other = await submit(trader, { ...snake, qty: '2' }, 'key-00002');
    expect(other).toMatchObject({ status: 422, json: { code: 'idempotency_mismatch' } });
    expect((await atExchange(trader)).length).toBe(1);
  });

  test('with a key that another user has used too is a different order', async () => {
    const [trader, other] = [await desk.signUp(), await desk.signUp()];
    const [mine, theirs] = [
      await submit(trader, snake, 'key-00003'),
      await submit(other, snake, 'key-00003'),
    ];
    expect([mine.status, theirs.status]).toEqual([201, 201]);
    expect(theirs.json['id']).not.toBe(mine.json['id']);
  });

  test('fifty times at once with one key makes one order at the exchange', async () => {
    const trader = await desk.signUp();
    const replies = await Promise.all(Array.from({ length: 50 }, () => submit(trader, snake, 'key-00004')));
    for (const { status } of replies) expect([201, 202]).toContain(status);
    expect(new Set(replies.map(({ json }) => json['id'])).size).toBe(1);
    expect((await atExchange(trader)).length).toBe(1);
    expect((await allOrders(trader)).length).toBe(1);
  });

  test('with a client order id that was used before is a conflict', async () => {
    const trader = await desk.signUp();
    const order = { ...far, clientOrderId: 'mine-1' };
    await trader.trpc.orders.submit.mutate(order);
    await expect(trader.trpc.orders.submit.mutate(order)).rejects.toThrow(/mine-1 was used before/);
    expect((await atExchange(trader)).length).toBe(1);
  });

  test('that the venue rejects keeps its code and words, in the answer and in the books', async () => {
    const trader = await desk.signUp();
    const reply = await submit(trader, { symbol: 'AAPL', side: 'buy', qty: '1000000' });
    expect(reply).toMatchObject({ status: 422, json: { code: 'order_rejected', venue_code: '40310000' } });
    expect(String(reply.json['detail'])).toMatch(/insufficient buying power/);
    const [order] = await allOrders(trader);
    expect(order).toMatchObject({ status: 'rejected', reason: { code: '40310000' } });
    expect(order?.reason?.message).toMatch(/insufficient buying power/);
    expect(order?.closedAt).not.toBeNull();
  });
});

describe('while the exchange', () => {
  let crashing: TestDesk;
  let trader: Trader;
  beforeAll(async () => {
    crashing = await startDesk();
    trader = await crashing.signUp();
    await trader.trpc.orders.submit.mutate(far);
    await until('it works', async () => (await allOrders(trader))[0]?.status === 'new');
  });
  afterAll(() => crashing.dispose());

  test('is dead an order is unknown, goes out under its own id once it is back, and holds up no other', async () => {
    await killExchange(crashing);
    const lost = await submit(trader, snake, 'while-dead');
    expect(lost).toMatchObject({ status: 202, json: { status: 'unknown' } });
    expect((await trader.rest('GET', '/ready')).status).toBe(503);
    await until('the exchange is back', () => crashing.parts.exchange.up);
    expect((await trader.rest('GET', '/ready')).status).toBe(200);
    const sent = await trader.trpc.orders.submit.mutate({ ...far, symbol: 'MSFT' });
    await until('what came after works', async () => {
      const all = await allOrders(trader);
      return all.find(({ id }) => id === sent.id)?.status === 'new';
    });
    const again = await submit(trader, snake, 'while-dead');
    expect(again.json['id']).toBe(lost.json['id']);
    await until('the lost one works', async () => {
      const all = await allOrders(trader);
      return all.find(({ id }) => id === lost.json['id'])?.status === 'new';
    });
    const taken = (await ordersAt(crashing, trader)).map(({ symbol }) => symbol);
    expect(taken.toSorted()).toEqual(['AAPL', 'AAPL', 'MSFT']);
  }, 30_000);

  test('hangs an order is unknown, and resolved by asking once the exchange answers', async () => {
    const { pid } = crashing.parts.exchange;
    process.kill(pid ?? 0, 'SIGSTOP');
    const doubted = await submit(trader, { ...snake, symbol: 'NVDA' }, 'while-hanging');
    process.kill(pid ?? 0, 'SIGCONT');
    expect(doubted).toMatchObject({ status: 202, json: { status: 'submitting' } });
    const found = await until('the desk found it', async () => {
      const all = await allOrders(trader);
      return all.find(({ symbol, status }) => symbol === 'NVDA' && status === 'new') ?? null;
    });
    expect(found).toMatchObject({ id: doubted.json['id'] });
    expect(found.venueOrderId).not.toBeNull();
  }, 30_000);
});

/** Ends the exchange as a crash would, and waits until the desk has noticed. */
async function killExchange({ parts }: TestDesk): Promise<void> {
  const { pid } = parts.exchange;
  if (pid === null) throw new Error('the exchange does not run');
  process.kill(pid, 'SIGKILL');
  await until('the desk notices', () => !parts.exchange.up);
}

describe('a desk that was killed', () => {
  let killed: DeskProcess;
  beforeAll(async () => {
    killed = await startDeskProcess();
  });
  afterAll(() => killed.dispose());

  test('with an order open knows it again, settles it and takes it no second time', async () => {
    const trader = await signUp(killed.url);
    const key = { ...far, idempotencyKey: 'before-the-kill' };
    const order = await trader.trpc.orders.submit.mutate(key);
    await killed.end('SIGKILL');
    await killed.start();
    const back = await signIn(killed.url, trader.user.username, trader.password);
    await until('it works', async () => (await allOrders(back))[0]?.status === 'new');
    expect((await back.trpc.orders.submit.mutate(key)).id).toBe(order.id);
    await back.trpc.orders.cancel.mutate({ id: order.id });
    await until('it is cancelled', async () => (await allOrders(back))[0]?.status === 'canceled');
    const accepted = (await killed.exchangeJournal())
      .split('\n')
      .filter((line) => line.includes('"order_accepted"'));
    expect(accepted.length).toBe(1);
  }, 60_000);

  test('in the middle of twenty orders has each of them once when it is back, here and at the exchange', async () => {
    const trader = await signUp(killed.url);
    const orders = Array.from({ length: 20 }, (_none, at) => ({
      symbol: 'MSFT',
      side: 'buy' as const,
      qty: '1',
      idempotencyKey: `order-number-${at}`,
    }));
    const sending = orders.map((order) => trader.trpc.orders.submit.mutate(order).catch(() => null));
    await Promise.any(sending);
    await killed.end('SIGKILL');
    const acknowledged = (await Promise.all(sending)).flatMap((order) => (order === null ? [] : [order.id]));
    await killed.start();
    const back = await signIn(killed.url, trader.user.username, trader.password);
    for (const order of orders) await back.trpc.orders.submit.mutate(order);
    const known = await until(
      'all are settled',
      async () => {
        const all = await allOrders(back);
        // What is in doubt is sent again while it is young, and is for a person after that.
        const isSettled = all.every(({ status }) => status === 'filled' || status === 'needs_review');
        return all.length === 20 && isSettled ? all : null;
      },
      45_000,
    );
    expect(known.map(({ id }) => id)).toEqual(expect.arrayContaining(acknowledged));
    const journal = await killed.exchangeJournal();
    for (const { clientOrderId, status } of known) {
      const times = journal
        .split('\n')
        .filter((line) => line.includes('"order_accepted"') && line.includes(clientOrderId));
      expect(times.length).toBe(status === 'filled' ? 1 : 0);
    }
  }, 90_000);
});
