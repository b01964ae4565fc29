import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const WORKER_KINDS = ['desk', 'worker'] as const;

/** Processes that send orders. One that is not among them holds no lease any more. */
export const workers = sqliteTable('workers', {
  id: text().primaryKey(),
  /** A desk, which sends too, or a process that only sends. */
  kind: text({ enum: WORKER_KINDS }).notNull().default('desk'),
  pid: integer().notNull(),
  startedAt: text('started_at').notNull(),
  /** Grows while it lives. Others judge by whether it moves, each by its own monotonic clock. */
  beats: integer().notNull(),
  /** For people to read; nothing is decided by it. */
  beatAt: text('beat_at').notNull(),
});
