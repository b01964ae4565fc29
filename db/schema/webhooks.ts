import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { HookLimits } from '@/domain/webhook/hook-limits';
import { DELIVERY_VERDICTS } from '@/domain/webhook/hook';
import { connections } from './connections';
import { users } from './users';

/** Hooks that take alerts in. A deleted one stays for its log, without its secret. */
export const webhooks = sqliteTable(
  'webhooks',
  {
    id: text().primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id),
    accountId: text('account_id')
      .notNull()
      .references(() => connections.id),
    name: text().notNull(),
    /** Sealed with this user and record bound in; null once the hook is deleted. */
    sealedSecret: text('sealed_secret'),
    enabled: integer({ mode: 'boolean' }).notNull(),
    limits: text({ mode: 'json' }).$type<HookLimits>().notNull(),
    mapping: text(),
    createdAt: text('created_at').notNull(),
    rotatedAt: text('rotated_at'),
    deletedAt: text('deleted_at'),
  },
  (table) => [index('webhooks_by_user').on(table.userId, table.id)],
);

/** Which body each alert id stands for, for ever: the same id with another body is refused. */
export const webhookAlerts = sqliteTable(
  'webhook_alerts',
  {
    hookId: text('hook_id')
      .notNull()
      .references(() => webhooks.id),
    alertId: text('alert_id').notNull(),
    bodyHash: text('body_hash').notNull(),
    at: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.hookId, table.alertId] })],
);

/**
 * Signatures whose alert was named in a header, which they do not cover: each names one alert as long as its
 * timestamp holds, or whoever saw it could send it again under a new name.
 */
export const webhookSignatures = sqliteTable(
  'webhook_signatures',
  {
    hookId: text('hook_id')
      .notNull()
      .references(() => webhooks.id),
    signature: text().notNull(),
    alertId: text('alert_id').notNull(),
    at: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.hookId, table.signature] })],
);

/** The newest deliveries of each hook. */
export const webhookDeliveries = sqliteTable(
  'webhook_deliveries',
  {
    seq: integer().primaryKey({ autoIncrement: true }),
    hookId: text('hook_id')
      .notNull()
      .references(() => webhooks.id),
    at: text().notNull(),
    verdict: text({ enum: DELIVERY_VERDICTS }).notNull(),
    status: integer().notNull(),
    reason: text(),
    message: text(),
    alertId: text('alert_id'),
    orderId: text('order_id'),
    address: text().notNull(),
    requestId: text('request_id').notNull(),
    body: text(),
  },
  (table) => [index('webhook_deliveries_by_hook').on(table.hookId, table.seq)],
);
