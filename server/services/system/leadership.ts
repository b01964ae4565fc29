import { setTimeout as pause } from 'node:timers/promises';
import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Database, Db } from '@/db/client';
import { LEADER_ROW, leader, makeLeaderTable } from '@/db/leader';
import type { WriteWhen } from '@/db/write-when';
import { newId } from '@/server/platform/ids';
import type { Logger } from '@/server/platform/logger';

/** One desk at a time leads a database that several could reach: it takes orders in and follows the venues. */
export type Leadership = {
  /** The database's own name, for good. */
  readonly desk: string;
  /** Tells workers what they must know of the desk. */
  announce(told: { exchangeUrl: string; houseKeys: string }): Promise<void>;
  /** The same database, whose writes end without effect once another desk leads. */
  guarded(database: Database): Database;
  leave(): Promise<void>;
};

/** Another desk leads the database. */
export class LeaderError extends Error {}

const BEAT_MS = 3_000;
/** A leader whose count of beats has not moved for so long leads no more. */
const LAPSE_MS = 9_000;
/** Within this since a beat nobody can have taken over: an observer waits longer, and begins later. */
const SURE_MS = 6_000;
const LOOK_AGAIN_MS = 250;

type Parts = {
  database: Database;
  /** Where this desk runs. The same place after a crash is the crashed desk's successor, for no two share one. */
  place: string;
  clock: { now(): number };
  log: Logger;
  /** Milliseconds that only grow, also over a freeze. */
  elapsed: () => number;
  /** Called once, when another desk has taken over: this one must end. */
  onLost: () => void;
};

/**
 * Takes the lead, at once where nobody has it, and from a leader that is silent for nine seconds. Throws
 * `LeaderError` when another desk leads and lives.
 */
export async function takeLead({ database, place, clock, log, elapsed, onLost }: Parts): Promise<Leadership> {
  const holder = newId('lead', clock.now());
  const isMine = and(eq(leader.id, LEADER_ROW), eq(leader.holder, holder));
  let surely = elapsed();
  let isOver = false;

  await database.db.run(makeLeaderTable);
  const fresh = { id: LEADER_ROW, desk: newId('desk', clock.now()), place: '', beats: 0 };
  await database.write((db) => db.insert(leader).values(fresh).onConflictDoNothing());
  const desk = await untilTaken();

  async function untilTaken(): Promise<string> {
    for (let seen = { holder: '', beats: -1, at: 0 }; ; await pause(LOOK_AGAIN_MS)) {
      const row = await readLeader(database.db);
      if (row.holder !== null && row.holder !== seen.holder) {
        seen = { holder: row.holder, beats: row.beats, at: elapsed() };
      } else if (row.holder !== null && row.beats !== seen.beats) {
        throw new LeaderError(
          `another desk (${row.place}) leads this database; stop it, or give this one a database of its own`,
        );
      }
      const isSilent = row.holder === seen.holder && elapsed() - seen.at >= LAPSE_MS;
      if (row.holder !== null && row.place !== place && !isSilent) continue;
      surely = elapsed();
      const was = row.holder === null ? isNull(leader.holder) : eq(leader.holder, row.holder);
      const { rowsAffected } = await database.write((db) =>
        db
          .update(leader)
          .set({ holder, place, beats: row.beats + 1, exchangeUrl: null, houseKeys: null })
          .where(and(eq(leader.id, LEADER_ROW), eq(leader.beats, row.beats), was)),
      );
      if (rowsAffected === 1) return row.desk;
    }
  }

  /** One beat, which fails when somebody else leads by now. */
  async function beat(db: Db): Promise<void> {
    const startedAt = elapsed();
    const { beats } = await readLeader(db);
    const { rowsAffected } = await db
      .update(leader)
      .set({ beats: beats + 1 })
      .where(isMine);
    if (rowsAffected === 1) {
      surely = startedAt;
      return;
    }
    if (!isOver) {
      isOver = true;
      log.fatal({ place }, 'another desk leads this database now; this one ends');
      onLost();
    }
    throw new LeaderError('another desk leads this database now');
  }

  const timer = setInterval(() => {
    database.write(beat).catch((error: unknown) => log.warn({ err: error }, 'a beat was not written'));
  }, BEAT_MS);
  timer.unref();

  return {
    desk,
    async announce(told) {
      await database.write((db) => db.update(leader).set(told).where(isMine));
    },
    guarded: (plain) => ({
      ...plain,
      write: (work) =>
        plain.write(async (db) => {
          const result = await work(db);
          // Just before the commit, in its transaction: whoever takes over must first break that one's lock.
          if (elapsed() - surely > SURE_MS) await beat(db);
          return result;
        }),
      writeWhen: plain.writeWhen === null ? null : whileLeading(plain.writeWhen, holder),
    }),
    async leave() {
      clearInterval(timer);
      const nobody = { holder: null, exchangeUrl: null, houseKeys: null };
      await database
        .write((db) => db.update(leader).set(nobody).where(isMine))
        .catch((error: unknown) => log.warn({ err: error }, 'the lead was left without a word'));
    },
  };
}

/** In the transaction itself; whoever has lost the lead writes nothing, and hears of it by the next beat or `write`. */
const whileLeading =
  (writeWhen: WriteWhen, holder: string): WriteWhen =>
  (holds, statements) =>
    writeWhen(
      sql`(${holds}) and exists (select 1 from ${leader} where ${leader.id} = ${LEADER_ROW} and ${leader.holder} = ${holder})`,
      statements,
    );

export type LeaderRow = typeof leader.$inferSelect;

/** Who leads, and what workers must know of it. */
export async function readLeader(db: Db): Promise<LeaderRow> {
  const [row] = await db.select().from(leader).where(eq(leader.id, LEADER_ROW)).limit(1);
  if (row === undefined) throw new LeaderError('no desk has used this database yet');
  return row;
}
