import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { openDatabase } from './client';
import { connections, paperConnections } from './schema';

const MIGRATIONS = fileURLToPath(new URL('migrations', import.meta.url));
const journal = z.looseObject({ entries: z.array(z.looseObject({ tag: z.string() })) });

/** The migrations that a desk of before live accounts had. */
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
