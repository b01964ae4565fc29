import { copyFile, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { startDesk, type TestDesk } from '@/server/testing/desk';
import { signIn, type Trader } from '@/server/testing/trader';
import { until } from '@/server/testing/until';

const desks: TestDesk[] = [];
afterEach(async () => {
  for (const desk of desks.splice(0)) await desk.dispose();
});

async function start(keptData?: string): Promise<TestDesk> {
  const desk = await startDesk({}, keptData);
  desks.push(desk);
  return desk;
}

async function buy(trader: Trader, qty: string): Promise<string> {
  const order = await trader.trpc.orders.submit.mutate({ symbol: 'AAPL', side: 'buy', qty });
  await until(
    'it is filled',
    async () => (await trader.trpc.orders.get.query({ id: order.id })).status === 'filled',
  );
  return order.clientOrderId;
}

/** Overwrites the second half of a file. */
async function damage(path: string): Promise<void> {
  const file = await open(path, 'r+');
  const { size } = await file.stat();
  await file.write(Buffer.alloc(size / 2, 0xa5), 0, size / 2, size / 2);
  await file.close();
}

test('a damaged database is refused at start; its backup starts, and the lost hour comes back from the venue', async () => {
  const desk = await start();
  const trader = await desk.signUp();
  await until('the books are open', async () => (await trader.trpc.reconciliation.get.query()).openedAt);
  const before = await buy(trader, '2');
  const copy = await desk.parts.backups?.make();
  if (copy === undefined) throw new Error('a file database has backups');
  const lost = await buy(trader, '3');
  await desk.stop();
  desks.length = 0;

  const database = join(desk.dataDir, 'outcry.db');
  await damage(database);
  await expect(start(desk.dataDir)).rejects.toThrow(/damaged|malformed/);

  for (const end of ['', '-wal', '-shm']) await rm(`${database}${end}`, { force: true });
  await copyFile(copy, database);
  // A copy knows less than the desk had written: it is taken only from someone who means it.
  await expect(start(desk.dataDir)).rejects.toThrow(/a part of it is missing/);
  await rm(join(desk.dataDir, 'outcry.mark'));
  const again = await start(desk.dataDir);
  const same = await signIn(again.url, trader.user.username, trader.password);
  await until('the lost order is back', async () => {
    const { orders } = await same.trpc.orders.list.query({ status: 'all' });
    return orders.some((order) => order.clientOrderId === lost && order.status === 'filled');
  });
  const { orders } = await same.trpc.orders.list.query({ status: 'all' });
  expect(orders.map((order) => order.clientOrderId).sort()).toEqual([before, lost].sort());
  const account = await same.trpc.account.get.query();
  const ledger = await until('its executions are back', async () => {
    const { balances } = await same.trpc.ledger.list.query();
    const cash = balances.find((row) => row.account === 'cash')?.balance;
    return cash === account.cash ? cash : null;
  });
  expect(ledger).toBe(account.cash);
}, 60_000);
