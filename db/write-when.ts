import type { Client, InStatement, InValue, ResultSet } from '@libsql/client';
import { type SQL, sql } from 'drizzle-orm';
import type { BatchItem, BatchResponse } from 'drizzle-orm/batch';
import { drizzle } from 'drizzle-orm/libsql';
import * as schema from './schema';
import type { ServerClient } from './server-client';
import { withStorageFaultNamed } from './storage-fault';
import { partialClient, withArgs } from './write-transaction';

/**
 * Commits statements together if a condition holds in their own transaction, and answers null, with nothing changed,
 * when it does not. One round trip, so that no lock is held over the network: read, decide, and write if what was read
 * still holds; after a null, do it again inside `write`.
 */
export type WriteWhen = <Item extends BatchItem<'sqlite'>, Items extends Readonly<[Item, ...Item[]]>>(
  holds: SQL,
  statements: Items,
) => Promise<BatchResponse<Items> | null>;

/** SQL has no word that ends a transaction on a condition, but the smallest integer has no absolute value. */
const endUnless = (holds: SQL) => sql`select abs(-9223372036854775807 - ((${holds}) is not true)) is null`;
const ENDED = /integer overflow/;

const isValue = (value: unknown): value is InValue =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value);

/** So many go to the server together; others of this process may want to write in between. */
const AT_ONCE = 32;

type Waiting = {
  statements: InStatement[];
  resolve: (results: ResultSet[]) => void;
  reject: (error: unknown) => void;
};
type Exclusive = (work: () => Promise<void>) => Promise<void>;

/**
 * What comes while another write of this process is under way waits here, and goes as one. A server stops serving a
 * socket on which many statements wait for its write lock, whose holder may be that very socket: libsql-server 0.24
 * then breaks the lock after five seconds.
 */
function createQueue(client: Client | ServerClient, exclusive: Exclusive) {
  const waiting: Waiting[] = [];

  async function flush(): Promise<void> {
    const now = waiting.splice(0, AT_ONCE);
    const settled = await writeAll(
      client,
      now.map(({ statements }) => statements),
    );
    for (const [at, { resolve, reject }] of now.entries()) {
      const each = settled[at];
      if (each?.status === 'fulfilled') resolve(each.value);
      else reject(each?.reason ?? new Error('a write was not answered'));
    }
    if (waiting.length > 0) void exclusive(flush);
  }

  return (statements: InStatement[]) =>
    new Promise<ResultSet[]>((resolve, reject) => {
      waiting.push({ statements, resolve, reject });
      if (waiting.length === 1) void exclusive(flush);
    });
}

async function writeAll(
  client: Client | ServerClient,
  all: InStatement[][],
): Promise<PromiseSettledResult<ResultSet[]>[]> {
  if ('writes' in client) {
    return client
      .writes(all)
      .catch((reason: unknown) => all.map(() => ({ status: 'rejected' as const, reason })));
  }
  const settled: PromiseSettledResult<ResultSet[]>[] = [];
  for (const statements of all)
    settled.push(...(await Promise.allSettled([client.batch(statements, 'write')])));
  return settled;
}

/** @param exclusive runs one write of this process at a time, of whatever kind */
export function createWriteWhen(client: Client | ServerClient, exclusive: Exclusive): WriteWhen {
  const commit = createQueue(client, exclusive);
  let condition: InStatement | null = null;
  const db = drizzle(
    partialClient(client, {
      execute: () => Promise.reject(new Error('a write without its condition')),
      async batch(statements) {
        if (condition === null) throw new Error('a write without its condition');
        const all = [condition, ...statements.map(withArgs)];
        condition = null;
        return (await commit(all)).slice(1);
      },
    }),
    { schema },
  );
  return async (holds, statements) => {
    const { sql: text, params } = db.run(endUnless(holds)).getQuery();
    if (!params.every(isValue)) throw new Error('a condition compares with plain values');
    // Drizzle hands it to the batch before anything is awaited.
    condition = { sql: text, args: params };
    try {
      return await db.batch(statements);
    } catch (error) {
      if (error instanceof Error && ENDED.test(error.message)) return null;
      throw withStorageFaultNamed(error);
    }
  };
}
