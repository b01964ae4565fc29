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
    /** When a second factor was last proved in this session; sensitive acts want it to be minutes ago. */
    secondFactorAt: text('second_factor_at'),
  },
  (table) => [index('sessions_by_user').on(table.userId)],
);

/** A user's authenticator app. It counts once `confirmedAt` is set, when a first code has shown that it works. */
export const secondFactors = sqliteTable('second_factors', {
  userId: text('user_id')
    .primaryKey()
    .references(() => users.id),
  /** The shared secret in base32, sealed with user and purpose bound in. */
  sealedSecret: text('sealed_secret').notNull(),
  confirmedAt: text('confirmed_at'),
  /** The time step of the last code that was taken: it and those before it are spent. */
  lastStep: integer('last_step'),
  /** Wrong codes in a row, and until when none is looked at because of them. */
  failures: integer().notNull().default(0),
  waitUntil: text('wait_until'),
  createdAt: text('created_at').notNull(),
});

/** Codes that stand in for the authenticator once each, by the SHA-256 of 125 random bits. */
export const recoveryCodes = sqliteTable(
  'recovery_codes',
  {
    hash: text().primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id),
    usedAt: text('used_at'),
  },
  (table) => [index('recovery_codes_by_user').on(table.userId)],
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
