import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { RISK_ACTIONS } from '@/domain/risk/facts';
import type { RiskProfile } from '@/domain/risk/profile';
import { connections } from './connections';

/** The limits of an account where its owner has set them, and whether its kill switch is on. */
export const riskProfiles = sqliteTable('risk_profiles', {
  accountId: text('account_id')
    .primaryKey()
    .references(() => connections.id),
  profile: text({ mode: 'json' }).$type<RiskProfile>(),
  /** Limits that a risk officer set in place of those of the owner's plan; the owner's own hold besides. */
  imposed: text({ mode: 'json' }).$type<RiskProfile>(),
  blocked: integer({ mode: 'boolean' }).notNull(),
  updatedAt: text('updated_at').notNull(),
});

/** Kill switches above accounts that are on: of the whole desk (`desk`) or of a user (`user:<id>`). */
export const killSwitches = sqliteTable('kill_switches', {
  scope: text().primaryKey(),
  pulledBy: text('pulled_by').notNull(),
  reason: text(),
  at: text().notNull(),
});

/** Who changed limits and switches, append-only; each row commits with what it tells of. */
export const riskChanges = sqliteTable(
  'risk_changes',
  {
    seq: integer().primaryKey({ autoIncrement: true }),
    /** `desk`, `user:<id>` or the account. */
    subject: text().notNull(),
    actorId: text('actor_id').notNull(),
    action: text({ enum: RISK_ACTIONS }).notNull(),
    before: text({ mode: 'json' }).$type<unknown>(),
    after: text({ mode: 'json' }).$type<unknown>(),
    at: text().notNull(),
  },
  (table) => [index('risk_changes_by_subject').on(table.subject, table.seq)],
);
