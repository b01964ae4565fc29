import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient } from '@libsql/client';
import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Database, type Db, openDatabase } from './client';
import { users } from './schema';

const MIGRATIONS = fileURLToPath(new URL('migrations', import.meta.url));
const WRITER = fileURLToPath(new URL('testing/writer.ts', import.meta.url));

let folder: string;
let url: string;
const opened: Database[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'st-db-'));
  url = `file:${join(folder, 'desk.db')}`;
});
afterEach(async () => {
  for (const database of opened.splice(0)) await database.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(): Promise<Database> {
  const database = await openDatabase({ url });
  opened.push(database);
  return database;
}

const user = (id: string) => ({
  id,
  email: `${id}@desk.test`,
  username: id,
  usernameKey: id,
  passwordHash: 'x',
  role: 'trader' as const,
  createdAt: '2026-11-20T00:00:00.000Z',
});

const countOf = async (db: Db) => (await db.select({ id: users.id }).from(users)).length;

describe('an opened database', () => {
  test.each([
    ['journal_mode', 'wal'],
    ['synchronous', 2],
    ['foreign_keys', 1],
    ['trusted_schema', 0],
    ['cell_size_check', 1],
  ])(
    'answers %s = %s on the connection that orders are written through, after writes too',
    async (pragma, wanted) => {
      const database = await open();
      await database.migrate(MIGRATIONS);
      await database.write((db) =>
        db.batch([db.insert(users).values(user('a')), db.insert(users).values(user('b'))]),
      );
      const row = await database.db.get<unknown[]>(sql.raw(`PRAGMA ${pragma}`));
      expect(Object.values(row)[0]).toBe(wanted);
    },
  );

  test('takes its migrations twice and keeps what is in it', async () => {
    const first = await open();
    await first.migrate(MIGRATIONS);
    await first.write((db) => db.insert(users).values(user('a')));
    await first.migrate(MIGRATIONS);
    const second = await open();
    await second.migrate(MIGRATIONS);
    expect(await countOf(second.db)).toBe(1);
  });

  test('takes 200 writes at once, each reading what the one before wrote', async () => {
    const database = await open();
    await database.migrate(MIGRATIONS);
    const writes = Array.from({ length: 200 }, () =>
      database.write(async (db) => {
        const count = await countOf(db);
        await db.insert(users).values(user(`user${count}`));
      }),
    );
    await Promise.all(writes);
    expect(await countOf(database.db)).toBe(200);
  });

  test('a write that fails leaves nothing of its batch and does not stop the next', async () => {
    const database = await open();
    await database.migrate(MIGRATIONS);
    await database.write((db) => db.insert(users).values(user('a')));
    const failing = database.write((db) =>
      db.batch([db.insert(users).values(user('b')), db.insert(users).values(user('a'))]),
    );
    const next = database.write((db) => db.insert(users).values(user('c')));
    await expect(failing).rejects.toThrow(/UNIQUE/);
    await next;
    expect((await database.db.select({ id: users.id }).from(users)).map(({ id }) => id)).toEqual(['a', 'c']);
  });

  test('a write that throws after its statements leaves nothing of them', async () => {
    const database = await open();
    await database.migrate(MIGRATIONS);
    const failing = database.write(async (db) => {
      await db.insert(users).values(user('a'));
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await countOf(database.db)).toBe(0);
  });

  test('nobody reads what a write has not committed', async () => {
    const database = await open();
    await database.migrate(MIGRATIONS);
    let look = (): void => undefined;
    const looked = new Promise<void>((resolve) => {
      look = resolve;
    });
    const writing = database.write(async (db) => {
      await db.insert(users).values(user('a'));
      look();
      await new Promise((resolve) => setTimeout(resolve, 20));
      await db.insert(users).values(user('b'));
    });
    await looked;
    const outside = countOf(database.db);
    expect(await Promise.race([outside, Promise.resolve('waits')])).toBe('waits');
    await writing;
    expect(await outside).toBe(2);
  });

  test('to read or write past an open write from within it is refused, not waited for', async () => {
    const database = await open();
    await database.migrate(MIGRATIONS);
    await expect(database.write(() => countOf(database.db))).rejects.toThrow(/Failed query/);
    const nested = database.write(() => database.write((db) => db.insert(users).values(user('a'))));
    await expect(nested).rejects.toThrow('use the db that it gives');
    expect(await countOf(database.db)).toBe(0);
  });

  test('a statement that failed answers again, and leaves nothing open that a copy would wait for', async () => {
    const database = await open();
    await database.migrate(MIGRATIONS);
    const add = (id: string) => database.write((db) => db.insert(users).values(user(id)));
    await add('a');
    await expect(add('a')).rejects.toThrow(/Failed query/);
    await add('b');
    expect(await countOf(database.db)).toBe(2);
    await database.backUpTo?.(join(folder, 'copy.db'));
    const copy = await openDatabase({ url: `file:${join(folder, 'copy.db')}` });
    opened.push(copy);
    expect(await countOf(copy.db)).toBe(2);
  });

  test('says what is wrong when it cannot be read', async () => {
    const database = await open();
    expect(await database.fault()).toBeNull();
    await database.close();
    expect(await database.fault()).toMatch(/closed/i);
    opened.length = 0;
  });
});

test('a damaged file is refused with what to do', async () => {
  const database = await open();
  await database.migrate(MIGRATIONS);
  await database.close();
  opened.length = 0;
  const client = createClient({ url });
  await client.execute('PRAGMA writable_schema = ON');
  await client.execute("UPDATE sqlite_master SET rootpage = 3 WHERE name = 'users'");
  client.close();
  await expect(openDatabase({ url })).rejects.toThrow(/damaged|malformed/);
});

test('kill -9 in the middle of writing loses no write that was acknowledged', async () => {
  for (let round = 0; round < 3; round += 1) {
    const writer = fork(WRITER, [url, MIGRATIONS, String(round)], {
      execArgv: ['--import', 'tsx'],
      stdio: 'ignore',
    });
    const acknowledged: string[] = [];
    writer.on('message', (id) => acknowledged.push(z.string().parse(id)));
    const gone = once(writer, 'exit');
    while (acknowledged.length < 40 * (round + 1)) await once(writer, 'message');
    writer.kill('SIGKILL');
    await gone;
    const database = await open();
    const kept = new Set((await database.db.select({ id: users.id }).from(users)).map(({ id }) => id));
    expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
    await database.close();
    opened.length = 0;
  }
}, 30_000);
