import type { Client, Transaction } from '@libsql/client';
import { drizzle } from 'drizzle-orm/libsql';
import type { Db } from './client';
import * as schema from './schema';

/** Runs work within one write transaction; what it reads stays true for every process. */
export type WriteTransactions = <Result>(work: (db: Db) => Promise<Result>) => Promise<Result>;

/** A client that does only so much; drizzle takes its batches through a client and nothing less. */
export function partialClient(client: Client, { execute, batch }: Pick<Client, 'execute' | 'batch'>): Client {
  return {
    execute,
    batch,
    executeMultiple: () => Promise.reject(new Error('one statement at a time')),
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

export const withArgs = (statement: BatchStatement) =>
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
  const statements = partialClient(client, {
    execute: (statement: Parameters<Transaction['execute']>[0]) => open().execute(statement),
    batch: (all) => open().batch(all.map(withArgs)),
  });
  const db = drizzle(statements, { schema });
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
