import { join } from 'node:path';
import { type Database, openDatabase } from '@/db/client';
import { type Env, ROOT } from '@/server/env';
import type { Clock } from '@/server/platform/clock';
import type { EventBus } from '@/server/platform/event-bus';
import type { Logger } from '@/server/platform/logger';
import { placeOf } from '@/server/platform/instance-lock';
import type { OrderNotice } from '@/server/services/context';
import { checkAudit } from '@/db/audit/check-audit';
import { createHighWater, type HighWater } from '@/server/services/safety/high-water';
import { type Leadership, takeLead } from '@/server/services/system/leadership';
import { type SharedSending, shareSending } from './sending';

/** A desk's database, up to date, and this desk's place at it. */
export type DeskDatabase = {
  database: Database;
  highWater: HighWater;
  /** Null for a file, which belongs to whoever holds the folder; a server's database must be led. */
  lead: Leadership | null;
  /** Null where this process alone sends. */
  shared: SharedSending | null;
  /** Resolves when another desk leads the database; then this one must end. */
  lost: Promise<void>;
  /** Resolves, with SQLite's word for it, when a write failed on the disk; then this desk must end at once. */
  diskFailed: Promise<string>;
};

type Parts = {
  env: Env;
  clock: Clock;
  log: Logger;
  listeners: EventBus<OrderNotice>;
  elapsed: () => number;
};

/** Errors: `DatabaseError`, `LeaderError`, `RedisPolicyError`. */
export async function openDeskDatabase({
  env,
  clock,
  log,
  listeners,
  elapsed,
}: Parts): Promise<DeskDatabase> {
  const url = env.DATABASE_URL ?? `file:${join(env.DATA_DIR, 'outcry.db')}`;
  let onDiskFailure = (_word: string): void => undefined;
  const diskFailed = new Promise<string>((resolve) => {
    onDiskFailure = resolve;
  });
  const opened = await openDatabase({ url, authToken: env.DATABASE_AUTH_TOKEN, onDiskFailure });
  let onLost = (): void => undefined;
  const lost = new Promise<void>((resolve) => {
    onLost = resolve;
  });
  const isFile = opened.backUpTo !== null;
  const place = placeOf(env.DATA_DIR);
  const lead = isFile ? null : await takeLead({ database: opened, place, clock, log, elapsed, onLost });
  const database = lead?.guarded(opened) ?? opened;
  try {
    const shared =
      lead === null || env.REDIS_URL === undefined
        ? null
        : await shareSending({ url: env.REDIS_URL, desk: lead.desk, database, listeners, log });
    await database.migrate(join(ROOT, 'db/migrations'));
    const file = join(env.DATA_DIR, 'outcry.mark');
    const highWater = createHighWater({ database, place: url, file, log });
    await highWater.check();
    const startedAt = elapsed();
    const checked = await checkAudit(database);
    log.info(
      { ...checked, tookMs: Math.round(elapsed() - startedAt) },
      'the orders and the ledger are as they were written',
    );
    highWater.start();
    return { database, highWater, lead, shared, lost, diskFailed };
  } catch (error) {
    // Whoever starts next should not have to wait for one that never did.
    await lead?.leave();
    throw error;
  }
}
