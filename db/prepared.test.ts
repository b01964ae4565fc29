import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq, sql } from 'drizzle-orm';
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Database, openDatabase } from './client';
import { columnsOf, placeholdersOf, prepared, preparedItem } from './prepared';

const things = sqliteTable('things', {
  id: integer().primaryKey(),
  name: text(),
  isGood: integer('is_good', { mode: 'boolean' }),
  parts: text({ mode: 'json' }).$type<string[]>(),
});

let folder: string;
let database: Database;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'st-prepared-'));
  database = await openDatabase({ url: `file:${join(folder, 'things.db')}` });
  await database.db.run(
    sql`create table things (id integer primary key, name text, is_good integer, parts text)`,
  );
});
afterEach(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

const insert = preparedItem((db) => db.insert(things).values(placeholdersOf(things, columnsOf(things))));
const rename = preparedItem((db) =>
  db
    .update(things)
    .set(placeholdersOf(things, ['name', 'parts']))
    .where(eq(things.id, sql.placeholder('of'))),
);
const add = preparedItem((db) =>
  db
    .insert(things)
    .values(placeholdersOf(things, ['name']))
    .returning({ id: things.id }),
);
const byId = prepared((db) =>
  db
    .select()
    .from(things)
    .where(eq(things.id, sql.placeholder('id')))
    .prepare(),
);

const ROWS = [
  { id: 1, name: 'one', isGood: true, parts: ['a', 'b'] },
  { id: 2, name: null, isGood: false, parts: null },
  { id: 3, name: '', isGood: null, parts: [] },
];

test('a prepared statement reads and writes what the library does, null, truth and JSON too', async () => {
  await database.write((db) =>
    db.batch([insert(db, ROWS[0] ?? {}), insert(db, ROWS[1] ?? {}), insert(db, ROWS[2] ?? {})]),
  );
  expect(await database.db.select().from(things)).toEqual(ROWS);
  for (const row of ROWS) {
    expect(await byId(database.db).get({ id: row.id })).toEqual(row);
    expect(await byId(database.db).all({ id: row.id })).toEqual([row]);
  }
  expect(await byId(database.db).get({ id: 9 })).toBeUndefined();
  expect(await byId(database.db).all({ id: 9 })).toEqual([]);
  const stored = await database.db.all(sql`select typeof(parts) as kind from things where id = 2`);
  expect(JSON.stringify(stored)).toContain('null');
});

test('each statement of a batch has values of its own, also the same one twice', async () => {
  await database.write(async (db) => {
    const [first, second, third] = await db.batch([
      add(db, { name: 'x' }),
      add(db, { name: 'y' }),
      rename(db, { name: 'z', parts: ['c'], of: 1 }),
    ]);
    expect([first, second]).toEqual([[{ id: 1 }], [{ id: 2 }]]);
    expect(third.rowsAffected).toBe(1);
  });
  expect((await database.db.select().from(things)).map(({ name, parts }) => [name, parts])).toEqual([
    ['z', ['c']],
    ['y', null],
  ]);
});

test('a value that is missing is refused, and a statement that was not given any writes nothing', async () => {
  expect(() => rename(database.db, { name: 'z', of: 1 })).toThrow('no value for parts was given');
  await expect(Promise.resolve(add(database.db, { name: 'x' }))).rejects.toThrow(/placeholder/);
  expect(await database.db.select().from(things)).toEqual([]);
});
