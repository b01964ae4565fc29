import { sql } from 'drizzle-orm';
import type { BatchItem } from 'drizzle-orm/batch';
import type { ResultSet } from '@libsql/client';
import type { Database, Db } from '@/db/client';

type Statement = BatchItem<'sqlite'> & PromiseLike<ResultSet>;

/** Whether one statement, which names what must hold in its own condition, changed its row. */
export async function changesOne(
  { db, write, writeWhen }: Pick<Database, 'db' | 'write' | 'writeWhen'>,
  statement: (db: Db) => Statement,
): Promise<boolean> {
  const written = writeWhen === null ? null : await writeWhen(sql`true`, [statement(db)]);
  const { rowsAffected } = written === null ? await write(async (tx) => statement(tx)) : written[0];
  return rowsAffected === 1;
}
