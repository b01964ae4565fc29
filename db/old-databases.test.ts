import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { openDatabase } from './client';
import { alerts, connections, paperConnections } from './schema';

const MIGRATIONS = fileURLToPath(new URL('migrations', import.meta.url));
const journal = z.looseObject({ entries: z.array(z.looseObject({ tag: z.string() })) });

/** The migrations that a desk of before this one had. */
function migrationsBefore(tag: string, folder: string): string {
  const before = join(folder, 'before');
  cpSync(MIGRATIONS, before, { recursive: true });
  const file = join(before, 'meta/_journal.json');
  const all = journal.parse(JSON.parse(readFileSync(file, 'utf8')));
  const at = all.entries.findIndex((entry) => entry.tag.endsWith(tag));
  expect(at).toBeGreaterThan(0);
  writeFileSync(file, JSON.stringify({ ...all, entries: all.entries.slice(0, at) }));
  return before;
}

test('keys of before there were live accounts move to the table of paper ones, with their accounts and orders', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'st-live-'));
  const database = await openDatabase({ url: `file:${join(folder, 'desk.db')}` });
  try {
    await database.migrate(migrationsBefore('_live_accounts', folder));
    const { db } = database;
    await db.run(
      sql`insert into users (id, email, username, username_key, password_hash, role, created_at) values ('u', 'u@x', 'u', 'u', 'x', 'trader', '2026')`,
    );
    for (const [id, kind] of [
      ['a', 'simulated'],
      ['b', 'alpaca-paper'],
    ])
      await db.run(
        sql`insert into connections (id, user_id, name, kind, sealed_credentials, is_default, created_at) values (${id}, 'u', 'n', ${kind}, ${`keys of ${id}`}, ${id === 'a'}, '2026')`,
      );
    await db.run(sql`insert into risk_profiles (account_id, blocked, updated_at) values ('a', 0, '2026')`);
    await database.migrate(MIGRATIONS);
    expect(await db.select().from(paperConnections)).toEqual([
      { accountId: 'a', kind: 'simulated', sealedCredentials: 'keys of a' },
      { accountId: 'b', kind: 'alpaca-paper', sealedCredentials: 'keys of b' },
    ]);
    expect((await db.select().from(connections)).map(({ id, removedAt }) => [id, removedAt])).toEqual([
      ['a', null],
      ['b', null],
    ]);
    expect(await db.all(sql`pragma foreign_key_check`)).toEqual([]);
  } finally {
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

test('alerts of before there were others stay, as alerts of positions', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'st-alerts-'));
  const database = await openDatabase({ url: `file:${join(folder, 'desk.db')}` });
  try {
    await database.migrate(migrationsBefore('_key_alerts', folder));
    const { db } = database;
    for (const row of [
      sql`insert into users (id, email, username, username_key, password_hash, role, created_at) values ('u', 'u@x', 'u', 'u', 'x', 'trader', '2026')`,
      sql`insert into connections (id, user_id, name, kind, is_default, created_at) values ('a', 'u', 'n', 'simulated', 1, '2026')`,
      sql`insert into orders (id, user_id, account_id, client_order_id, symbol, side, type, time_in_force, filled_qty, status, request_hash, created_at, updated_at) values ('o', 'u', 'a', 'o', 'AAPL', 'buy', 'market', 'day', '1', 'filled', 'x', '2026', '2026')`,
      sql`insert into alerts (id, user_id, account_id, symbol, order_id, qty, side, reason, raised_at) values ('l', 'u', 'a', 'AAPL', 'o', '1', 'sell', 'rejected', '2026')`,
    ])
      await db.run(row);
    await database.migrate(MIGRATIONS);
    expect(await db.select().from(alerts)).toMatchObject([
      { id: 'l', kind: 'unprotected_position', symbol: 'AAPL', orderId: 'o', clearedAt: null },
    ]);
    await expect(
      database.write((tx) => tx.run(sql`update alerts set symbol = null where id = 'l'`)),
    ).rejects.toThrow(/Failed|constraint/i);
    await database.write((tx) =>
      tx.run(
        sql`insert into alerts (id, kind, user_id, account_id, raised_at) values ('k', 'keys_refused', 'u', 'a', '2026')`,
      ),
    );
    await expect(
      database.write((tx) =>
        tx.run(
          sql`insert into alerts (id, kind, user_id, account_id, raised_at) values ('k2', 'keys_refused', 'u', 'a', '2026')`,
        ),
      ),
    ).rejects.toThrow(/Failed|constraint/i);
    expect(await db.all(sql`pragma foreign_key_check`)).toEqual([]);
  } finally {
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
