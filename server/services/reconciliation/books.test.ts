import { and, eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { fills, holdings, ledgerTransfers } from '@/db/schema';
import { exact } from '@/domain/money';
import { addFault, control, setFault } from '@/server/testing/control';
import { accountRecords } from '../accounts/account-record';
import { startDesk, type TestDesk } from '@/server/testing/desk';
import type { Trader } from '@/server/testing/trader';
import { until } from '@/server/testing/until';
import { bookOldFills } from '../books/book-old-fills';

let desk: TestDesk;
beforeAll(async () => {
  desk = await startDesk();
});
afterEach(() => setFault(desk, null));
afterAll(() => desk.dispose());

const POST_ORDER = { method: 'POST', route: '/v2/orders' };
const reconciliation = (trader: Trader) => trader.trpc.reconciliation.get.query();

/** A trader whose books have been opened. */
async function openedTrader(): Promise<{ trader: Trader; accountId: string }> {
  const trader = await desk.signUp();
  const opened = await until('the books are open', async () => {
    const found = await reconciliation(trader);
    return found.openedAt === null ? null : found;
  });
  return { trader, accountId: opened.accountId };
}

async function trade(trader: Trader, side: 'buy' | 'sell', qty: string): Promise<void> {
  const { id } = await trader.trpc.orders.submit.mutate({ symbol: 'AAPL', side, qty });
  await until('it is filled', async () => (await trader.trpc.orders.get.query({ id })).status === 'filled');
}

async function keyIdOf(accountId: string): Promise<string> {
  const { parts } = desk;
  const rows = await accountRecords(parts.database.db);
  const account = rows.find(({ id }) => id === accountId);
  if (account === undefined) throw new Error('the account has gone');
  const { accountNumber } = await parts.services.sessions.of(account).execution.account();
  const { text } = await control(desk, 'GET', 'journal');
  const created = text.split('\n').find((line) => line.includes(accountNumber));
  return /"key_id":"([^"]+)"/.exec(created ?? '')?.[1] ?? '';
}

const balance = async (trader: Trader, name: string) =>
  (await trader.trpc.ledger.list.query()).balances.find(({ account }) => account === name)?.balance;

describe('the books of an account', () => {
  test('open at what the venue holds, and follow its executions to the cent', async () => {
    const { trader, accountId } = await openedTrader();
    expect(await balance(trader, 'cash')).toBe('100000');
    await trade(trader, 'buy', '10');
    await trade(trader, 'sell', '4');
    const account = await trader.trpc.account.get.query();
    expect(await balance(trader, 'cash')).toBe(account.cash);
    const { balances } = await trader.trpc.ledger.list.query();
    const sum = balances.reduce((total, row) => total.plus(row.balance), exact(0));
    expect(sum.toFixed()).toBe('0');
    const { driftedSince, drifts } = await trader.trpc.reconciliation.compare.mutate({ accountId });
    expect({ driftedSince, drifts }).toEqual({ driftedSince: null, drifts: [] });
  });

  test('pair what closed with what had opened it, with its gain', async () => {
    const { trader } = await openedTrader();
    await trade(trader, 'buy', '3');
    await trade(trader, 'sell', '3');
    const { trades, total, realizedPl } = await trader.trpc.trades.list.query({ symbol: 'AAPL' });
    expect(trades.reduce((qty, one) => qty.plus(one.qty), exact(0)).toFixed()).toBe('3');
    expect(total).toBe(trades.length);
    expect(await balance(trader, 'realized')).toBe(exact(realizedPl).neg().toFixed());
    const byAverage = await trader.trpc.trades.list.query({ method: 'average' });
    expect(byAverage.realizedPl).toBe(realizedPl);
  });

  test('take in what happened besides executions: money that came, shares that came', async () => {
    const { trader, accountId } = await openedTrader();
    const keyId = await keyIdOf(accountId);
    await control(desk, 'POST', 'cash', { key_id: keyId, cash: '90000' });
    await control(desk, 'POST', 'positions', { key_id: keyId, symbol: 'MSFT', qty: '5', price: '400' });
    const { drifts } = await trader.trpc.reconciliation.compare.mutate({ accountId });
    expect(drifts).toEqual([]);
    expect(await balance(trader, 'cash')).toBe('90000');
    expect(await balance(trader, 'holdings')).toBe('2000');
  });
});

test('open no sooner than an order in doubt is found, and book its execution once', async () => {
  await setFault(desk, { kind: 'lookup', delay_ms: 60_000, lists: true });
  await addFault(desk, { kind: 'stream', action: 'silence' });
  // Nothing opens the books of somebody who has just come before the order is in doubt.
  const match = { method: 'GET', route: '/v2/account' };
  const closed = { kind: 'http', phase: 'before', action: 'status', status: 503, match };
  const { json: unanswered } = await control(desk, 'POST', 'faults', closed);
  await addFault(desk, { kind: 'http', phase: 'after', action: 'reset', match: POST_ORDER, count: 1 });
  const trader = await desk.signUp();
  const { id } = await trader.trpc.orders.submit.mutate({ symbol: 'AAPL', side: 'buy', qty: '3' });
  const { accountId } = await reconciliation(trader);
  await control(desk, 'DELETE', `faults/${String(unanswered['id'])}`);
  const held = await until('the venue has filled it', async () => {
    const {
      positions: [position],
    } = await trader.trpc.positions.list.query();
    return position?.qty === '3' ? position : null;
  });
  expect(held.side).toBe('long');
  expect((await trader.trpc.orders.get.query({ id })).status).toBe('unknown');
  expect((await trader.trpc.reconciliation.compare.mutate({ accountId })).openedAt).toBeNull();
  await setFault(desk, null);
  await until('it is found', async () => (await trader.trpc.orders.get.query({ id })).status === 'filled');
  const found = await until('the books are open', async () => {
    const compared = await trader.trpc.reconciliation.compare.mutate({ accountId });
    return compared.openedAt === null ? null : compared;
  });
  expect(found.drifts).toEqual([]);
  expect(await balance(trader, 'cash')).toBe((await trader.trpc.account.get.query()).cash);
}, 30_000);

describe('books that differ from the venue’s', () => {
  /** Loses shares of a holding from the desk's books, as a bug would. */
  async function spoil(accountId: string): Promise<void> {
    await desk.parts.database.write((db) =>
      db
        .update(holdings)
        .set({ qty: '1' })
        .where(and(eq(holdings.accountId, accountId), eq(holdings.symbol, 'AAPL'))),
    );
  }

  test('are found, stop new risk, and are taken over by a person; closing passes all the while', async () => {
    const { trader, accountId } = await openedTrader();
    await trade(trader, 'buy', '10');
    await spoil(accountId);
    const drifted = await until(
      'the difference is confirmed',
      async () => {
        const found = await trader.trpc.reconciliation.compare.mutate({ accountId });
        return found.driftedSince === null ? null : found;
      },
      15_000,
    );
    expect(drifted.drifts).toEqual([{ what: 'AAPL', desk: '1', venue: '10' }]);
    await expect(trade(trader, 'buy', '1')).rejects.toThrow(/books of this account differ/);
    await trade(trader, 'sell', '2');

    const stale = trader.trpc.reconciliation.adopt.mutate({ accountId, drifts: drifted.drifts });
    const now = await stale.catch(() => null);
    const settled =
      now ??
      (await until(
        'the difference of now is confirmed',
        async () => {
          const { drifts } = await trader.trpc.reconciliation.compare.mutate({ accountId });
          return trader.trpc.reconciliation.adopt.mutate({ accountId, drifts }).catch(() => null);
        },
        15_000,
      ));
    expect(settled.drifts).toEqual([]);
    await trade(trader, 'buy', '1');
    const again = await trader.trpc.reconciliation.compare.mutate({ accountId });
    expect(again.drifts).toEqual([]);
  }, 60_000);

  test('are those of another account after a reset: nothing of it is taken in until a person says so', async () => {
    const { trader, accountId } = await openedTrader();
    await trade(trader, 'buy', '10');
    const far = { symbol: 'MSFT', side: 'buy', type: 'limit', limitPrice: '1', qty: '1' } as const;
    const { id: open } = await trader.trpc.orders.submit.mutate(far);
    await trader.trpc.reconciliation.compare.mutate({ accountId });
    const reset = { key_id: await keyIdOf(accountId), cash: '50000' };
    expect((await control(desk, 'POST', 'accounts/reset', reset)).status).toBe(201);
    const found = await until(
      'the reset is noticed',
      async () => {
        const compared = await trader.trpc.reconciliation.compare.mutate({ accountId });
        return compared.driftedSince === null ? null : compared;
      },
      15_000,
    );
    expect(found.drifts.map(({ what }) => what)).toEqual(['account', 'cash', 'AAPL']);
    expect(found.drifts[0]?.venue).toMatch(/^PA/);
    await expect(trade(trader, 'buy', '1')).rejects.toThrow(/books of this account differ/);
    const adopted = await trader.trpc.reconciliation.adopt.mutate({ accountId, drifts: found.drifts });
    expect(adopted.drifts).toEqual([]);
    expect(await balance(trader, 'cash')).toBe('50000');
    const ended = await trader.trpc.orders.get.query({ id: open });
    expect([ended.status, ended.reason?.code]).toEqual(['canceled', 'account_replaced']);
    await trade(trader, 'buy', '2');
    expect((await trader.trpc.reconciliation.compare.mutate({ accountId })).drifts).toEqual([]);
  }, 60_000);

  test('are not taken over by naming other differences than there are', async () => {
    const { trader, accountId } = await openedTrader();
    const drifts = [{ what: 'cash', desk: '1', venue: '2' }];
    await expect(trader.trpc.reconciliation.adopt.mutate({ accountId, drifts })).rejects.toThrow(
      'The books agree',
    );
  });
});

test('executions of a desk that had no ledger are booked once, as they would have been', async () => {
  const { trader, accountId } = await openedTrader();
  await trade(trader, 'buy', '10');
  await trade(trader, 'sell', '4');
  const { db } = desk.parts.database;
  const read = () => db.select().from(holdings).where(eq(holdings.accountId, accountId));
  const before = await read();
  await db
    .delete(ledgerTransfers)
    .where(and(eq(ledgerTransfers.accountId, accountId), eq(ledgerTransfers.source, 'fill')));
  await db.delete(holdings).where(eq(holdings.accountId, accountId));
  const executions = await db.select().from(fills).where(eq(fills.accountId, accountId));
  expect(await bookOldFills(desk.parts)).toBe(executions.length);
  expect(await read()).toEqual(before);
  expect(await bookOldFills(desk.parts)).toBe(0);
});
