import type { Client, InStatement, InValue, ResultSet, Row, Transaction, Value } from '@libsql/client';
import Libsql from 'libsql';

/** Statements stay prepared so many at a time; a list in `in (…)` makes a statement of its own for each length. */
const KEPT = 400;

type Statement = {
  libsql: Libsql.Statement;
  columns: readonly string[] | null;
  toRow: (values: unknown) => Row;
};
type BatchStatement = InStatement | [string, (InValue[] | Record<string, InValue>)?];

/** The path in a `file:` URL, whose parts may be percent-encoded. */
export const pathOf = (url: string): string =>
  decodeURIComponent(/^file:(?:\/\/(?:localhost)?(?=\/))?([^?#]*)/.exec(url)?.[1] ?? '');

function toValue(value: unknown): Value {
  if (typeof value === 'bigint') {
    const number = Number(value);
    if (!Number.isSafeInteger(number)) throw new RangeError(`${value} is no safe integer`);
    return number;
  }
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  if (value instanceof Uint8Array) return new Uint8Array(value).buffer;
  throw new TypeError(`a column holds a ${typeof value}`);
}

/** Makes rows of a statement: values by number and by name. What they all share says how many there are. */
function rowMaker(columns: readonly string[]): (values: unknown) => Row {
  const shared = Object.defineProperty({}, 'length', { value: columns.length });
  const names = columns.map((name, at) => (columns.indexOf(name) === at ? name : null));
  return (values) => {
    if (!Array.isArray(values)) throw new TypeError('a row is no list');
    const row: Row = Object.create(shared);
    for (const [at, name] of names.entries()) {
      const value = toValue(values[at]);
      row[at] = value;
      if (name !== null) row[name] = value;
    }
    return row;
  };
}

const resultOf = (columns: readonly string[], rows: Row[], rowsAffected: number): ResultSet => ({
  columns: [...columns],
  columnTypes: [],
  rows,
  rowsAffected,
  lastInsertRowid: undefined,
  toJSON: () => ({ columns, rows, rowsAffected }),
});

/** One connection, every call of which blocks until SQLite has answered. */
function connect(path: string) {
  const connection = new Libsql(path, { timeout: 5_000 });
  connection.defaultSafeIntegers(true);
  const kept = new Map<string, Statement>();

  /** libSQL ends the process when a closed connection is asked. */
  function assertOpen(): void {
    if (!connection.open) throw new Error('the database is closed');
  }

  function prepare(sql: string): Statement {
    const known = kept.get(sql);
    // What is used again moves to the end; the oldest leaves.
    if (known !== undefined) kept.delete(sql);
    const statement = known ?? open(sql);
    kept.set(sql, statement);
    const [oldest] = kept.keys();
    if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
    return statement;
  }

  function open(sql: string): Statement {
    const libsql = connection.prepare(sql);
    const columns = libsql.reader
      ? libsql
          .raw(true)
          .columns()
          .map(({ name }) => name)
      : null;
    return { libsql, columns, toRow: rowMaker(columns ?? []) };
  }

  function run(statement: BatchStatement): ResultSet {
    assertOpen();
    const [sql, args = []] =
      typeof statement === 'string'
        ? [statement]
        : Array.isArray(statement)
          ? statement
          : [statement.sql, statement.args];
    const { libsql, columns, toRow } = prepare(sql);
    const values = Array.isArray(args) ? args.map(bound) : args;
    if (columns === null) return resultOf([], [], libsql.run(values).changes);
    return resultOf(columns, libsql.all(values).map(toRow), 0);
  }

  function transact<Result>(work: () => Result): Result {
    run('BEGIN');
    try {
      const result = work();
      run('COMMIT');
      return result;
    } catch (error) {
      rollBack();
      throw error;
    }
  }

  function rollBack(): void {
    if (connection.open && connection.inTransaction) run('ROLLBACK');
  }

  function exec(sql: string): void {
    assertOpen();
    connection.exec(sql);
  }

  return { connection, run, exec, transact, rollBack };
}

const bound = (value: InValue): InValue => (typeof value === 'boolean' ? Number(value) : value);

/**
 * A libSQL file held by one connection, with its statements kept prepared: the file client of `@libsql/client`
 * prepares each anew and asks twice for its columns, which costs more than the statement (docs/adr/0008). While a
 * transaction is open, whoever does not belong to it waits, so that nobody reads what is not committed.
 * @param beforeWaiting may throw
 */
export function openFileClient(path: string, beforeWaiting: () => void): Client {
  const { connection, run, exec, transact, rollBack } = connect(path);
  let open: { ended: Promise<void>; close(): void } | null = null;
  const own = async <Result>(work: () => Result): Promise<Result> => {
    while (open !== null) {
      beforeWaiting();
      await open.ended;
    }
    return work();
  };

  async function transaction(): Promise<Transaction> {
    let closed = false;
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const close = () => {
      if (closed) return;
      closed = true;
      try {
        rollBack();
      } finally {
        open = null;
        end();
      }
    };
    const within = async <Result>(work: () => Result): Promise<Result> => {
      if (closed) throw new Error('the transaction is over');
      return work();
    };
    await own(() => {
      run('BEGIN IMMEDIATE');
      open = { ended, close };
    });
    return {
      execute: (statement) => within(() => run(statement)),
      batch: (statements) => within(() => statements.map(run)),
      executeMultiple: (sql) => within(() => exec(sql)),
      commit: () =>
        within(() => run('COMMIT')).then(close, (error: unknown) => {
          close();
          throw error;
        }),
      rollback: async () => close(),
      close,
      get closed() {
        return closed;
      },
    };
  }

  return {
    execute: (statement: InStatement, args?: InValue[] | Record<string, InValue>) =>
      own(() => run(args === undefined || typeof statement !== 'string' ? statement : [statement, args])),
    batch: (statements) => own(() => transact(() => statements.map(run))),
    migrate: (statements) =>
      own(() => {
        run('PRAGMA foreign_keys = OFF');
        try {
          return transact(() => statements.map(run));
        } finally {
          run('PRAGMA foreign_keys = ON');
        }
      }),
    transaction,
    executeMultiple: (sql) => own(() => exec(sql)),
    sync: () => Promise.reject(new Error('a file is no replica')),
    reconnect: () => undefined,
    close: () => {
      open?.close();
      if (connection.open) connection.close();
    },
    get closed() {
      return !connection.open;
    },
    protocol: 'file',
  };
}
