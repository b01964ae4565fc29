import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, createClient, type Row } from '@libsql/client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openFileClient, pathOf } from './file-client';

let folder: string;
let client: Client;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'st-file-'));
  client = openFileClient(join(folder, 'own.db'), () => undefined);
});
afterEach(() => {
  client.close();
  rmSync(folder, { recursive: true, force: true });
});

test.each([
  ['file:/data/desk.db', '/data/desk.db'],
  ['file:///data/my%20desk.db', '/data/my desk.db'],
  ['file://localhost/data/desk.db', '/data/desk.db'],
  ['file:data/desk.db', 'data/desk.db'],
  ['file:./desk.db?mode=rw', './desk.db'],
])('%s is the file %s', (url, path) => {
  expect(pathOf(url)).toBe(path);
});

describe('a file client answers as the one of the library does', () => {
  const values = ['text', 'ünïcode', '', 1, -7, 0.5, 9_007_199_254_740_991, null, true, 12n] as const;

  test.each(values.map((value) => [value]))('for the value %s', async (value) => {
    const library = createClient({ url: `file:${join(folder, 'library.db')}` });
    const statement = { sql: 'select ? as named, typeof(?) as type, 2 as named', args: [value, value] };
    for (const asked of [client, client, library]) {
      const { rows, columns } = await asked.execute(statement);
      const expected = (await library.execute(statement)).rows;
      const told = ({ named, type, 0: first, 1: second, 2: third, length }: Row) => [
        named,
        type,
        first,
        second,
        third,
        length,
      ];
      expect(rows.map(told)).toEqual(expected.map(told));
      expect(columns).toEqual(['named', 'type', 'named']);
    }
    library.close();
  });

  test('for bytes', async () => {
    const { rows } = await client.execute({ sql: 'select ? as bytes', args: [new Uint8Array([1, 0, 255])] });
    expect(rows[0]?.['bytes']).toEqual(new Uint8Array([1, 0, 255]).buffer);
  });
});

test('an integer that a number cannot hold is refused, not rounded', async () => {
  await expect(client.execute('select 9007199254740993')).rejects.toThrow(/9007199254740993/);
});

test('rows changed are counted, and a batch that fails changes none', async () => {
  await client.executeMultiple('create table t (id integer primary key); insert into t values (1), (2), (3)');
  const add = (id: number) => ({ sql: 'insert into t values (?)', args: [id] });
  expect((await client.execute({ sql: 'delete from t where id > ?', args: [1] })).rowsAffected).toBe(2);
  await expect(client.batch([add(7), add(1)])).rejects.toThrow(/UNIQUE/);
  const [returned] = await client.batch([{ sql: 'insert into t values (?) returning id', args: [9] }]);
  expect(returned?.rows.map((row) => row['id'])).toEqual([9]);
  expect((await client.execute('select count(*) from t')).rows[0]?.[0]).toBe(2);
});

test('more statements than are kept prepared all answer, also those prepared long ago', async () => {
  for (const round of [1, 2])
    for (let at = 0; at < 1_000; at += 1)
      expect((await client.execute(`select ${at} + ${round - round}`)).rows[0]?.[0]).toBe(at);
});

test('a statement prepared before a column came answers after it', async () => {
  await client.executeMultiple('create table t (id integer)');
  await client.execute('insert into t values (1)');
  const first = await client.execute('select id from t');
  await client.execute('alter table t add column more text default "x"');
  expect((await client.execute('select id from t')).rows).toEqual(first.rows);
});

test('when it is closed it says so and the process lives', async () => {
  const transaction = await client.transaction('write');
  client.close();
  await expect(client.execute('select 1')).rejects.toThrow(/transaction|closed/);
  transaction.close();
  await expect(client.execute('select 1')).rejects.toThrow('closed');
  await expect(client.executeMultiple('select 1')).rejects.toThrow('closed');
  expect(client.closed).toBe(true);
});
