import {
  type Client,
  type InArgs,
  type InStatement,
  LibsqlError,
  type ResultSet,
  type Transaction,
  type TransactionMode,
} from '@libsql/client';
import * as hrana from '@libsql/hrana-client';

/**
 * A libSQL server's client that keeps its streams. To the server a stream is a connection of its own, which reads the
 * whole schema before its first statement; the stock client opens one for every statement, and most of a statement's
 * time went into that (1.0 ms against 0.4 on loopback).
 */

/** Statements outside transactions share so many streams; those of one stream run one after another. */
const READERS = 4;
/** Texts that the server keeps for a connection, so that they are sent once; it takes none above 5 kB. */
const TEXTS_MAX = 100;
const TEXT_MAX = 5_000;
/** Hosts close sockets that are old, so one is left before that. */
const SOCKET_MS = 60_000;

type Reader = { stream: hrana.WsStream; pending: number };

/** One socket, with the streams that are open in it. */
type Line = {
  socket: hrana.WsClient;
  /** Resolves once statements can be sent. */
  opened: Promise<unknown>;
  openedAt: number;
  texts: Map<string, hrana.Sql>;
  readers: Reader[];
  /** Where whole writes follow each other. */
  writer: hrana.WsStream | null;
  /** Streams of transactions that are over. */
  idle: hrana.WsStream[];
  /** What is under way in it; a line that was left ends with the last of it. */
  pending: number;
  isLeft: boolean;
};

export type ServerClient = Client & {
  /** Write transactions one after another in one round trip; each commits or fails by itself. */
  writes(transactions: readonly (readonly InStatement[])[]): Promise<PromiseSettledResult<ResultSet[]>[]>;
};

type Options = {
  url: string;
  authToken?: string | undefined;
  /** How old a socket may become, in ms. */
  socketMs?: number;
};

export function openServerClient({ url, authToken, socketMs = SOCKET_MS }: Options): ServerClient {
  let line = openLine(url, authToken);
  let next: Line | null = null;
  let isClosed = false;

  function current(): Line {
    if (isClosed) throw new LibsqlError('The client is closed', 'CLIENT_CLOSED');
    if (line.socket.closed) line = next ?? openLine(url, authToken);
    else if (next === null && performance.now() - line.openedAt >= socketMs) void renew();
    return line;
  }

  /** Goes over to another socket as soon as that one is there. */
  async function renew(): Promise<void> {
    const fresh = openLine(url, authToken);
    next = fresh;
    try {
      await fresh.opened;
      const old = line;
      if (old === fresh) return;
      line = fresh;
      old.isLeft = true;
      endIfDone(old);
    } catch {
      // The old one serves on, and the next statement tries again.
    } finally {
      next = null;
    }
  }

  async function inLine<Result>(work: (line: Line) => Promise<Result>): Promise<Result> {
    const used = current();
    used.pending += 1;
    try {
      await used.opened;
      return await work(used);
    } catch (error) {
      throw named(error);
    } finally {
      used.pending -= 1;
      endIfDone(used);
    }
  }

  return {
    execute: (statement: InStatement | string, args?: InArgs) =>
      inLine((used) =>
        byReader(used, async (stream) =>
          toResult(await stream.query(toHrana(used, withArgs(statement, args)))),
        ),
      ),
    batch: (statements, mode = 'deferred') =>
      inLine((used) => {
        const parts = statements.map((each) =>
          toHrana(used, Array.isArray(each) ? { sql: each[0], args: each[1] ?? [] } : each),
        );
        const frame = { begin: BEGIN[mode], end: 'COMMIT' };
        return byReader(used, (stream) => runBatch(stream, parts, frame));
      }),
    writes: (transactions) =>
      inLine(async (used) => {
        if (used.writer === null || used.writer.closed) used.writer = used.socket.openStream();
        const batch = used.writer.batch();
        const frame = { begin: BEGIN.write, end: 'COMMIT' };
        const results = transactions.map((statements) =>
          addTo(
            batch,
            statements.map((each) => toHrana(used, each)),
            frame,
          ),
        );
        const settled = Promise.allSettled(results.map((each) => each.catch(throwNamed)));
        await batch.execute();
        return settled;
      }),
    migrate: (statements) =>
      inLine(async (used) => {
        const stream = used.socket.openStream();
        try {
          await stream.run('PRAGMA foreign_keys=off');
          const parts = statements.map((each) => toHrana(used, each));
          return await runBatch(stream, parts, { begin: BEGIN.deferred, end: 'COMMIT' });
        } finally {
          stream.close();
        }
      }),
    async transaction(mode: TransactionMode = 'write') {
      const used = current();
      used.pending += 1;
      try {
        await used.opened;
      } catch (error) {
        used.pending -= 1;
        throw named(error);
      }
      return openTransaction(used, BEGIN[mode]);
    },
    executeMultiple: (text) => inLine((used) => byReader(used, (stream) => stream.sequence(text))),
    sync: () => Promise.reject(new LibsqlError('a server needs no sync', 'SYNC_NOT_SUPPORTED')),
    reconnect() {
      line.socket.close();
      isClosed = false;
    },
    close() {
      isClosed = true;
      line.socket.close();
      next?.socket.close();
    },
    get closed() {
      return isClosed;
    },
    protocol: 'ws',
  };
}

const BEGIN = { write: 'BEGIN IMMEDIATE', read: 'BEGIN TRANSACTION READONLY', deferred: 'BEGIN DEFERRED' };

function openLine(url: string, authToken: string | undefined): Line {
  const socket = hrana.openWs(url, authToken);
  const opened = socket.getVersion();
  opened.catch(() => undefined);
  const openedAt = performance.now();
  return {
    socket,
    opened,
    openedAt,
    texts: new Map(),
    readers: [],
    writer: null,
    idle: [],
    pending: 0,
    isLeft: false,
  };
}

function endIfDone({ isLeft, pending, socket }: Line): void {
  if (isLeft && pending === 0) socket.close();
}

async function byReader<Result>(
  line: Line,
  work: (stream: hrana.WsStream) => Promise<Result>,
): Promise<Result> {
  line.readers = line.readers.filter(({ stream }) => !stream.closed);
  let reader = line.readers.toSorted((a, b) => a.pending - b.pending)[0];
  if (reader === undefined || (reader.pending > 0 && line.readers.length < READERS)) {
    reader = { stream: line.socket.openStream(), pending: 0 };
    line.readers.push(reader);
  }
  reader.pending += 1;
  try {
    return await work(reader.stream);
  } finally {
    reader.pending -= 1;
  }
}

const withArgs = (statement: InStatement, args: InArgs = []): InStatement =>
  typeof statement === 'string' ? { sql: statement, args } : statement;

function toHrana(line: Line, statement: InStatement): hrana.Stmt {
  const { sql, args = [] } = typeof statement === 'string' ? { sql: statement } : statement;
  const made = new hrana.Stmt(textOf(line, sql));
  if (Array.isArray(args)) return made.bindIndexes(args);
  for (const [name, value] of Object.entries(args)) made.bindName(name, value);
  return made;
}

function textOf({ texts, socket }: Line, sql: string): hrana.Sql | string {
  const known = texts.get(sql);
  if (known !== undefined) return known;
  if (texts.size >= TEXTS_MAX || sql.length >= TEXT_MAX) return sql;
  const stored = socket.storeSql(sql);
  texts.set(sql, stored);
  return stored;
}

type Frame = { begin?: string | undefined; end?: string | undefined };

/** Adds statements to a batch, each of which runs only if the one before it went through. */
async function addTo(
  batch: hrana.Batch,
  statements: readonly hrana.Stmt[],
  { begin, end }: Frame,
): Promise<ResultSet[]> {
  let last: hrana.BatchStep | null = null;
  const step = () => {
    const made = batch.step();
    if (last !== null) made.condition(hrana.BatchCond.ok(last));
    last = made;
    return made;
  };
  const first = begin === undefined ? [] : [step().run(begin)];
  const results = statements.map((statement) => step().query(statement));
  const all: Promise<unknown>[] = [...first, ...results];
  if (end !== undefined) {
    const committed = step();
    all.push(committed.run(end));
    // What failed is taken back; when nothing was begun this says so and changes nothing.
    const isOver = hrana.BatchCond.ok(committed);
    batch
      .step()
      .condition(hrana.BatchCond.not(isOver))
      .run('ROLLBACK')
      .catch(() => undefined);
  }
  for (const each of await Promise.allSettled(all)) if (each.status === 'rejected') throw each.reason;
  return (await Promise.all(results)).map(toResult);
}

/** Statements in one round trip. */
async function runBatch(
  stream: hrana.WsStream,
  statements: readonly hrana.Stmt[],
  frame: Frame,
): Promise<ResultSet[]> {
  const batch = stream.batch();
  const results = addTo(batch, statements, frame);
  results.catch(() => undefined);
  await batch.execute();
  return results;
}

function openTransaction(line: Line, begin: string): Transaction {
  const stream = line.idle.pop() ?? line.socket.openStream();
  let state: 'new' | 'begun' | 'over' = 'new';

  /** A stream whose transaction ended as it was told to serves the next one. */
  function leave(isClean: boolean): void {
    if (state === 'over') return;
    state = 'over';
    if (isClean && !stream.closed) line.idle.push(stream);
    else stream.close();
    line.pending -= 1;
    endIfDone(line);
  }

  async function run(statements: readonly InStatement[]): Promise<ResultSet[]> {
    if (state === 'over' || stream.closed)
      throw new LibsqlError('The transaction is closed', 'TRANSACTION_CLOSED');
    const frame = state === 'new' ? { begin } : {};
    state = 'begun';
    try {
      const parts = statements.map((each) => toHrana(line, each));
      return await runBatch(stream, parts, frame);
    } catch (error) {
      throw named(error);
    }
  }

  async function end(how: 'COMMIT' | 'ROLLBACK'): Promise<void> {
    if (state === 'new') return leave(true);
    if (state === 'over' || stream.closed)
      throw new LibsqlError('The transaction is closed', 'TRANSACTION_CLOSED');
    try {
      await stream.run(how);
    } catch (error) {
      leave(false);
      throw named(error);
    }
    leave(true);
  }

  return {
    async execute(statement) {
      const [result] = await run([statement]);
      if (result === undefined) throw new LibsqlError('no answer to a statement', 'UNKNOWN');
      return result;
    },
    batch: (statements) => run(statements),
    executeMultiple: () => Promise.reject(new LibsqlError('one statement at a time', 'UNKNOWN')),
    commit: () => end('COMMIT'),
    rollback: () => end('ROLLBACK'),
    close: () => leave(false),
    get closed() {
      return state === 'over' || stream.closed;
    },
  };
}

function toResult(rows: hrana.RowsResult | undefined): ResultSet {
  if (rows === undefined) throw new LibsqlError('a statement was not run', 'TRANSACTION_CLOSED');
  const result = {
    columns: rows.columnNames.map((name) => name ?? ''),
    columnTypes: rows.columnDecltypes.map((type) => type ?? ''),
    rows: rows.rows,
    rowsAffected: rows.affectedRowCount,
    lastInsertRowid: rows.lastInsertRowid,
  };
  return { ...result, toJSON: () => result };
}

/** The error as the stock client has it, with SQLite's code. */
function named(error: unknown): unknown {
  if (!(error instanceof hrana.ClientError)) return error;
  const code = error instanceof hrana.ResponseError ? error.code : undefined;
  return new LibsqlError(error.message, code ?? 'HRANA_WEBSOCKET_ERROR', undefined, undefined, error);
}

function throwNamed(error: unknown): never {
  throw named(error);
}
