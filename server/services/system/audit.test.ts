import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@libsql/client';
import { getTableColumns } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openDatabase } from '@/db/client';
import { fills, ledgerTransfers, orderEvents, orders } from '@/db/schema';
import { addFault } from '@/server/testing/control';
import { startDesk } from '@/server/testing/desk';
import { until } from '@/server/testing/until';
import { type Checked, checkAudit } from '@/db/audit/check-audit';
import { COVERED } from '@/db/audit/digests';

let dataDir: string;
let path: string;
let whole: Buffer;

const sqlOf = async (statement: string) => {
  const client = createClient({ url: `file:${path}` });
  const { rows } = await client.execute(statement);
  await client.execute('pragma wal_checkpoint(truncate)');
  client.close();
  return rows.map((row) => Object.values(row).map(String));
};
const valueOf = async (statement: string) => (await sqlOf(statement))[0]?.[0] ?? '';

/** A desk that has done something of everything that writes events, at rest. */
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'st-audit-'));
  path = join(dataDir, 'outcry.db');
  const desk = await startDesk({}, dataDir);
  const trader = await desk.signUp();
  const { orders: own } = trader.trpc;
  const far = { symbol: 'AAPL', side: 'buy', type: 'limit', qty: '1' } as const;
  const exits = { takeProfit: { limitPrice: '900' }, stopLoss: { stopPrice: '20' } };
  await own.submit.mutate({ ...far, type: 'market', qty: '7', orderClass: 'bracket', ...exits });
  const changed = await own.submit.mutate({ ...far, limitPrice: '2' });
  await until('it works', async () => (await own.get.query({ id: changed.id })).status === 'new');
  await own.replace.mutate({ id: changed.id, limitPrice: '3' });
  await own.submit.mutate({ ...far, limitPrice: '4', idempotencyKey: 'of-the-audit' });
  await own.submit.mutate({ ...far, symbol: 'MSFT', qty: '100000', type: 'market' }).catch(() => null);
  await addFault(desk, { kind: 'race', action: 'reject_leg', skip: 1, count: 1 });
  await own.submit.mutate({ ...far, symbol: 'NVDA', type: 'market', orderClass: 'bracket', ...exits });
  // An event that leaves its order as it was.
  await until('it is told', async () => (await trader.trpc.alerts.list.query({})).alerts.length > 0);
  await until('all is filled', async () => (await own.list.query({ status: 'all' })).orders.length >= 6);
  await until('it is booked', async () => (await trader.trpc.ledger.list.query({})).transfers.length > 1);
  // From 25 orders on they are cancelled by one request.
  for (let each = 0; each < 25; each += 1)
    await own.submit.mutate({ ...far, limitPrice: '1', idempotencyKey: `of-many-${each}` });
  await own.cancelAll.mutate({});
  await until('all are cancelled', async () => (await own.list.query({})).orders.length === 0);
  await desk.stop();
  // Each row once: what moved within its page leaves a copy that nobody reads.
  await sqlOf('vacuum');
  whole = await readFile(path);
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));
beforeEach(() => restore(whole));

async function restore(bytes: Buffer): Promise<void> {
  for (const part of ['-wal', '-shm']) await rm(`${path}${part}`, { force: true });
  await writeFile(path, bytes);
}

/** What the desk does with a database when it starts. */
async function check(): Promise<Checked> {
  const database = await openDatabase({ url: `file:${path}` });
  try {
    return await checkAudit(database);
  } finally {
    await database.close();
  }
}

describe('a database whose rows are not as they were written', () => {
  test('is one that the desk wrote itself: nothing is said, however often it starts', async () => {
    expect(await check()).toMatchObject({ sealed: 0, orders: expect.any(Number) });
    await (await startDesk({}, dataDir)).stop();
    expect((await check()).sealed).toBe(0);
    expect(await valueOf('select count(*) from order_events where digest is null')).toBe('0');
    expect(await valueOf('select count(*) from orders where row_digest is null')).toBe('0');
    expect(await valueOf('select count(*) from ledger_transfers where digest is null')).toBe('0');
  });

  test.each([
    ['orders', "update orders set limit_price = '5' where limit_price = '4'", /orders ord_/],
    ['orders', "update orders set qty = '8' where qty = '7'", /orders ord_/],
    ['orders', "update orders set status = 'filled' where status = 'canceled'", /orders ord_/],
    [
      'orders',
      "update orders set idempotency_key = 'of-the-audiu' where idempotency_key = 'of-the-audit'",
      /orders ord_/,
    ],
    [
      'orders',
      "update orders set stop_loss = replace(stop_loss, '20', '21') where stop_loss is not null",
      /orders ord_/,
    ],
    [
      'orders',
      "update orders set story_digest = replace(story_digest, substr(story_digest, 1, 1), '-')",
      /orders ord_/,
    ],
    ['order_events', "update order_events set message = 'other' where seq = 2", /order_events 2 /],
    ['order_events', 'delete from order_events where seq = 3', /order_events \d+ |orders ord_/],
    ['fills', "update fills set qty = '6'", /order_events \d+ .* its row of fills/],
    ['fills', "update fills set price = price || '1'", /order_events \d+ .* its row of fills/],
    ['fills', 'delete from fills', /order_events \d+ .* its row of fills/],
    [
      'ledger_transfers',
      'update ledger_transfers set micros = micros + 1 where seq = 2',
      /ledger_transfers 2 /,
    ],
    [
      'ledger_transfers',
      "update ledger_transfers set credit = 'fees' where credit = 'opening'",
      /ledger_transfers \d/,
    ],
  ])('is refused by its %s after %s', async (_table, statement, named) => {
    await sqlOf(statement);
    const refused = await check().catch((error: unknown) => String(error));
    expect(refused).toMatch(/the database is damaged: .*docs\/how-to\/restore\.md/);
    expect(refused).toMatch(named);
  });

  test('is refused, not a crash, when a flipped byte makes a text no text', async () => {
    const id = await valueOf(
      "select id || user_id || account_id || client_order_id || venue_order_id || symbol || side from orders where limit_price = '4'",
    );
    const bytes = Buffer.from(whole);
    // The last: what moved to another page leaves copies that nobody reads.
    const at = bytes.lastIndexOf(id);
    expect(at).toBeGreaterThan(0);
    bytes[at + id.length - 1] = 0xff;
    await restore(bytes);
    await expect(check()).rejects.toThrow(/damaged: orders ord_/);
  });

  test('is not one whose leases changed, which stand under no event', async () => {
    await sqlOf("update orders set lease_holder = 'wrk_gone', lease_token = lease_token + 1");
    expect((await check()).sealed).toBe(0);
  });
});

test('rows of before there were digests are sealed at the next start, as they are, and guarded from then on', async () => {
  for (const [table, column] of [
    ['order_events', 'digest'],
    ['orders', 'row_digest'],
    ['orders', 'story_digest'],
    ['ledger_transfers', 'digest'],
  ])
    await sqlOf(`update ${table} set ${column} = null`);
  const { sealed, ...rows } = await check();
  expect(sealed).toBe(rows.events + rows.orders + rows.transfers);
  expect(await valueOf('select count(*) from orders where row_digest is null')).toBe('0');
  expect(await check()).toEqual({ ...rows, sealed: 0 });
  await (await startDesk({}, dataDir)).stop();
  await sqlOf("update fills set qty = '6'");
  await expect(check()).rejects.toThrow('damaged');
});

test('a desk does not start on rows that are not as they were written', async () => {
  await sqlOf("update fills set qty = '6'");
  await expect(startDesk({}, dataDir)).rejects.toThrow(/the database is damaged: order_events \d+/);
});

test('every column of an order is covered, but its lease and the digests themselves', () => {
  const lease = ['leaseHolder', 'leaseToken', 'mayBeSent'];
  const all = [...COVERED, ...lease, 'storyDigest', 'rowDigest'].toSorted();
  expect(Object.keys(getTableColumns(orders)).toSorted()).toEqual(all);
  // What is digested of these stands in digests.ts by name: whoever adds a column decides there.
  expect(Object.keys(getTableColumns(orderEvents))).toHaveLength(9);
  expect(Object.keys(getTableColumns(fills))).toHaveLength(6);
  expect(Object.keys(getTableColumns(ledgerTransfers))).toHaveLength(11);
});
