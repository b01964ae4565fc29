import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FIRST_RISK_PROFILE } from '@/domain/risk/profile';
import { firstAccountOf, startDesk, type TestDesk } from '@/server/testing/desk';
import type { Trader } from '@/server/testing/trader';
import { until } from '@/server/testing/until';

let desk: TestDesk;
let trader: Trader;

beforeAll(async () => {
  desk = await startDesk();
});
afterAll(() => desk.dispose());
beforeEach(async () => {
  trader = await desk.signUp();
});

const limits = (profile: Partial<typeof FIRST_RISK_PROFILE>) =>
  trader.trpc.risk.update.mutate({ profile: { ...FIRST_RISK_PROFILE, ...profile } });
const statusOf = async (id: string) => (await trader.trpc.orders.get.query({ id })).status;
const buy = (qty: string) => trader.trpc.orders.submit.mutate({ symbol: 'AAPL', side: 'buy', qty });

describe('risk limits', () => {
  test('an order above a limit is denied by name, kept in the books, and never reaches the exchange', async () => {
    await limits({ maxOrderQty: '5' });
    const reply = await trader.rest('POST', '/api/v1/stocks/AAPL/buy', { qty: '6' });
    expect(reply.status).toBe(422);
    expect(JSON.parse(reply.text)).toMatchObject({
      code: 'order_denied',
      rule: 'max_order_qty',
      detail: 'The order is for 6 shares; your limit is 5.',
    });
    const { orders } = await trader.trpc.orders.list.query({ status: 'all' });
    expect(orders).toMatchObject([{ status: 'denied', venueOrderId: null, qty: '6' }]);
    const sent = await desk.parts.services.sessions.of(await accountOf(trader)).execution.listOpenOrders();
    expect(sent).toEqual([]);
    expect((await buy('5')).status).not.toBe('denied');
  });

  test('the dry run answers the same and stores nothing', async () => {
    await limits({ maxOrderNotional: '100', allowedSymbols: ['SPY'] });
    const order = { symbol: 'AAPL', side: 'buy', qty: '1' } as const;
    const answer = await trader.trpc.risk.check.query(order);
    expect(answer.allowed).toBe(false);
    expect(answer.denials.map(({ rule }) => rule)).toEqual(['allowed_symbols', 'max_order_notional']);
    expect((await trader.trpc.orders.list.query({ status: 'all' })).orders).toEqual([]);
    await limits({});
    expect(await trader.trpc.risk.check.query(order)).toEqual({ allowed: true, denials: [] });
  });

  test('of ten same orders at once without a key one passes', async () => {
    const sent = await Promise.allSettled(Array.from({ length: 10 }, () => buy('1')));
    expect(sent.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const { orders } = await trader.trpc.orders.list.query({ status: 'all' });
    expect(orders.filter(({ status }) => status === 'denied')).toHaveLength(9);
  });

  test('ten orders at once do not pass a limit of three a day', async () => {
    await limits({ maxOrdersADay: 3 });
    const sent = await Promise.allSettled(
      Array.from({ length: 10 }, (_, at) =>
        trader.trpc.orders.submit.mutate({ symbol: 'AAPL', side: 'buy', limitPrice: `${at + 1}`, qty: '1' }),
      ),
    );
    expect(sent.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
  });

  test('a position limit counts what is held', async () => {
    const { id } = await buy('2');
    await until('it filled', async () => (await statusOf(id)) === 'filled');
    const [position] = (await trader.trpc.positions.list.query()).positions;
    await limits({ maxPositionNotional: String(Math.ceil(Number(position?.marketValue) * 1.2)) });
    await expect(buy('1')).rejects.toThrow(/your limit for one symbol/);
  });

  test('a replacement is held against the limits too', async () => {
    const { id } = await trader.trpc.orders.submit.mutate({
      symbol: 'SPY',
      side: 'buy',
      limitPrice: '2',
      qty: '4',
    });
    await until('it works', async () => (await statusOf(id)) === 'new');
    await limits({ maxOrderQty: '5' });
    await expect(trader.trpc.orders.replace.mutate({ id, qty: '6' })).rejects.toThrow(/your limit is 5/);
    expect(await statusOf(id)).toBe('new');
  });
});

describe('the kill switch', () => {
  test('cancels, flattens and blocks; closing still works; release opens again', async () => {
    const held = await buy('3');
    await until('it filled', async () => (await statusOf(held.id)) === 'filled');
    const far = await trader.trpc.orders.submit.mutate({
      symbol: 'SPY',
      side: 'buy',
      limitPrice: '1',
      qty: '1',
    });
    await until('it works', async () => (await statusOf(far.id)) === 'new');
    const killed = await trader.trpc.risk.kill.mutate({ flatten: true });
    expect(killed).toMatchObject({ blocked: true, cancelled: 1, closing: 1, failed: [] });
    await until(
      'nothing is left',
      async () => (await trader.trpc.positions.list.query()).positions.length === 0,
    );
    await until('it is cancelled', async () => (await statusOf(far.id)) === 'canceled');
    await expect(buy('1')).rejects.toThrow(/kill switch/);
    await trader.trpc.risk.release.mutate();
    expect((await buy('1')).status).not.toBe('denied');
  });

  test("pulling one trader's switch leaves another's trading", async () => {
    const other = await desk.signUp();
    await trader.trpc.risk.kill.mutate();
    const order = await other.trpc.orders.submit.mutate({ symbol: 'AAPL', side: 'buy', qty: '1' });
    expect(order.status).not.toBe('denied');
  });
});

/** The account's row, for looking at the exchange past the desk's own books. */
const accountOf = ({ user }: Trader) => firstAccountOf(desk, user.id);
