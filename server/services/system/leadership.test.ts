import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { type Database, openDatabase } from '@/db/client';
import { users } from '@/db/schema';
import { systemClock } from '@/server/platform/clock';
import { createLogger } from '@/server/platform/logger';
import { startDeskProcess } from '@/server/testing/desk-process';
import { startRedis } from '@/server/testing/redis-server';
import { startSqld, type TestSqld } from '@/server/testing/cluster/sqld-server';
import { startWorkerProcess } from '@/server/testing/cluster/worker-process';
import { LeaderError, takeLead } from './leadership';

// Desks and workers are started as processes, on a machine that may have others to run.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });

const MIGRATIONS = fileURLToPath(new URL('../../../db/migrations', import.meta.url));

let sqld: TestSqld;
let database: Database;
beforeAll(async () => {
  sqld = await startSqld();
  database = await openDatabase({ url: sqld.url });
});
afterAll(async () => {
  await database.close();
  await sqld.dispose();
});

const migrationsRun = async (on: Database) => {
  const row = await on.db.get<{ runs: number }>(sql`select count(*) as runs from __drizzle_migrations`);
  return z.object({ runs: z.number() }).parse(row).runs;
};

describe('two desks on one database', () => {
  test('that start together: one leads, and has brought the tables up to date once; the other says why not', async () => {
    const settings = { DATABASE_URL: sqld.url };
    const starts = await Promise.allSettled([startDeskProcess(settings), startDeskProcess(settings)]);
    const desks = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
    const faults = starts.flatMap((start) => (start.status === 'rejected' ? [String(start.reason)] : []));
    expect(desks).toHaveLength(1);
    expect(faults.join()).toMatch(/another desk \(.+\) leads this database; stop it/);
    const migrations = readdirSync(MIGRATIONS).filter((name) => name.endsWith('.sql'));
    expect(await migrationsRun(database)).toBe(migrations.length);

    await Promise.all(
      desks.map(async (desk) => {
        await desk.end('SIGTERM');
        await desk.dispose();
      }),
    );
  });
});

describe('a leader', () => {
  const log = createLogger('silent');

  async function lead(place: string, elapsed: () => number, onLost: () => void = () => undefined) {
    const own = await openDatabase({ url: sqld.url });
    const leadership = await takeLead({ database: own, place, clock: systemClock, log, elapsed, onLost });
    return { own, guarded: leadership.guarded(own), leadership };
  }

  const user = (id: string) => ({
    id,
    email: `${id}@desk.test`,
    username: id,
    usernameKey: id,
    passwordHash: 'x',
    role: 'trader' as const,
    createdAt: '2026-11-20T00:00:00.000Z',
  });

  const isThere = async (id: string) => (await database.db.$count(users, eq(users.id, id))) === 1;

  test('that was killed is followed at once by one at its place, one that has left by anybody', async () => {
    await database.migrate(MIGRATIONS);
    // By this clock no time passes, so nobody is found silent.
    const still = () => 0;
    const killed = await lead('one', still);
    const again = await lead('one', still);
    await again.leadership.leave();
    const other = await lead('other', still);
    await other.leadership.leave();
    // They lead one database after another.
    const names = [killed, again, other].map(({ leadership }) => leadership.desk);
    expect(new Set(names).size).toBe(1);
    await Promise.all([killed, again, other].map(({ own }) => own.close()));
  });

  test('that was frozen until another led writes nothing more, and is told to end', async () => {
    await database.migrate(MIGRATIONS);
    let time = 0;
    let isLost = false;
    const old = await lead(
      'old',
      () => time,
      () => {
        isLost = true;
      },
    );
    await old.guarded.write((db) => db.insert(users).values(user('before')));
    expect(await isThere('before')).toBe(true);
    // Nobody else leads while it beats, however impatient; its count moves every three seconds.
    let patience = 0;
    await expect(lead('impatient', () => (patience += 1))).rejects.toThrow(LeaderError);
    // Frozen before its next beat, while nine seconds pass by the other’s clock.
    let later = 0;
    const young = await lead('young', () => (later += 5_000));
    time += 60_000;
    await expect(old.guarded.write((db) => db.insert(users).values(user('late')))).rejects.toThrow(
      LeaderError,
    );
    expect(await isThere('late')).toBe(false);
    expect(isLost).toBe(true);
    // It is the guard that kept it out.
    await old.own.write((db) => db.insert(users).values(user('unguarded')));
    expect(await isThere('unguarded')).toBe(true);
    await young.guarded.write((db) => db.insert(users).values(user('after')));
    expect(await isThere('after')).toBe(true);
    await Promise.all([old.leadership.leave(), young.leadership.leave()]);
    await Promise.all([old.own.close(), young.own.close()]);
  });
});

describe('a worker', () => {
  test.each([
    ['no Redis', { DATABASE_URL: 'ws://127.0.0.1:1' }, /REDIS_URL: a worker is woken through Redis/],
    ['a file', { REDIS_URL: 'redis://127.0.0.1:1' }, /DATABASE_URL: a worker needs the libSQL server/],
    [
      'no key',
      { REDIS_URL: 'redis://127.0.0.1:1', DATABASE_URL: 'ws://127.0.0.1:1' },
      /OUTCRY_MASTER_KEY: a worker opens broker keys/,
    ],
  ])('with %s does not start, and says what it needs', async (_what, settings, reason) => {
    const DATA_DIR = mkdtempSync(join(tmpdir(), 'st-worker-'));
    await expect(startWorkerProcess({ DATA_DIR, ...settings })).rejects.toThrow(reason);
    // It made no secrets of its own.
    expect(readdirSync(DATA_DIR)).toEqual([]);
    rmSync(DATA_DIR, { recursive: true });
  });

  test('with another key, another broker, or no desk does not start', async () => {
    const redis = await startRedis();
    const shared = { DATABASE_URL: sqld.url, REDIS_URL: redis.url };
    const desk = await startDeskProcess(shared);
    const fits = { ...shared, DATA_DIR: desk.dataDir };
    const started = (settings: Record<string, string>) => startWorkerProcess({ ...fits, ...settings });
    const otherKey = started({ OUTCRY_MASTER_KEY: '0'.repeat(64) });
    await expect(otherKey).rejects.toThrow(/the master key is not the desk’s/);
    const otherBroker = started({ ALPACA_BASE_URL: 'http://127.0.0.1:9' });
    await expect(otherBroker).rejects.toThrow(/ALPACA_BASE_URL is not the desk’s/);
    const worker = await startWorkerProcess(fits);
    expect(await worker.end('SIGTERM')).toBe(0);
    await desk.end('SIGTERM');
    await expect(started({})).rejects.toThrow(/no desk leads this database now/);
    await desk.dispose();
    await redis.dispose();
  });
});
