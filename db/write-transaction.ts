import type { Client, Transaction } from '@libsql/client';
import { drizzle } from 'drizzle-orm/libsql';
import type { Db } from './client';
import * as schema from './schema';

/** Runs work within one write transaction; what it reads stays true for every process. */
export type WriteTransactions = <Result>(work: (db: Db) => Promise<Result>) => Promise<Result>;

/** The statements of the transaction that is open; drizzle takes its batches through a client only. */
function clientOf(client: Client, open: () => Transaction): Client {
  return {
    execute: (statement: Parameters<Transaction['execute']>[0]) => open().execute(statement),
    batch: (statements) => open().batch(statements.map(withArgs)),
    executeMultiple: (text) => open().executeMultiple(text),
    migrate: () => Promise.reject(new Error('migrations have a way of their own')),
    transaction: () => Promise.reject(new Error('a transaction is open already')),
    sync: () => client.sync(),
    reconnect: () => client.reconnect(),
    close: () => undefined,
    get closed() {
      return client.closed;
    },
    get protocol() {
      return client.protocol;
    },
  };
}

type BatchStatement = Parameters<Client['batch']>[0][number];

const withArgs = (statement: BatchStatement) =>
  Array.isArray(statement) ? { sql: statement[0], args: statement[1] ?? [] } : statement;

/**
 * Write transactions, for a caller that runs one at a time. Each takes the database's one write lock with its first
 * statement and keeps it until it is committed, so no other process can write in between.
 */
export function createWriteTransactions(client: Client): WriteTransactions {
  let current: Transaction | null = null;
  const open = () => {
    if (current === null) throw new Error('this write is over');
    return current;
  };
  const db = drizzle(clientOf(client, open), { schema });
  return async (work) => {
    const transaction = await client.transaction('write');
    current = transaction;
    try {
      const result = await work(db);
      current = null;
      await transaction.commit();
      return result;
    } catch (error) {
      current = null;
      await transaction.rollback().catch(() => null);
      throw error;
    } finally {
      transaction.close();
    }
  };
}
