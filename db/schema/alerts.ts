import { sql } from 'drizzle-orm';
import { check, index, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { ORDER_SIDES } from '@/domain/order/order';
import { ALERT_KINDS, ALERT_OUTCOMES, KEYS_OUTCOMES, STOP_LOSSES } from '@/domain/protection/alert';
import { connections } from './connections';
import { orders } from './orders';
import { users } from './users';

/** Positions that lost their stop, and accounts whose keys are refused; a row is open until it is cleared, and stays. */
export const alerts = sqliteTable(
  'alerts',
  {
    id: text().primaryKey(),
    kind: text({ enum: ALERT_KINDS }).notNull().default('unprotected_position'),
    userId: text('user_id')
      .notNull()
      .references(() => users.id),
    accountId: text('account_id')
      .notNull()
      .references(() => connections.id),
    /** Of a position, as all up to the message. */
    symbol: text(),
    orderId: text('order_id').references(() => orders.id),
    qty: text(),
    side: text({ enum: ORDER_SIDES }),
    stopPrice: text('stop_price'),
    reason: text({ enum: STOP_LOSSES }),
    message: text(),
    raisedAt: text('raised_at').notNull(),
    clearedAt: text('cleared_at'),
    outcome: text({ enum: [...ALERT_OUTCOMES, ...KEYS_OUTCOMES] }),
  },
  (table) => [
    uniqueIndex('alerts_open').on(table.orderId).where(sql`${table.clearedAt} is null`),
    uniqueIndex('alerts_open_of_account')
      .on(table.accountId)
      .where(sql`${table.kind} = 'keys_refused' and ${table.clearedAt} is null`),
    check(
      'alerts_of_positions',
      sql`${table.kind} = 'keys_refused' or (${table.symbol} is not null and ${table.orderId} is not null and ${table.qty} is not null and ${table.side} is not null and ${table.reason} is not null)`,
    ),
    index('alerts_by_user').on(table.userId, table.id),
  ],
);
