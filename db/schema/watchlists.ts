import { index, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { users } from './users';

export const watchlists = sqliteTable(
  'watchlists',
  {
    id: text().primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id),
    name: text().notNull(),
    symbols: text({ mode: 'json' }).$type<string[]>().notNull(),
    createdAt: text('created_at').notNull(),
  },
  (table) => [index('watchlists_by_user').on(table.userId)],
);
