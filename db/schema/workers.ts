import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** Processes that send orders. One that is not among them holds no lease any more. */
export const workers = sqliteTable('workers', {
  id: text().primaryKey(),
  pid: integer().notNull(),
  startedAt: text('started_at').notNull(),
  /** Grows while it lives. Others judge by whether it moves, each by its own monotonic clock. */
  beats: integer().notNull(),
  /** For people to read; nothing is decided by it. */
  beatAt: text('beat_at').notNull(),
});
