import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSqld, type TestSqld } from '@/server/testing/cluster/sqld-server';
import { type Database, openDatabase } from './client';
import { users } from './schema';

const MIGRATIONS = fileURLToPath(new URL('migrations', import.meta.url));
const COUNTER = fileURLToPath(new URL('testing/counter.ts', import.meta.url));
const EACH = 50;

let sqld: TestSqld;
let database: Database;
beforeAll(async () => {
  sqld = await startSqld();
  database = await openDatabase({ url: sqld.url });
  await database.migrate(MIGRATIONS);
}, 60_000);
afterAll(async () => {
  await database.close();
  await sqld.dispose();
});

/** A row whose name is a number that is read, raised and written. */
async function counterRow(id: string): Promise<void> {
  const names = { id, email: `${id}@desk.test`, username: '0', usernameKey: id };
  const more = { passwordHash: 'x', role: 'trader', createdAt: '2026-11-20T00:00:00.000Z' } as const;
  await database.db.insert(users).values({ ...names, ...more });
}

/** A promise that is held back until told. */
function gate() {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open: () => open(), opened };
}

const nameOf = async (db: Database['db'], id: string) =>
  Number((await db.select({ name: users.username }).from(users).where(eq(users.id, id)))[0]?.name);

/** Two processes that raise the number at once, each `EACH` times. */
async function raisedByTwo(id: string, way: 'in a write' | 'by turns of one process'): Promise<number> {
  const processes = [1, 2].map(() =>
    fork(COUNTER, [sqld.url, id, String(EACH), way], { execArgv: ['--import', 'tsx'] }),
  );
  await Promise.all(processes.map((each) => once(each, 'message')));
  for (const each of processes) each.send('go');
  const codes = await Promise.all(processes.map((each) => once(each, 'exit')));
  expect(codes.map(([code]) => Number(code))).toEqual([0, 0]);
  return nameOf(database.db, id);
}

test('two processes that read, decide and write one row lose nothing', async () => {
  await counterRow('safe');
  expect(await raisedByTwo('safe', 'in a write')).toBe(2 * EACH);
}, 60_000);

test('under the turns of one process alone they do, so the above is the transaction’s work', async () => {
  await counterRow('unsafe');
  expect(await raisedByTwo('unsafe', 'by turns of one process')).toBeLessThan(2 * EACH);
}, 60_000);

test('a write that fails leaves nothing, and the next one goes through', async () => {
  await counterRow('failing');
  const failing = database.write(async (db) => {
    await db.update(users).set({ username: '1' }).where(eq(users.id, 'failing'));
    expect(await nameOf(db, 'failing')).toBe(1);
    await db.batch([
      db.update(users).set({ username: '2' }).where(eq(users.id, 'failing')),
      db.update(users).set({ id: 'safe' }).where(eq(users.id, 'failing')),
    ]);
  });
  await expect(failing).rejects.toThrow(/UNIQUE/);
  expect(await nameOf(database.db, 'failing')).toBe(0);
  await database.write((db) => db.update(users).set({ username: '3' }).where(eq(users.id, 'failing')));
  expect(await nameOf(database.db, 'failing')).toBe(3);
});

test('a writer that is gone in the middle of its write holds the others up for seconds and writes nothing', async () => {
  await counterRow('frozen');
  const other = await openDatabase({ url: sqld.url });
  const [frozen, entered] = [gate(), gate()];
  const late = other.write(async (db) => {
    await db.update(users).set({ username: '1' }).where(eq(users.id, 'frozen'));
    entered.open();
    await frozen.opened;
  });
  late.catch(() => undefined);
  await entered.opened;
  const before = performance.now();
  await database.write((db) => db.update(users).set({ username: '2' }).where(eq(users.id, 'frozen')));
  expect(performance.now() - before).toBeLessThan(9_000);
  frozen.open();
  await expect(late).rejects.toThrow(/TRANSACTION_TIMEOUT/);
  expect(await nameOf(database.db, 'frozen')).toBe(2);
  await other.close();
});

describe('a write on a condition', () => {
  const rename = (id: string, username: string) =>
    database.db.update(users).set({ username }).where(eq(users.id, id)).returning({ name: users.username });
  const isStill = (id: string, name: string) =>
    sql`${name} = (select ${users.username} from ${users} where ${users.id} = ${id})`;

  test('changes all that belongs together when it holds, and nothing when it does not', async () => {
    await counterRow('when');
    await counterRow('when-too');
    const { writeWhen } = database;
    if (writeWhen === null) throw new Error('a server has no such write');
    expect(await writeWhen(isStill('when', '0'), [rename('when', '1'), rename('when-too', '1')])).toEqual([
      [{ name: '1' }],
      [{ name: '1' }],
    ]);
    expect(await writeWhen(isStill('when', '0'), [rename('when', '2'), rename('when-too', '2')])).toBeNull();
    expect(await writeWhen(isStill('nobody', '0'), [rename('when', '2')])).toBeNull();
    const failing = writeWhen(isStill('when', '1'), [
      rename('when', '3'),
      database.db.update(users).set({ id: 'when' }).where(eq(users.id, 'when-too')).returning(),
    ]);
    await expect(failing).rejects.toThrow(/UNIQUE/);
    expect(await nameOf(database.db, 'when')).toBe(1);
  });

  test('sees what another writes between, of two at once on one condition one goes through', async () => {
    await counterRow('raced');
    const other = await openDatabase({ url: sqld.url });
    const [ours, others] = [database.writeWhen, other.writeWhen];
    if (ours === null || others === null) throw new Error('a server has no such write');
    const written = await Promise.all(
      Array.from({ length: 20 }, (_none, at) =>
        (at % 2 === 0 ? ours : others)(isStill('raced', '0'), [rename('raced', String(at + 1))]),
      ),
    );
    expect(written.filter((one) => one !== null)).toHaveLength(1);
    await other.close();
  });
});
