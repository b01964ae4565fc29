import { sql } from 'drizzle-orm';
import {
  check,
  customType,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/sqlite-core';
import { LEDGER_ACCOUNTS } from '@/domain/ledger/transfer';
import { connections } from './connections';

/** Whole micro-dollars. One row holds at most 2^53 of them, nine billion dollars; sums are read as text. */
const micros = customType<{ data: bigint; driverData: number | bigint }>({
  dataType: () => 'integer',
  fromDriver: (value) => BigInt(value),
  toDriver: (value) => value,
});

/** Where a transfer comes from: an execution, what the venue did besides, or a person who took the venue's books. */
export const LEDGER_SOURCES = ['fill', 'activity', 'opening', 'adoption'] as const;

/** The double-entry books: every row moves money from one account to another, so they balance by their form. */
export const ledgerTransfers = sqliteTable(
  'ledger_transfers',
  {
    seq: integer().primaryKey({ autoIncrement: true }),
    accountId: text('account_id')
      .notNull()
      .references(() => connections.id),
    source: text({ enum: LEDGER_SOURCES }).notNull(),
    /** The execution, the activity, or the act; with `line` it posts once. */
    sourceId: text('source_id').notNull(),
    line: integer().notNull(),
    debit: text({ enum: LEDGER_ACCOUNTS }).notNull(),
    credit: text({ enum: LEDGER_ACCOUNTS }).notNull(),
    symbol: text(),
    micros: micros().notNull(),
    at: text().notNull(),
    /** Of the row itself; null in old rows until they are sealed. */
    digest: text(),
  },
  (table) => [
    uniqueIndex('ledger_transfers_source').on(table.accountId, table.source, table.sourceId, table.line),
    check('ledger_transfers_amount', sql`${table.micros} > 0`),
    check('ledger_transfers_sides', sql`${table.debit} <> ${table.credit}`),
  ],
);

/** What an account holds by its own books: the fold of its fills and activities, kept with them. */
export const holdings = sqliteTable(
  'holdings',
  {
    accountId: text('account_id')
      .notNull()
      .references(() => connections.id),
    symbol: text().notNull(),
    qty: text().notNull(),
    costMicros: micros('cost_micros').notNull(),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.symbol] })],
);

/** What the venue did to an account besides executions, once each. */
export const activities = sqliteTable(
  'activities',
  {
    accountId: text('account_id')
      .notNull()
      .references(() => connections.id),
    id: text().notNull(),
    type: text().notNull(),
    symbol: text(),
    qty: text(),
    netAmount: text('net_amount').notNull(),
    price: text(),
    groupId: text('group_id'),
    at: text().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.id] }),
    index('activities_by_time').on(table.accountId, table.at),
  ],
);

/** How an account's books last compared with its venue's. */
export const comparisons = sqliteTable('comparisons', {
  accountId: text('account_id')
    .primaryKey()
    .references(() => connections.id),
  /** The venue's number of the account that the books are about; null in books that were opened before it was kept. */
  accountNumber: text('account_number'),
  /** When the books were opened: what the venue held then is where they start. */
  openedAt: text('opened_at').notNull(),
  comparedAt: text('compared_at').notNull(),
  /** Since when they differ; null while they agree. */
  driftedSince: text('drifted_since'),
  drifts: text({ mode: 'json' }).$type<{ what: string; desk: string; venue: string }[]>().notNull(),
});
