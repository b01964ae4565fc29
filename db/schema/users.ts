import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { TIERS } from '@/domain/user';

export const users = sqliteTable('users', {
  id: text().primaryKey(),
  email: text().notNull().unique(),
  /** As the user wrote it; `usernameKey` is what must be unique. */
  username: text().notNull(),
  usernameKey: text('username_key').notNull().unique(),
  passwordHash: text('password_hash').notNull(),
  fullName: text('full_name'),
  role: text({ enum: ['viewer', 'trader', 'risk', 'admin'] }).notNull(),
  tier: text({ enum: TIERS }).notNull().default('free'),
  createdAt: text('created_at').notNull(),
});

/** A signed-in browser or program. Every token names its session, so revoking the row ends them all. */
export const sessions = sqliteTable(
  'sessions',
  {
    id: text().primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id),
    kind: text({ enum: ['browser', 'api'] }).notNull(),
    createdAt: text('created_at').notNull(),
    expiresAt: text('expires_at').notNull(),
    revokedAt: text('revoked_at'),
  },
  (table) => [index('sessions_by_user').on(table.userId)],
);

/** Refresh tokens by the SHA-256 of the secret; each is good once, and using one twice ends its session. */
export const refreshTokens = sqliteTable('refresh_tokens', {
  hash: text().primaryKey(),
  sessionId: text('session_id')
    .notNull()
    .references(() => sessions.id),
  expiresAt: text('expires_at').notNull(),
  usedAt: text('used_at'),
  createdAtMs: integer('created_at_ms').notNull(),
});
