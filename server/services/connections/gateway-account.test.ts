import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startDesk, type TestDesk } from '@/server/testing/desk';
import { startGateway, type TestGateway } from '@/server/testing/venues/gateway';
import type { Trader } from '@/server/testing/trader';
import { until } from '@/server/testing/until';

let gateway: TestGateway;
let desk: TestDesk;
/** The first who signs up is the desk's admin. */
let admin: Trader;
beforeAll(async () => {
  gateway = await startGateway({
    fills: 'honest',
    honest: { feePerShare: 0.01 },
    dividends: false,
    carry: false,
  });
  desk = await startDesk(gateway.settings);
  admin = await desk.signUp();
});
afterEach(() => gateway.clear());
afterAll(async () => {
  await desk.dispose();
  await gateway.dispose();
});

const add = (trader: Trader, accountNumber: string, name = 'At IB') =>
  trader.trpc.connections.addIbkr.mutate({ name, accountNumber });

async function added(): Promise<{ id: string; number: string }> {
  const { number } = await gateway.openAccount();
  const { id } = await until('the gateway shows it', () => add(admin, number).catch(() => null));
  return { id, number };
}

async function removed(id: string): Promise<void> {
  await until('it can be removed', () =>
    admin.trpc.connections.remove.mutate({ accountId: id }).then(
      () => true,
      () => false,
    ),
  );
}

describe('an account behind the gateway', () => {
  test('is added by an admin over REST, tested, listed with its number, and removed', async () => {
    const { number } = await gateway.openAccount();
    const body = { name: 'At IB', account_number: number.toLowerCase() };
    const reply = await until('the gateway shows it', async () => {
      const answer = await admin.rest('POST', '/api/v1/connections/ibkr', body);
      return answer.status === 201 ? answer : null;
    });
    const { id } = JSON.parse(reply.text);
    expect(JSON.parse(reply.text)).toMatchObject({ kind: 'ibkr-paper', gateway: { account_number: number } });
    const { connections, gateway: hasGateway } = await admin.trpc.connections.list.query();
    expect(hasGateway).toBe(true);
    expect(connections.find((one) => one.id === id)).toMatchObject({ gateway: { accountNumber: number } });
    expect(await admin.trpc.connections.test.query({ accountId: id })).toMatchObject({
      accountNumber: number,
      status: 'ACTIVE',
    });
    await removed(id);
    // Its number is free again.
    const again = await add(admin, number);
    await removed(again.id);
  });

  test('is held once on the desk, by whomever', async () => {
    const { id, number } = await added();
    await expect(add(admin, number)).rejects.toThrow('is an account of this desk already');
    await removed(id);
  });

  test('is not for a user who is no admin', async () => {
    const trader = await desk.signUp();
    const { number } = await gateway.openAccount();
    await expect(add(trader, number)).rejects.toThrow(/admin|allowed|permission/i);
  });

  test('must be a paper account that the gateway is logged in to', async () => {
    for (const [number, words] of [
      ['U1234567', 'must be the number of a paper account'],
      ['DU9999999', 'is no account that the gateway is logged in to'],
    ] as const) {
      const body = { name: 'At IB', account_number: number };
      const { status, text } = await admin.rest('POST', '/api/v1/connections/ibkr', body);
      expect(status).toBe(422);
      expect(text).toContain(words);
      expect(text).toContain('"field":"account_number"');
    }
  });

  test('has no keys to replace', async () => {
    const { id } = await added();
    const keys = { accountId: id, keyId: 'PKOFSOMEBODY', secretKey: 'a-secret-of-somebody' };
    await expect(admin.trpc.connections.replaceKeys.mutate(keys)).rejects.toThrow('asks for no keys');
    await removed(id);
  });
});

describe('the books of such an account', () => {
  test('hold its fills and its commissions to the cent, and do not drift', async () => {
    const { id } = await added();
    await until('its books are open', async () => {
      await admin.trpc.reconciliation.compare.mutate({ accountId: id });
      return (await admin.trpc.reconciliation.get.query({ accountId: id })).openedAt !== null;
    });
    const order = await admin.trpc.orders.submit.mutate({
      accountId: id,
      symbol: 'AAPL',
      side: 'buy',
      qty: '7',
      type: 'market',
    });
    await until('it is filled', async () => {
      const { status } = await admin.trpc.orders.get.query({ id: order.id });
      return status === 'filled';
    });
    const { transfers } = await until('the commission is booked', async () => {
      await admin.trpc.reconciliation.compare.mutate({ accountId: id });
      const ledger = await admin.trpc.ledger.list.query({ accountId: id });
      return ledger.transfers.some(({ debit, credit }) => debit === 'fees' || credit === 'fees')
        ? ledger
        : null;
    });
    expect(transfers.length).toBeGreaterThan(1);
    const { balances } = await admin.trpc.ledger.list.query({ accountId: id });
    const { cash } = await admin.trpc.account.get.query({ accountId: id });
    expect(Number(balances.find(({ account }) => account === 'cash')?.balance)).toBeCloseTo(Number(cash), 2);
    const { drifts } = await admin.trpc.reconciliation.compare.mutate({ accountId: id });
    expect(drifts).toEqual([]);
  });
});

test('what is not sent to IB is refused by its field before it is taken in', async () => {
  const { id } = await added();
  const order = { account_id: id, symbol: 'AAPL', side: 'buy', type: 'limit', limit_price: '10', qty: '1' };
  const cases = [
    [
      {
        ...order,
        order_class: 'bracket',
        take_profit: { limit_price: '20' },
        stop_loss: { stop_price: '5' },
      },
      'order_class',
    ],
    [{ ...order, time_in_force: 'cls' }, 'time_in_force'],
    [{ account_id: id, symbol: 'AAPL', side: 'buy', notional: '100' }, 'notional'],
  ] as const;
  for (const [body, field] of cases) {
    const { status, text } = await admin.rest('POST', '/api/v1/orders', body);
    expect(status).toBe(422);
    expect(text).toContain(`"field":"${field}"`);
  }
  const { orders } = await admin.trpc.orders.list.query({ accountId: id, status: 'all' });
  expect(orders).toEqual([]);
  await removed(id);
});
