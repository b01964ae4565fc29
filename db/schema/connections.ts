import { sql } from 'drizzle-orm';
import { check, foreignKey, index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { users } from './users';

/**
 * A user's accounts at brokers: its id is the account id everywhere. How it is reached stands in one of the tables
 * below, by its kind; an account of which nothing stands there any more is kept for its history alone.
 */
export const connections = sqliteTable(
  'connections',
  {
    id: text().primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id),
    name: text().notNull(),
    kind: text({ enum: ['simulated', 'alpaca-paper', 'ibkr-paper', 'alpaca-live'] }).notNull(),
    /** What a call that names no account means; never a live one. */
    isDefault: integer('is_default', { mode: 'boolean' }).notNull(),
    createdAt: text('created_at').notNull(),
    removedAt: text('removed_at'),
  },
  (table) => [
    index('connections_by_user').on(table.userId),
    uniqueIndex('connections_by_id_and_kind').on(table.id, table.kind),
  ],
);

/** Keys to accounts that move no real money. The database itself refuses a row for an account of another kind. */
export const paperConnections = sqliteTable(
  'paper_connections',
  {
    accountId: text('account_id').primaryKey(),
    kind: text({ enum: ['simulated', 'alpaca-paper'] }).notNull(),
    /** Key id and secret, sealed with user, record and this purpose bound in. */
    sealedCredentials: text('sealed_credentials').notNull(),
  },
  (table) => [
    foreignKey({
      columns: [table.accountId, table.kind],
      foreignColumns: [connections.id, connections.kind],
    }),
    check('paper_connections_are_paper', sql`${table.kind} in ('simulated', 'alpaca-paper')`),
  ],
);

/**
 * Paper accounts behind the desk's gateway of Interactive Brokers, which asks for no keys. Two accounts of the desk
 * for one at the broker would each take the other's trades for a difference, so a number stands here once.
 */
export const gatewayConnections = sqliteTable(
  'gateway_connections',
  {
    accountId: text('account_id').primaryKey(),
    kind: text({ enum: ['ibkr-paper'] }).notNull(),
    accountNumber: text('account_number').notNull(),
  },
  (table) => [
    foreignKey({
      columns: [table.accountId, table.kind],
      foreignColumns: [connections.id, connections.kind],
    }),
    uniqueIndex('gateway_connections_by_number').on(table.accountNumber),
    check('gateway_connections_are_paper', sql`${table.kind} = 'ibkr-paper'`),
  ],
);

/** Keys to accounts where real money is traded, and until when their owner lets orders through. */
export const liveConnections = sqliteTable(
  'live_connections',
  {
    accountId: text('account_id').primaryKey(),
    kind: text({ enum: ['alpaca-live'] }).notNull(),
    sealedCredentials: text('sealed_credentials').notNull(),
    /** As the broker told it when the keys were added; arming asks to type it. */
    accountNumber: text('account_number').notNull(),
    /** RFC 3339; null or past while disarmed. */
    armedUntil: text('armed_until'),
  },
  (table) => [
    foreignKey({
      columns: [table.accountId, table.kind],
      foreignColumns: [connections.id, connections.kind],
    }),
    check('live_connections_are_live', sql`${table.kind} = 'alpaca-live'`),
  ],
);
