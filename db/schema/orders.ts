import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { connections } from './connections';
import { users } from './users';
import { ORDER_EVENT_TYPES } from '@/domain/order/event';
import {
  ORDER_CLASSES,
  ORDER_SIDES,
  ORDER_TYPES,
  type OrderLeg,
  POSITION_INTENTS,
  TIMES_IN_FORCE,
} from '@/domain/order/order';
import { ORDER_STATUSES } from '@/domain/order/status';

/** Orders, money and quantity as decimal strings. Rows are never deleted. */
export const orders = sqliteTable(
  'orders',
  {
    id: text().primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id),
    accountId: text('account_id')
      .notNull()
      .references(() => connections.id),
    clientOrderId: text('client_order_id').notNull(),
    venueOrderId: text('venue_order_id'),
    /** Empty for a multi-leg order; its legs are orders of their own once the venue has it. */
    symbol: text().notNull(),
    side: text({ enum: ORDER_SIDES }).notNull(),
    positionIntent: text('position_intent', { enum: POSITION_INTENTS }),
    legs: text({ mode: 'json' }).$type<OrderLeg[]>(),
    type: text({ enum: ORDER_TYPES }).notNull(),
    timeInForce: text('time_in_force', { enum: TIMES_IN_FORCE }).notNull(),
    qty: text(),
    notional: text(),
    limitPrice: text('limit_price'),
    stopPrice: text('stop_price'),
    trailPrice: text('trail_price'),
    trailPercent: text('trail_percent'),
    extendedHours: integer('extended_hours', { mode: 'boolean' }).notNull().default(false),
    orderClass: text('order_class', { enum: ORDER_CLASSES }).notNull().default('simple'),
    /** The exits of a bracket, oco or oto as they were asked for. */
    takeProfit: text('take_profit', { mode: 'json' }).$type<{ limitPrice: string }>(),
    stopLoss: text('stop_loss', { mode: 'json' }).$type<{
      stopPrice: string;
      limitPrice?: string | undefined;
    }>(),
    parentId: text('parent_id'),
    replacesId: text('replaces_id'),
    filledQty: text('filled_qty').notNull(),
    filledAvgPrice: text('filled_avg_price'),
    status: text({ enum: ORDER_STATUSES }).notNull(),
    reasonCode: text('reason_code'),
    reasonMessage: text('reason_message'),
    idempotencyKey: text('idempotency_key'),
    requestHash: text('request_hash').notNull(),
    createdAt: text('created_at').notNull(),
    submittedAt: text('submitted_at'),
    updatedAt: text('updated_at').notNull(),
    closedAt: text('closed_at'),
    /** Which worker may send it; null for what was never this desk's to send. */
    leaseHolder: text('lease_holder'),
    /** Grows with every taking of the lease; who holds an older one writes nothing. */
    leaseToken: integer('lease_token').notNull().default(0),
    /** Whether it may have left for the venue. While it is false nothing of it ever did. */
    mayBeSent: integer('may_be_sent', { mode: 'boolean' }).notNull().default(true),
    /** The digest of its newest event, and of this row as that event left it (db/audit); null in old rows until they are sealed. */
    storyDigest: text('story_digest'),
    rowDigest: text('row_digest'),
  },
  (table) => [
    uniqueIndex('orders_client_order_id').on(table.accountId, table.clientOrderId),
    uniqueIndex('orders_venue_order_id').on(table.accountId, table.venueOrderId),
    uniqueIndex('orders_idempotency_key').on(table.userId, table.idempotencyKey),
    index('orders_by_user').on(table.userId, table.id),
    index('orders_by_status').on(table.status),
    // Whole in themselves for what every order counts: the account's open orders, and those of its day.
    index('orders_by_standing').on(table.accountId, table.status, table.orderClass, table.symbol),
    index('orders_by_day').on(table.accountId, table.createdAt, table.status, table.orderClass, table.symbol),
    index('orders_in_groups')
      .on(table.accountId, table.symbol)
      .where(sql`${table.orderClass} in ('bracket', 'oco', 'oto')`),
  ],
);

/** What happened to each order, append-only; `seq` is the cursor of the users' streams. */
export const orderEvents = sqliteTable(
  'order_events',
  {
    seq: integer().primaryKey({ autoIncrement: true }),
    orderId: text('order_id')
      .notNull()
      .references(() => orders.id),
    userId: text('user_id').notNull(),
    type: text({ enum: ORDER_EVENT_TYPES }).notNull(),
    status: text({ enum: ORDER_STATUSES }).notNull(),
    executionId: text('execution_id'),
    message: text(),
    at: text().notNull(),
    /** Over the order's event before, this one, and its execution. */
    digest: text(),
  },
  (table) => [
    index('order_events_by_user').on(table.userId, table.seq),
    index('order_events_by_order').on(table.orderId),
  ],
);

/** Executions: the venue's id posts once for an account. */
export const fills = sqliteTable(
  'fills',
  {
    accountId: text('account_id')
      .notNull()
      .references(() => connections.id),
    executionId: text('execution_id').notNull(),
    orderId: text('order_id')
      .notNull()
      .references(() => orders.id),
    qty: text().notNull(),
    price: text().notNull(),
    at: text().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.executionId] }),
    index('fills_by_order').on(table.orderId),
  ],
);
