import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { control } from '@/server/testing/control';
import { startDesk, type TestDesk } from '@/server/testing/desk';
import { until } from '@/server/testing/until';

let desk: TestDesk;
beforeAll(async () => {
  desk = await startDesk();
});
afterAll(() => desk.dispose());

const far = { symbol: 'AAPL', side: 'buy', type: 'limit', limitPrice: '1', qty: '1' } as const;

/** SQLite itself refuses pages beyond this, with the very error of a full disk. */
async function allowPages(pages: number): Promise<void> {
  await desk.parts.database.db.run(sql.raw(`PRAGMA max_page_count = ${pages}`));
}

async function pageCount(): Promise<number> {
  const { rows } = await desk.parts.database.db.run(sql`PRAGMA page_count`);
  return Number(rows[0]?.['page_count']);
}

test('a full disk refuses new orders before they are taken in, lets cancels and reads through, and recovers', async () => {
  const trader = await desk.signUp();
  const statusOf = async (id: string) => (await trader.trpc.orders.get.query({ id })).status;
  const working = await trader.trpc.orders.submit.mutate({ ...far, limitPrice: '2' });
  await until('it works', async () => (await statusOf(working.id)) === 'new');

  await allowPages(await pageCount());
  const taken: string[] = [];
  const refused = await until(
    'the disk is full',
    async () => {
      const body = { symbol: 'AAPL', side: 'buy', type: 'limit', limit_price: '1', qty: '1' };
      const key = { 'idempotency-key': `until-full-${taken.length}` };
      const { status, json } = await trader.rest('POST', '/api/v1/orders', body, key);
      if (status === 503) return json;
      taken.push(String(Object(json)['id']));
      return null;
    },
    30_000,
  );
  expect(refused['detail']).toContain('cannot write to its disk');

  // Reads go on, and every order that was acknowledged is there.
  const { orders } = await trader.trpc.orders.list.query({ status: 'all', limit: 500 });
  const known = new Set(orders.map(({ id }) => id));
  expect(taken.filter((id) => !known.has(id))).toEqual([]);

  const cancelled = await trader.rest('DELETE', `/api/v1/orders/${working.id}`);
  expect(cancelled.status).toBe(200);
  const atVenue = async () =>
    (await control(desk, 'GET', 'journal')).text
      .split('\n')
      .some((line) => line.includes('"order_canceled"') && line.includes(String(working.venueOrderId)));
  await until('the venue has cancelled it', atVenue);

  await allowPages(1_000_000);
  const after = await trader.trpc.orders.submit.mutate({ ...far, limitPrice: '3' });
  await until('new orders work again', async () => (await statusOf(after.id)) === 'new');
  await until('the cancel is in the books', async () => (await statusOf(working.id)) === 'canceled', 20_000);
  const { drifts } = await trader.trpc.reconciliation.compare.mutate();
  expect(drifts).toEqual([]);
}, 90_000);
