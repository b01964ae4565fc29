import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { users } from './users';

/** A user's way to a broker, and the one account behind it: its id is the account id everywhere. */
export const connections = sqliteTable(
  'connections',
  {
    id: text().primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id),
    name: text().notNull(),
    kind: text({ enum: ['simulated', 'alpaca-paper'] }).notNull(),
    /** Key id and secret, sealed with this user and record bound in. */
    sealedCredentials: text('sealed_credentials').notNull(),
    isDefault: integer('is_default', { mode: 'boolean' }).notNull(),
    createdAt: text('created_at').notNull(),
  },
  (table) => [index('connections_by_user').on(table.userId)],
);
