import { type SQL, sql } from 'drizzle-orm';
import { type Database, DatabaseError, type Db } from '../client';
import { digestOf, LINES } from './digests';

const PAGE = 2_000;

/** How many rows were looked at, and how many of them were sealed because they had no digest yet. */
export type Checked = { events: number; orders: number; transfers: number; sealed: number };

type Bytes = ArrayBuffer | Uint8Array;
type Raw = { number: number; key: Bytes; line: Bytes; digest: Bytes | null; story: Bytes | null };
/** A row as it is read, its texts as bytes. `digest` is null in one that was never sealed. */
type Row = { number: number; key: string; line: Uint8Array; digest: string | null; story: string | null };

const SELECT = {
  event: sql.raw(
    `select e.seq as number, cast(e.order_id as blob) as key, ${LINES.event} as line, cast(e.digest as blob) as digest,
       null as story from order_events e
     left join fills f on f.order_id = e.order_id and f.execution_id = e.execution_id`,
  ),
  order: sql.raw(
    `select o.rowid as number, cast(o.id as blob) as key, ${LINES.order} as line, cast(o.row_digest as blob) as digest,
       cast(o.story_digest as blob) as story from orders o`,
  ),
  transfer: sql.raw(
    `select t.seq as number, cast(t.source_id as blob) as key, ${LINES.transfer} as line,
       cast(t.digest as blob) as digest, null as story from ledger_transfers t`,
  ),
};

const textOf = (bytes: Bytes | null): string | null =>
  bytes === null ? null : Buffer.from(new Uint8Array(bytes)).toString('utf8');

async function read(db: Db, query: SQL): Promise<Row[]> {
  const rows = await db.all<Raw>(query);
  return rows.map(({ number, key, line, digest, story }) => ({
    number,
    key: textOf(key) ?? '',
    line: new Uint8Array(line),
    digest: textOf(digest),
    story: textOf(story),
  }));
}

/** All rows of a table in the order of their numbers, some at a time. */
async function* pages(db: Db, query: SQL, numbers: string): AsyncGenerator<Row[]> {
  const column = sql.raw(numbers);
  for (let after = 0; ; ) {
    const rows = await read(db, sql`${query} where ${column} > ${after} order by ${column} limit ${PAGE}`);
    yield rows;
    if (rows.length < PAGE) return;
    after = rows.at(-1)?.number ?? after;
  }
}

/**
 * Recomputes the digest of every order event with its execution, of every order and every transfer, and throws
 * `DatabaseError` with table and id of the first that is not what was written. Rows of before there were digests are
 * sealed as they are found. Workers may write meanwhile.
 */
export async function checkAudit(database: Database): Promise<Checked> {
  const stories = new Map<string, string>();
  const checked: Checked = { events: 0, orders: 0, transfers: 0, sealed: 0 };
  const seal = async (statements: readonly SQL[]) => {
    checked.sealed += statements.length;
    await write(database, statements);
  };
  for await (const rows of pages(database.db, SELECT.event, 'e.seq')) {
    checked.events += rows.length;
    await seal(rows.flatMap((row) => judgeEvent(row, stories)));
  }
  for await (const rows of pages(database.db, SELECT.order, 'o.rowid')) {
    checked.orders += rows.length;
    const fresh: SQL[] = [];
    for (const row of rows) {
      const story = stories.get(row.key) ?? null;
      if (row.digest === null) fresh.push(sealOrder(row, story));
      else if (!isWhole(row, story) && !(await isWholeNow(database, row))) throw damaged(`orders ${row.key}`);
    }
    await seal(fresh);
  }
  for await (const rows of pages(database.db, SELECT.transfer, 't.seq')) {
    checked.transfers += rows.length;
    await seal(rows.flatMap(judgeTransfer));
  }
  return checked;
}

function damaged(what: string): DatabaseError {
  return new DatabaseError(
    `the database is damaged: ${what} is not what the desk wrote; restore a backup, see docs/how-to/restore.md`,
  );
}

/** Goes on with its order's chain; answers with the statement that seals it where it has no digest. */
function judgeEvent({ number, key, line, digest: known }: Row, stories: Map<string, string>): SQL[] {
  const digest = digestOf(stories.get(key) ?? null, line);
  stories.set(key, digest);
  if (known === null) return [sql`update order_events set digest = ${digest} where seq = ${number}`];
  if (known === digest) return [];
  throw damaged(`order_events ${number} (order ${key}), or its row of fills,`);
}

function judgeTransfer({ number, key, line, digest: known }: Row): SQL[] {
  const digest = digestOf(null, line);
  if (known === null) return [sql`update ledger_transfers set digest = ${digest} where seq = ${number}`];
  if (known === digest) return [];
  throw damaged(`ledger_transfers ${number} (of ${key})`);
}

const isWhole = (row: Row, story: string | null): boolean =>
  row.story === story && row.digest === digestOf(story, row.line);

function sealOrder({ number, line }: Row, story: string | null): SQL {
  const digest = digestOf(story, line);
  return sql`update orders set story_digest = ${story}, row_digest = ${digest} where rowid = ${number} and row_digest is null`;
}

/** The same under the write lock, for a worker may have changed the order since its events were read. */
function isWholeNow(database: Database, { number, key }: Row): Promise<boolean> {
  return database.write(async (db) => {
    const events = await read(db, sql`${SELECT.event} where e.order_id = ${key} order by e.seq`);
    const stories = new Map<string, string>();
    for (const event of events) judgeEvent(event, stories);
    const [row] = await read(db, sql`${SELECT.order} where o.rowid = ${number}`);
    return row !== undefined && isWhole(row, stories.get(key) ?? null);
  });
}

async function write(database: Database, statements: readonly SQL[]): Promise<void> {
  await database.write(async (db) => {
    const [first, ...rest] = statements.map((statement) => db.run(statement));
    if (first !== undefined) await db.batch([first, ...rest]);
  });
}
