import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient } from '@libsql/client';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { orders, riskChanges } from '@/db/schema';
import { startDesk, type TestDesk } from '@/server/testing/desk';
import type { Trader } from '@/server/testing/trader';

let desk: TestDesk;
let admin: Trader;
beforeAll(async () => {
  desk = await startDesk();
  // The first user of a desk is its admin.
  admin = await desk.signUp();
});
afterAll(() => desk.dispose());

const far = { symbol: 'AAPL', side: 'buy', type: 'limit', limitPrice: '1', qty: '1' } as const;
const folder = () => join(desk.dataDir, 'backups');

async function ordersIn(path: string): Promise<number> {
  const copy = createClient({ url: `file:${path}` });
  const { rows } = await copy.execute('select count(*) from orders');
  copy.close();
  return Number(rows[0]?.[0]);
}

/** The longest that nothing else ran while `work` did, in ms. */
async function longestStandstill(work: () => Promise<unknown>): Promise<number> {
  let [last, longest] = [performance.now(), 0];
  const look = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  };
  const timer = setInterval(look, 1);
  await work();
  look();
  clearInterval(timer);
  return longest;
}

test('a backup that an admin asks for is whole, is listed, and says in the audit who asked', async () => {
  const { id } = await admin.trpc.orders.submit.mutate(far);
  const made = await admin.rest('POST', '/api/v1/system/backups');
  expect(made).toMatchObject({ status: 200, json: { name: expect.stringMatching(/^outcry-.*\.db$/) } });
  const listed = await admin.trpc.backups.list.query();
  expect(listed.backups).toHaveLength(1);
  const [backup] = listed.backups;
  expect(backup?.bytes).toBeGreaterThan(10_000);
  expect(await ordersIn(join(folder(), backup?.name ?? ''))).toBe(1);
  expect((await admin.trpc.orders.get.query({ id })).status).not.toBe('unknown');
  const { db } = desk.parts.database;
  const told = await db.select().from(riskChanges).where(eq(riskChanges.subject, 'backups'));
  expect(told).toMatchObject([{ actorId: admin.user.id, action: 'backup', after: backup }]);
});

test('of two at once one is refused, and what a killed desk left half made is cleared away', async () => {
  await writeFile(join(folder(), 'outcry-2026-11-20T00-00-00-000Z.db.part'), 'half');
  const answers = await Promise.all([1, 2].map(() => admin.rest('POST', '/api/v1/system/backups')));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 409]));
  expect(answers.find(({ status }) => status === 409)?.json).toMatchObject({ code: 'conflict' });
  expect(await readdir(folder())).toHaveLength(2);
  expect((await admin.trpc.backups.list.query()).backups).toHaveLength(2);
});

test('writes go on while fifty thousand orders are copied, and none waits for it', async () => {
  const { database } = desk.parts;
  const [row] = await database.db.select().from(orders).limit(1);
  if (row === undefined) throw new Error('no order to copy');
  for (let from = 0; from < 50_000; from += 500) {
    const some = Array.from({ length: 500 }, (_none, at) => {
      const id = `ord_filling_${from + at}`;
      return { ...row, id, clientOrderId: id, venueOrderId: id, status: 'canceled' as const };
    });
    await database.write((db) =>
      db.batch([db.insert(orders).values(some.slice(0, 250)), db.insert(orders).values(some.slice(250))]),
    );
  }
  let isDone = false;
  let taken = 0;
  const backup = admin.trpc.backups.create.mutate().finally(() => {
    isDone = true;
  });
  const standstill = await longestStandstill(async () => {
    while (!isDone) {
      await database.write((db) =>
        db
          .update(orders)
          .set({ reasonCode: `${taken}` })
          .where(eq(orders.id, row.id)),
      );
      taken += 1;
      await new Promise((resolve) => setImmediate(resolve));
    }
  });
  const { name } = await backup;
  expect(await ordersIn(join(folder(), name))).toBe(50_001);
  expect(taken).toBeGreaterThan(20);
  // On the desk's own connection it is half a second; a shared machine stands still by itself for some time.
  expect(standstill).toBeLessThan(250);
});
