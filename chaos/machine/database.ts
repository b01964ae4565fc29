import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from '@libsql/client';
import type { ChaosDesk } from '../desk';

const FILES = ['outcry.db', 'outcry.db-wal', 'outcry.db-shm'] as const;
/** What stands in the folder of a database that is not running. */
const pathOf = ({ dataDir }: ChaosDesk, name: string) => join(dataDir, name);

/** Copies the database of a desk that does not run, as a backup has it. */
export function copyDatabase(desk: ChaosDesk, to: string): void {
  for (const name of FILES) {
    rmSync(pathOf(desk, `${to}-${name}`), { force: true });
    if (existsSync(pathOf(desk, name))) copyFileSync(pathOf(desk, name), pathOf(desk, `${to}-${name}`));
  }
}

/** Puts a copy in the place of the database, as docs/how-to/restore.md says. */
export function restoreDatabase(desk: ChaosDesk, from: string): void {
  for (const name of [...FILES, 'outcry.mark']) rmSync(pathOf(desk, name), { force: true });
  for (const name of FILES) {
    if (existsSync(pathOf(desk, `${from}-${name}`)))
      copyFileSync(pathOf(desk, `${from}-${name}`), pathOf(desk, name));
  }
}

/** What a statement answers with first, on a database that no desk has open. */
export async function askDatabase(path: string, sql: string): Promise<string> {
  const client = createClient({ url: `file:${path}` });
  try {
    const value = (await client.execute(sql)).rows[0]?.[0];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  } finally {
    client.close();
  }
}
