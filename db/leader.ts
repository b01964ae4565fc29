import { sql } from 'drizzle-orm';
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/**
 * Which desk leads a libSQL server's database: one row. It stands outside the migrations, because who may run them
 * is decided by it.
 */
export const leader = sqliteTable('desk_leader', {
  id: integer().primaryKey(),
  /** Names this database for good, in Redis for one. */
  desk: text().notNull(),
  /** Null while nobody leads. */
  holder: text(),
  /** Where the holder runs, for people, and for the holder's own successor. */
  place: text().notNull(),
  /** Grows while the holder lives. Others judge by whether it moves, each by its own monotonic clock. */
  beats: integer().notNull(),
  /** Where its simulated exchange listens, for workers; null while it does not. */
  exchangeUrl: text('exchange_url'),
  /** Keys of the house's account there, sealed: who opens them has the desk's master key. */
  houseKeys: text('house_keys'),
});

export const LEADER_ROW = 1;

export const makeLeaderTable = sql`create table if not exists desk_leader (
  id integer primary key not null, desk text not null, holder text, place text not null,
  beats integer not null, exchange_url text, house_keys text)`;
