import { and, eq, ne, sql } from 'drizzle-orm';
import { type WORKER_KINDS, workers } from '@/db/schema';
import type { Database, Db } from '@/db/client';
import type { Clock } from '@/server/platform/clock';
import { newId } from '@/server/platform/ids';
import type { Logger } from '@/server/platform/logger';

/** The processes that send orders: this one, and others on the same database. */
export type Workers = {
  /** This process's id, another one with every start. */
  readonly id: string;
  /** Enters this process, and from then on shows that it lives. */
  join(): Promise<void>;
  /** One beat, and a look at the others' beats; strikes out who has not beaten for `LAPSE_MS`. */
  beat(): Promise<void>;
  /** Strikes this process out, so that nobody has to wait for what it held. */
  leave(): Promise<void>;
};

const BEAT_MS = 3_000;
/** A worker whose count of beats has not moved for so long holds nothing any more. */
export const LAPSE_MS = 9_000;

type Parts = {
  kind: (typeof WORKER_KINDS)[number];
  clock: Clock;
  database: Database;
  log: Logger;
  /** The database is a file, which one desk holds alone: whoever is entered in it has gone, and nobody watches. */
  alone: boolean;
  /** Milliseconds that only grow, also over a freeze; no wall clock decides about a lease. */
  elapsed: () => number;
};

export function createWorkers({ kind, clock, database, log, alone, elapsed }: Parts): Workers {
  const id = newId('wrk', clock.now());
  const startedAt = clock.iso();
  const others = new Map<string, { beats: number; seenAt: number }>();
  let timer: NodeJS.Timeout | undefined;

  const enter = (db: Db) =>
    db
      .insert(workers)
      .values({ id, kind, pid: process.pid, startedAt, beats: 1, beatAt: clock.iso() })
      .onConflictDoUpdate({
        target: workers.id,
        set: { beats: sql`${workers.beats} + 1`, beatAt: clock.iso() },
      });

  async function look(): Promise<void> {
    const rows = await database.db.select().from(workers).where(ne(workers.id, id));
    const entered = new Set(rows.map((row) => row.id));
    for (const known of others.keys()) if (!entered.has(known)) others.delete(known);
    for (const row of rows) {
      const seen = others.get(row.id);
      if (seen?.beats !== row.beats) others.set(row.id, { beats: row.beats, seenAt: elapsed() });
      else if (elapsed() - seen.seenAt >= LAPSE_MS) await strikeOut(row.id, row.beats);
    }
  }

  async function strikeOut(other: string, beats: number): Promise<void> {
    const gone = and(eq(workers.id, other), eq(workers.beats, beats));
    const { rowsAffected } = await database.write((db) => db.delete(workers).where(gone));
    if (rowsAffected === 0) return;
    others.delete(other);
    log.warn({ worker: other }, 'a worker has stopped beating; what it held may be taken');
  }

  async function beat(): Promise<void> {
    // One that was struck out while it was frozen enters again: what nobody took meanwhile is still its own.
    await database.write((db) => enter(db));
    await look();
  }

  return {
    id,
    async join() {
      if (alone) {
        await database.write((db) => db.batch([db.delete(workers).where(ne(workers.id, id)), enter(db)]));
        return;
      }
      await beat();
      timer = setInterval(() => {
        beat().catch((error: unknown) => log.warn({ err: error }, 'a beat was not written'));
      }, BEAT_MS);
      timer.unref();
    },
    beat,
    async leave() {
      clearInterval(timer);
      await database
        .write((db) => db.delete(workers).where(eq(workers.id, id)))
        .catch((error: unknown) => log.warn({ err: error }, 'a worker left without a word'));
    },
  };
}
