import { AsyncLocalStorage } from 'node:async_hooks';
import type { RecordableHistogram } from 'node:perf_hooks';
import { type Client, createClient } from '@libsql/client';
import { drizzle, type LibSQLDatabase } from 'drizzle-orm/libsql';
import { migrate } from 'drizzle-orm/libsql/migrator';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { copyDatabase } from './copy-database';
import { createDiskGuard } from './disk-guard';
import { openFileClient, pathOf } from './file-client';
import { createMutex } from './mutex';
import * as schema from './schema';
import { openServerClient } from './server-client';
import { withStorageFaultNamed } from './storage-fault';
import { createWriteTransactions } from './write-transaction';
import { createWriteWhen, type WriteWhen } from './write-when';

export type Db = LibSQLDatabase<typeof schema>;

export type Database = {
  /** Reads, and the statements of a write. Never open an interactive transaction across an await. */
  db: Db;
  /**
   * Runs `work` in one transaction, alone among all writers: of this process, which has a file to itself, and of all
   * processes on a server. What it reads through the `db` it is given stays true until it is done, so read, decide and
   * write inside, by that `db` alone: other reads of a file wait until it is committed, and nothing that waits for
   * the network belongs here.
   */
  write<Result>(work: (db: Db) => Promise<Result>): Promise<Result>;
  /** A shorter way to write to a server; null for a file, where there is no network to save. */
  readonly writeWhen: WriteWhen | null;
  /** How long writes of this process waited for the ones before them, in nanoseconds, since it was last reset. */
  readonly waits: RecordableHistogram;
  migrate(folder: string): Promise<void>;
  /** Whether the newest migration in the folder, and none beyond it, is in the database. */
  isCurrent(folder: string): Promise<boolean>;
  /** Writes a whole, checked copy of a file database to a path where nothing is, in a process of its own: nothing
   * waits for it. Null for a server's database. */
  readonly backUpTo: ((path: string) => Promise<void>) | null;
  /** Answers with what is wrong, or null when the database reads and writes. */
  fault(): Promise<string | null>;
  close(): Promise<void>;
};

/** The database within a write of it that is open: what is written through it is part of that write. */
export const withinWrite = (database: Database, db: Db): Database => ({
  ...database,
  db,
  write: (work) => work(db),
  writeWhen: null,
});

/** The database cannot hold orders as it stands; the message says why in one line. */
export class DatabaseError extends Error {}

/** What went wrong below, without the statement and the values it carried. */
async function orExplain<Result>(doing: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DatabaseError) throw error;
    const root = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw new DatabaseError(`${doing}: ${root instanceof Error ? root.message : String(root)}`, {
      cause: error,
    });
  }
}

/** Whoever waits within a write for what waits for its end would wait for ever. */
function createInside() {
  const current = new AsyncLocalStorage<{ isOpen: boolean }>();
  return {
    refuse() {
      if (current.getStore()?.isOpen === true) throw new Error('a write is open: use the db that it gives');
    },
    async run<Result>(work: () => Promise<Result>): Promise<Result> {
      const own = { isOpen: true };
      try {
        return await current.run(own, work);
      } finally {
        own.isOpen = false;
      }
    },
  };
}

const isFile = (url: string) => url.startsWith('file:');

/** What a file database must answer before it may hold orders: durable commits above all. */
const PRAGMAS = [
  { set: 'journal_mode = WAL', read: 'journal_mode', wanted: 'wal' },
  { set: 'synchronous = FULL', read: 'synchronous', wanted: 2 },
  { set: 'foreign_keys = ON', read: 'foreign_keys', wanted: 1 },
  { set: 'trusted_schema = OFF', read: 'trusted_schema', wanted: 0 },
  { set: 'mmap_size = 0', read: 'mmap_size', wanted: 0 },
  { set: 'cell_size_check = ON', read: 'cell_size_check', wanted: 1 },
] as const;

/** The SQLite that libSQL carries; another one must be read about before it is trusted (see docs/adr/0001). */
const SQLITE_VERSION = '3.45.1';

/** The one value a statement answers with, as text; null when it answers nothing. */
async function valueOf(client: Client, sql: string): Promise<string | null> {
  const value = (await client.execute(sql)).rows[0]?.[0];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
}

async function assertFileDatabase(client: Client): Promise<void> {
  const version = await valueOf(client, 'select sqlite_version()');
  if (version !== SQLITE_VERSION) {
    throw new DatabaseError(
      `libSQL carries SQLite ${version}, the desk was checked against ${SQLITE_VERSION}`,
    );
  }
  for (const pragma of PRAGMAS) {
    await client.execute(`PRAGMA ${pragma.set}`);
    const value = await valueOf(client, `PRAGMA ${pragma.read}`);
    // mmap may be compiled out, and then answers nothing.
    if (value !== null && value !== String(pragma.wanted)) {
      throw new DatabaseError(`the database answers ${pragma.read} = ${value}, wanted ${pragma.wanted}`);
    }
  }
  const check = await valueOf(client, 'PRAGMA integrity_check');
  if (check !== 'ok')
    throw new DatabaseError(
      `the database is damaged (${check}); restore a backup, see docs/how-to/restore.md`,
    );
}

/**
 * Opens the database: a file, or a libSQL server. A file is held through ONE connection: pragmas are per
 * connection, and with one there is no second that could checkpoint while the first commits.
 */
export async function openDatabase(options: {
  url: string;
  authToken?: string | undefined;
  /** Told once when a write of a file database failed on its disk; nothing is written after that. */
  onDiskFailure?: (word: string) => void;
}): Promise<Database> {
  const place = isFile(options.url) ? options.url : new URL(options.url).host;
  const inside = createInside();
  const client = await orExplain(`the database ${place} does not open`, async () => {
    const { url, authToken } = options;
    const opened = isFile(url)
      ? openFileClient(pathOf(url), () => inside.refuse())
      : /^wss?:/.test(url)
        ? openServerClient({ url, authToken })
        : createClient({ url, ...(authToken === undefined ? {} : { authToken }) });
    if (isFile(options.url)) await assertFileDatabase(opened);
    else await opened.execute('select 1');
    return opened;
  });
  const db = drizzle(client, { schema });
  const { exclusive, waits } = createMutex();
  // A server's disk is the server's to answer for.
  const disk = isFile(options.url) ? createDiskGuard((word) => options.onDiskFailure?.(word)) : null;
  // A server has other writers too, against which a mutex here is no help.
  const writing = createWriteTransactions(client);
  return {
    db,
    async write(work) {
      inside.refuse();
      try {
        const once = () => inside.run(() => writing(work));
        return await exclusive(() => (disk === null ? once() : disk.run(once)));
      } catch (error) {
        throw withStorageFaultNamed(error);
      }
    },
    writeWhen: isFile(options.url) ? null : createWriteWhen(client, exclusive),
    waits,
    migrate: (folder) =>
      exclusive(() =>
        orExplain(`the database ${place} cannot be brought up to date`, () =>
          migrate(db, { migrationsFolder: folder }),
        ),
      ),
    async isCurrent(folder) {
      const newest = readMigrationFiles({ migrationsFolder: folder }).at(-1)?.folderMillis;
      const isThere = "select 1 from sqlite_master where name = '__drizzle_migrations'";
      if ((await valueOf(client, isThere)) === null) return false;
      return (await valueOf(client, 'select max(created_at) from __drizzle_migrations')) === String(newest);
    },
    backUpTo: isFile(options.url)
      ? (path) => orExplain('the database was not copied', () => copyDatabase(pathOf(options.url), path))
      : null,
    fault: () =>
      exclusive(async () => {
        try {
          await client.execute('select 1');
          return null;
        } catch (error) {
          return error instanceof Error ? error.message : 'unknown';
        }
      }),
    close: () =>
      exclusive(async () => {
        // The driver leaves the log beside the file; a folder at rest should be whole in one.
        if (isFile(options.url)) await client.execute('PRAGMA wal_checkpoint(TRUNCATE)').catch(() => null);
        client.close();
      }),
  };
}
