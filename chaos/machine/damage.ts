import { spawnSync } from 'node:child_process';
import {
  closeSync,
  copyFileSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createClient } from '@libsql/client';
import type { Fault, Problems, World } from '../faults/fault';
import { booksOpened, far, market, mixedLoad, POST } from '../faults/load';
import { truthOf } from '../journal';
import { judge } from '../oracle';
import { startNaive } from '../senders/naive-sender';
import { until } from '../until';
import { askDatabase, copyDatabase, restoreDatabase } from './database';
import { FLIPS, flip } from './flips';

const PAGE = 4_096;
/** The mark of the newest event is written every five seconds. */
const MARK_MS = 5_500;
/** A market order is not sent again when it is older. */
const TIME_TO_LIVE_MS = 15_000;
const DAMAGES = ['truncated', 'overwritten', 'log deleted'] as const;

function damage({ desk, random }: World): string {
  const file = join(desk.dataDir, 'outcry.db');
  const how = random.pick(DAMAGES);
  const pages = statSync(file).size / PAGE;
  if (how === 'truncated') truncateSync(file, Math.floor(pages / 2) * PAGE);
  if (how === 'log deleted') for (const part of ['-wal', '-shm']) rmSync(`${file}${part}`, { force: true });
  if (how === 'overwritten') {
    // The log holds newer copies of pages and would cover for them.
    for (const part of ['-wal', '-shm']) rmSync(`${file}${part}`, { force: true });
    const open = openSync(file, 'r+');
    for (let page = 2; page < pages; page += 3) writeSync(open, Buffer.alloc(64, 0xff), 0, 64, page * PAGE);
    closeSync(open);
  }
  return how;
}

/** A backup at rest, then more orders, of which the log alone knows when the desk is killed. */
async function backUpAndGoOn(world: World): Promise<void> {
  const { desk } = world;
  await mixedLoad(world, 'kept');
  await desk.end('SIGTERM');
  copyDatabase(desk, 'backup');
  await desk.start();
  await mixedLoad(world, 'later');
}

async function damaged(world: World): Promise<Problems> {
  const { desk } = world;
  await backUpAndGoOn(world);
  await pause(MARK_MS);
  await desk.kill();
  const how = damage(world);
  const said = await desk.refusal();
  if (said === null) await desk.end('SIGKILL');
  restoreDatabase(desk, 'backup');
  await desk.start();
  await mixedLoad(world, 'restored');
  const isClear =
    said !== null && /Outcry cannot start: .*(damaged|missing|does not open|malformed)/.test(said);
  const problems = isClear ? [] : [`a database that was ${how}: ${said ?? 'the desk started on it'}`];
  return [...problems, ...(await flipped(world))];
}

/** One bit of a value, of which SQLite knows nothing: the desk must say whose, and start on a copy that is whole. */
async function flipped(world: World): Promise<Problems> {
  const { desk } = world;
  const problems: Problems = [];
  await desk.end('SIGTERM');
  copyDatabase(desk, 'sound');
  for (const each of FLIPS) {
    restoreDatabase(desk, 'sound');
    await flip(join(desk.dataDir, 'outcry.db'), each);
    const said = await desk.refusal();
    if (said === null) await desk.end('SIGKILL');
    const isClear = said !== null && /Outcry cannot start: .*damaged.*restore\.md/.test(said);
    if (!isClear || !each.named.test(said))
      problems.push(`${each.what}: ${said ?? 'the desk started on it'}`);
  }
  restoreDatabase(desk, 'sound');
  await desk.start();
  await mixedLoad(world, 'whole-again');
  return problems;
}

/** What only asks SQLite whether a database is sound: it opens one that has lost its log, or was changed, without a word. */
async function naiveCheck(world: World): Promise<Problems> {
  const { desk } = world;
  await mixedLoad(world, 'logged');
  await desk.kill();
  const copy = join(desk.dataDir, 'without-log.db');
  copyFileSync(join(desk.dataDir, 'outcry.db'), copy);
  await desk.start();
  const known = desk.journal().filter(({ type }) => type === 'order_accepted').length;
  const check = await askDatabase(copy, 'PRAGMA quick_check').catch(() => 'damaged');
  const orders = await askDatabase(copy, 'select count(*) from orders').catch(() => '0');
  const isBlind = check === 'ok' && Number(orders) < known;
  return [...(isBlind ? [`sound, with ${orders} orders of ${known}`] : []), ...(await naiveFlips(world))];
}

async function naiveFlips({ desk }: World): Promise<Problems> {
  await desk.end('SIGTERM');
  const problems: Problems = [];
  for (const each of FLIPS) {
    const copy = join(desk.dataDir, 'flipped.db');
    copyFileSync(join(desk.dataDir, 'outcry.db'), copy);
    await flip(copy, each);
    if ((await askDatabase(copy, 'PRAGMA integrity_check')) === 'ok')
      problems.push(`sound, with ${each.what} flipped`);
  }
  await desk.start();
  return problems;
}

/** An old copy in which an order is on its way that the venue never had, and that its owner gave up since. */
async function oldBackup(world: World): Promise<Problems> {
  const { desk, sender, random } = world;
  // An order in review keeps books from being opened, and one will be.
  if (!(await booksOpened(world))) return ['the books were not opened'];
  await mixedLoad(world, 'kept');
  await world.strike({ kind: 'http', phase: 'before', action: 'hang', match: POST });
  const sentAt = performance.now();
  const before = new Set(
    truthOf(desk.journal(), world.keyId).orders.map(({ clientOrderId }) => clientOrderId),
  );
  const sending = sender.submit('given-up', market(random));
  // Written down and not yet answered for.
  const isKept = async () => {
    const answer = await world.rest?.('GET', '/orders?status=all&limit=500');
    return /"status":"(submitting|unknown)"/.test(answer?.text ?? '');
  };
  if (!(await until(isKept, 5_000))) return ['the order was not taken in'];
  await desk.kill();
  copyDatabase(desk, 'backup');
  await desk.start();
  const handle = await sending;
  if (handle !== null) await sender.cancel(handle);
  await pause(Math.max(0, TIME_TO_LIVE_MS + 500 - (performance.now() - sentAt)));
  await world.clear();
  await sender.submit('missing-hour', market(random));
  await sender.submit('missing-hour-far', far(random));
  await desk.end('SIGTERM');
  restoreDatabase(desk, 'backup');
  await desk.start();
  await pause(3_000);
  const after = truthOf(desk.journal(), world.keyId).orders.filter(
    ({ clientOrderId }) => !before.has(clientOrderId),
  );
  await mixedLoad(world, 'restored');
  return after.length === 2 ? [] : [`${after.length} orders reached the venue, 2 were meant`];
}

/** Books that are restored and not compared with the venue. */
async function restoredBlindly({ desk, random }: World): Promise<Problems> {
  const sender = await startNaive(desk, 'anew', false);
  await sender.submit('kept', far(random));
  const backup = await sender.books();
  await sender.submit('missing-hour', market(random));
  sender.close();
  return judge(backup, truthOf(desk.journal(), sender.keyId));
}

const MIGRATIONS = 'db/migrations';
const ROWS = 500;

const migrationFiles = () =>
  readdirSync(MIGRATIONS)
    .filter((name) => name.endsWith('.sql'))
    .sort();
const statementsOf = (name: string) =>
  readFileSync(join(MIGRATIONS, name), 'utf8').split('--> statement-breakpoint');

/** A database as the first version of the desk left it, with users and orders. */
async function firstDatabase(path: string): Promise<void> {
  for (const part of ['', '-wal', '-shm']) rmSync(`${path}${part}`, { force: true });
  const client = createClient({ url: `file:${path}` });
  const [first = ''] = migrationFiles();
  for (const statement of statementsOf(first)) await client.execute(statement);
  const journal: unknown = JSON.parse(readFileSync(join(MIGRATIONS, 'meta/_journal.json'), 'utf8'));
  const [entry] = entriesOf(journal);
  await client.batch(
    [
      'create table __drizzle_migrations (id integer primary key, hash text not null, created_at numeric)',
      {
        sql: "insert into __drizzle_migrations (hash, created_at) values ('first', ?)",
        args: [entry?.when ?? 0],
      },
      "insert into users select 'u', 'a@desk.test', 'a', 'a', 'x', null, 'admin', '2026-01-01T00:00:00.000Z'",
      "insert into connections values ('c', 'u', 'Simulated', 'simulated', 'x', 1, '2026-01-01T00:00:00.000Z')",
      `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${ROWS})
       insert into orders (id, user_id, account_id, client_order_id, symbol, side, type, time_in_force, filled_qty,
         status, request_hash, created_at, updated_at)
       select 'o' || i, 'u', 'c', 'o' || i, 'AAPL', 'buy', 'limit', 'day', '0', 'canceled', 'x',
         '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z' from n`,
    ],
    'write',
  );
  client.close();
}

function entriesOf(journal: unknown): { when: number }[] {
  const found: unknown = typeof journal === 'object' && journal !== null ? Object(journal)['entries'] : [];
  return Array.isArray(found) ? found : [];
}

/** The desk's own start brings an old database up to date, and is killed at writes drawn from the seed. */
async function killedMigration(world: World): Promise<Problems> {
  const { desk, random } = world;
  await desk.end('SIGTERM');
  copyDatabase(desk, 'own');
  const path = join(desk.dataDir, 'outcry.db');
  await firstDatabase(path);
  rmSync(join(desk.dataDir, 'outcry.mark'), { force: true });
  const problems: Problems = [];
  let kills = 0;
  for (let attempt = 0; attempt < 6; attempt += 1) {
    const at = `inject=pwrite64:signal=KILL:when=${random.whole(1, 60)}`;
    const files = ['-P', path, '-P', `${path}-wal`];
    const under = [
      'strace',
      '-D',
      '-f',
      '-qq',
      '-o',
      '/dev/null',
      ...files,
      '-e',
      'trace=pwrite64',
      '-e',
      at,
    ];
    const started = await desk.start({ under }).then(
      () => true,
      () => false,
    );
    if (started) await desk.kill();
    else kills += 1;
    const rows = await askDatabase(path, 'select count(*) from orders');
    if (rows !== String(ROWS)) problems.push(`${rows} of ${ROWS} orders after kill ${attempt + 1}`);
  }
  await desk.start({});
  await desk.end('SIGTERM');
  const migrated = await askDatabase(path, 'select count(*) from __drizzle_migrations');
  const rows = await askDatabase(path, 'select count(*) from orders');
  if (rows !== String(ROWS)) problems.push(`${rows} of ${ROWS} orders in the end`);
  if (migrated !== String(migrationFiles().length)) problems.push(`${migrated} migrations in the end`);
  if (kills === 0) problems.push('no start was killed');
  restoreDatabase(desk, 'own');
  await desk.start();
  return problems;
}

/** Statements one by one, without a transaction around them, killed in the middle and run again. */
async function naiveMigration({ desk, random }: World): Promise<Problems> {
  const path = join(desk.dataDir, 'naive.db');
  await firstDatabase(path);
  const statements = migrationFiles().slice(1).flatMap(statementsOf);
  const killedAt = random.whole(1, statements.length - 1);
  const client = createClient({ url: `file:${path}` });
  try {
    for (const statement of statements.slice(0, killedAt)) await client.execute(statement);
    for (const statement of statements) await client.execute(statement);
    return [];
  } catch (error) {
    return [`killed after statement ${killedAt}: ${error instanceof Error ? error.message : 'unknown'}`];
  } finally {
    client.close();
  }
}

const cannotTrace = () =>
  spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0 ? null : 'strace may not trace';

export const DAMAGE: readonly Fault[] = [
  {
    id: 'F47',
    title: 'database damaged, its log lost, a bit of a row flipped: no start; restored',
    naive: 'anew',
    own: {},
    run: damaged,
    control: naiveCheck,
  },
  {
    id: 'F48',
    title: 'a migration killed at six of its writes',
    naive: 'anew',
    own: {},
    oneSeed: true,
    cannot: cannotTrace,
    run: killedMigration,
    control: naiveMigration,
  },
  {
    id: 'F49',
    title: 'an old backup: nothing is sent again, the missing time is imported',
    naive: 'anew',
    own: {},
    oneSeed: true,
    run: oldBackup,
    control: restoredBlindly,
  },
];
