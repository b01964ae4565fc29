import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { RiskProfile } from '@/domain/risk/profile';
import { connections } from './connections';

/** The limits of an account where its owner has set them, and whether its kill switch is on. */
export const riskProfiles = sqliteTable('risk_profiles', {
  accountId: text('account_id')
    .primaryKey()
    .references(() => connections.id),
  profile: text({ mode: 'json' }).$type<RiskProfile>(),
  blocked: integer({ mode: 'boolean' }).notNull(),
  updatedAt: text('updated_at').notNull(),
});
