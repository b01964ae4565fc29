import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { max } from 'drizzle-orm';
import { z } from 'zod';
import { type Database, DatabaseError } from '@/db/client';
import { orderEvents } from '@/db/schema';
import type { Logger } from '@/server/platform/logger';

const WRITE_MS = 5_000;
const markSchema = z.object({ database: z.string(), event: z.number().int() });

export type HighWater = {
  /** Throws when the database knows less than this desk has written down. */
  check(): Promise<void>;
  start(): void;
  stop(): Promise<void>;
};

/**
 * Keeps the number of the newest order event in a file beside the database. SQLite opens a database whose log was
 * deleted, or an old copy, without a word: then orders that were acknowledged are gone, and only this file knows.
 */
export function createHighWater(parts: {
  database: Database;
  place: string;
  file: string;
  log: Logger;
}): HighWater {
  const { database, place, file, log } = parts;
  let written = 0;
  let timer: NodeJS.Timeout | undefined;

  async function newestEvent(): Promise<number> {
    const [row] = await database.db.select({ event: max(orderEvents.seq) }).from(orderEvents);
    return row?.event ?? 0;
  }

  async function write(): Promise<void> {
    const event = await newestEvent();
    if (event === written) return;
    writeFileSync(`${file}.new`, JSON.stringify({ database: place, event }), { mode: 0o600 });
    renameSync(`${file}.new`, file);
    written = event;
  }

  return {
    async check() {
      if (!existsSync(file)) return;
      const mark = markSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
      const event = await newestEvent();
      if (mark.database !== place || mark.event <= event) return;
      throw new DatabaseError(
        `the database ends at order event ${event}, this desk had written ${mark.event}: a part of it is missing (outcry.db-wal?) or it is a copy. Bring the files back; to go on from what there is, delete ${file} and let the broker tell the rest (docs/how-to/restore.md)`,
      );
    },
    start() {
      timer = setInterval(() => {
        write().catch((error: unknown) => log.warn({ err: error }, 'the high-water mark was not written'));
      }, WRITE_MS);
      timer.unref();
    },
    async stop() {
      clearInterval(timer);
      await write();
    },
  };
}
