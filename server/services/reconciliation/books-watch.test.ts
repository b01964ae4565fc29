import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { comparisons } from '@/db/schema';
import { startDesk, type TestDesk } from '@/server/testing/desk';
import type { Trader } from '@/server/testing/trader';
import { until } from '@/server/testing/until';
import { createBooksWatch, nextDue } from './books-watch';

const waiting = (name: string, dueAt: number, busy = false) => ({ name, dueAt, busy, isOpen: true });
const names = (all: readonly { name: string }[]) => all.map(({ name }) => name);

test('accounts that are due again and again do not keep a later one from its turn', () => {
  const restless = ['a', 'b', 'c', 'd', 'e'].map((name) => waiting(name, 90));
  expect(names(nextDue([...restless, waiting('later', 50)], 100))).toEqual(['later', 'a', 'b', 'c']);
});

test('four at once, and none before its time', () => {
  const busy = ['a', 'b', 'c'].map((name) => waiting(name, 10, true));
  expect(names(nextDue([...busy, waiting('early', 101), waiting('x', 99), waiting('y', 98)], 100))).toEqual([
    'y',
  ]);
});

test('books that are not open yet come first, but before none that waits half a minute longer', () => {
  const all = ['a', 'b', 'c', 'd'].map((name) => waiting(name, 60_000));
  const unopened = { ...waiting('unopened', 60_000), isOpen: false };
  expect(names(nextDue([...all, unopened, waiting('long', 29_999)], 60_000))).toEqual([
    'long',
    'unopened',
    'a',
    'b',
  ]);
});

describe('an account that nobody uses', () => {
  let desk: TestDesk;
  beforeAll(async () => {
    desk = await startDesk();
  });
  afterAll(() => desk.dispose());

  const accountOf = (trader: Trader) =>
    until('the books are open', async () => {
      const found = await trader.trpc.reconciliation.get.query();
      return found.openedAt === null ? null : found.accountId;
    });

  test('is compared every half minute while it holds something, and seldom when it holds nothing', async () => {
    const [holder, empty] = [await desk.signUp(), await desk.signUp()];
    const [holding, nothing] = [await accountOf(holder), await accountOf(empty)];
    const { id } = await holder.trpc.orders.submit.mutate({ symbol: 'AAPL', side: 'buy', qty: '1' });
    await until('it is filled', async () => (await holder.trpc.orders.get.query({ id })).status === 'filled');
    const { services, database } = desk.parts;
    // Hours after anybody looked; the desk's own watch lives in the present.
    let ahead = 3 * 60 * 60_000;
    const now = () => services.clock.now() + ahead;
    const watch = createBooksWatch({
      ...services,
      clock: { now, iso: (at = now()) => services.clock.iso(at) },
    });
    const comparedAt = async (accountId: string) => {
      const [row] = await database.db.select().from(comparisons).where(eq(comparisons.accountId, accountId));
      return Date.parse(row?.comparedAt ?? '');
    };
    const future = services.clock.now() + ahead;
    watch.start();
    for (const account of [holding, nothing])
      await until('it is compared', async () => (await comparedAt(account)) >= future);
    ahead += 31_000;
    await until('it is compared again', async () => (await comparedAt(holding)) >= future + 31_000);
    expect(await comparedAt(nothing)).toBeLessThan(future + 31_000);
    watch.stop();
  }, 30_000);
});
