import { sql } from 'drizzle-orm';
import { index, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { ORDER_SIDES } from '@/domain/order/order';
import { ALERT_OUTCOMES, STOP_LOSSES } from '@/domain/protection/alert';
import { connections } from './connections';
import { orders } from './orders';
import { users } from './users';

/** Positions that lost their stop; a row is open until it is cleared, and stays. */
export const alerts = sqliteTable(
  'alerts',
  {
    id: text().primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id),
    accountId: text('account_id')
      .notNull()
      .references(() => connections.id),
    symbol: text().notNull(),
    orderId: text('order_id')
      .notNull()
      .references(() => orders.id),
    qty: text().notNull(),
    side: text({ enum: ORDER_SIDES }).notNull(),
    stopPrice: text('stop_price'),
    reason: text({ enum: STOP_LOSSES }).notNull(),
    message: text(),
    raisedAt: text('raised_at').notNull(),
    clearedAt: text('cleared_at'),
    outcome: text({ enum: ALERT_OUTCOMES }),
  },
  (table) => [
    uniqueIndex('alerts_open').on(table.orderId).where(sql`${table.clearedAt} is null`),
    index('alerts_by_user').on(table.userId, table.id),
  ],
);
