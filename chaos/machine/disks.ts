import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { ChaosDesk } from '../desk';
import type { Fault, Problems, Rest, World } from '../faults/fault';
import { far, mixedLoad, working } from '../faults/load';
import { type Answer, ask } from '../http';
import { newSubject } from '../subject';
import { endedWithin, until } from '../until';
import { askDatabase } from './database';

const taken = z.looseObject({ id: z.string(), client_order_id: z.string() });
const NAMESPACE = ['unshare', '--user', '--map-root-user', '--mount'];
/** A small disk of the desk's own for its database; the exchange's journal lies elsewhere. */
const onSmallDisk = (script: string) => [
  ...NAMESPACE,
  'sh',
  '-c',
  `mkdir -p "$0" && mount -t tmpfs -o size=16m none "$0" && ${script}`,
  '{data}/small',
];
const runs = (command: readonly string[]): boolean =>
  spawnSync(command[0] ?? '', command.slice(1)).status === 0;
const cannotMount = () =>
  runs([...NAMESPACE, 'mount', '-t', 'tmpfs', 'none', '/mnt']) ? null : 'no mount in a namespace of its own';
const cannotTrace = () =>
  runs(['strace', '-o', '/dev/null', '-e', 'inject=fsync:error=EIO', 'true']) ? null : 'strace may not trace';

/** Writes until nothing more goes onto the desk's small disk; answers with how to make room again. */
function fillDisk({ pid, dataDir }: ChaosDesk): () => void {
  const ballast = join(`/proc/${pid}/root`, dataDir, 'small/ballast');
  try {
    for (let bytes = ''; ; bytes += 'x'.repeat(65_536)) writeFileSync(ballast, bytes);
  } catch {
    // Full: what was written of it stays.
  }
  return () => rmSync(ballast);
}

/** Sends orders until one is refused for the disk; what was acknowledged, and the refusal. */
async function untilRefused(world: World, rest: Rest): Promise<{ acked: string[]; refused: Answer | null }> {
  const acked: string[] = [];
  for (let order = 0; order < 400; order += 1) {
    const { symbol, limitPrice } = far(world.random);
    const body = { symbol, side: 'buy', qty: '1', type: 'limit', limit_price: limitPrice };
    const answer = await rest('POST', '/orders', body, { 'idempotency-key': `until-full-${order}` });
    if (answer.status !== 201 && answer.status !== 202) return { acked, refused: answer };
    const { client_order_id: id } = taken.parse(answer.json);
    acked.push(id);
    world.outside.push(id);
  }
  return { acked, refused: null };
}

async function onFullDisk(world: World): Promise<Problems> {
  const { rest, sender, desk } = world;
  if (rest === null) return [];
  const handle = await working(world, 'works');
  const free = fillDisk(desk);
  const { refused } = await untilRefused(world, rest);
  const read = await rest('GET', '/orders?status=all&limit=500');
  const cancelled = await rest('DELETE', `/orders/${handle}`);
  free();
  const works = () => sender.submit('with-room', far(world.random));
  await works();
  return [
    ...(refused?.status === 503
      ? []
      : [`a full disk answered ${refused?.status ?? 'every order'} ${refused?.text ?? ''}`]),
    ...(read.status === 200 ? [] : [`reads answered ${read.status}`]),
    ...(cancelled.status === 200 ? [] : [`a cancel answered ${cancelled.status} ${cancelled.text}`]),
  ];
}

/** A program that says yes and writes afterwards, on a disk of the same kind. */
const NAIVE_WRITER = `
const fs = require('node:fs');
let said = 0;
for (let order = 0; order < 400; order += 1) {
  try { fs.appendFileSync(process.argv[1] + '/orders', 'x'.repeat(65535) + '\\n'); } catch {}
  said += 1;
}
const lines = fs.readFileSync(process.argv[1] + '/orders', 'utf8').split('\\n').length - 1;
process.stdout.write(String(said - lines));
`;

function naiveOnFullDisk({ desk }: World): Problems {
  const [program = '', ...args] = onSmallDisk('exec "$@"').map((word) =>
    word.replace('{data}', desk.dataDir),
  );
  const found = spawnSync(program, [
    ...args,
    process.execPath,
    '-e',
    NAIVE_WRITER,
    join(desk.dataDir, 'small'),
  ]);
  const lost = Number(found.stdout.toString());
  return lost > 0 ? [`${lost} acknowledged orders are not on disk`] : [];
}

/** From now on every fsync of the desk fails; answers with how to end that. */
async function failSyncs({ pid }: ChaosDesk): Promise<() => Promise<void>> {
  const inject = 'inject=fsync,fdatasync:error=EIO';
  const args = [
    '-f',
    '-qq',
    '-o',
    '/dev/null',
    '-e',
    'trace=fsync,fdatasync',
    '-e',
    inject,
    '-p',
    String(pid),
  ];
  const tracer: ChildProcess = spawn('strace', args, { stdio: 'ignore' });
  await pause(700);
  return async () => {
    if (tracer.exitCode !== null || tracer.signalCode !== null) return;
    const gone = once(tracer, 'exit');
    tracer.kill('SIGTERM');
    await gone;
  };
}

/** The exit code by which the desk says that its disk failed, and how soon it must come. */
const DISK_FAILED = 74;
const ENDS_MS = 5_000;

async function withFailingSyncs(world: World): Promise<Problems> {
  const { rest, desk } = world;
  if (rest === null) return [];
  await working(world, 'works');
  const heal = await failSyncs(desk);
  const wishes = [1, 2, 3, 4, 5].map((nth) => {
    const { symbol, limitPrice } = far(world.random);
    const body = { symbol, side: 'buy', qty: '1', type: 'limit', limit_price: limitPrice };
    return () => rest('POST', '/orders', body, { 'idempotency-key': `unsynced-${nth}` });
  });
  const answers: Answer[] = [];
  for (const send of wishes) answers.push(await send());
  const end = await endedWithin(desk, ENDS_MS);
  const told = desk
    .log()
    .split('\n')
    .filter((line) => line.includes('its disk failed under a write'));
  await heal();
  if (end === null) await desk.kill();
  // As whoever keeps the desk running does, when it ends with a failure.
  await desk.start();
  // Nobody knows whether it was taken in, so it is sent again with the same key: once in any case.
  for (const send of wishes) world.outside.push(taken.parse((await send()).json).client_order_id);
  await mixedLoad(world, 'after');
  // Any write may have been the first to fail: who comes after it finds nobody.
  const wrong = answers.flatMap(({ status }) =>
    status === null || status === 503
      ? []
      : [`an order that was not forced to disk was answered with ${status}`],
  );
  return [
    ...wrong,
    ...(end === null ? ['the desk lived on with a failed disk'] : []),
    ...(end === null || end.code === DISK_FAILED ? [] : [`the desk ended with ${end.code ?? end.signal}`]),
    ...(told.length === 1 ? [] : [`${told.length} lines of the log say why the desk ended`]),
  ];
}

const NAIVE_SYNC = `
const fs = require('node:fs');
const file = fs.openSync(process.argv[1] + '/naive', 'w');
try { fs.writeSync(file, 'order'); fs.fsyncSync(file); } catch {}
process.stdout.write('acknowledged');
`;

function naiveSync({ desk }: World): Problems {
  const args = [
    '-f',
    '-qq',
    '-o',
    '/dev/null',
    '-e',
    'trace=fsync',
    '-e',
    'inject=fsync:error=EIO',
    process.execPath,
  ];
  const found = spawnSync('strace', [...args, '-e', NAIVE_SYNC, desk.dataDir]);
  return found.stdout.toString() === 'acknowledged' ? ['acknowledged what was not forced to disk'] : [];
}

const WRITERS = 50;
const ROUNDS = 4;
/** Something worth copying, which the desk never looks at: some 60 MB. */
const BALLAST = `create table chaos_ballast as with recursive line(at) as
  (select 1 union all select at + 1 from line where at < 60000) select at, hex(randomblob(500)) as words from line`;

type Users = Awaited<ReturnType<typeof newSubject>>[];

/** Fifty callers at once, of ten users, each sending some orders; the statuses they were answered with. */
async function storm(users: Users, name: string): Promise<(number | null)[]> {
  const statuses: (number | null)[] = [];
  const write = async (writer: number) => {
    const rest = users[writer % users.length]?.rest;
    for (let order = 0; order < ROUNDS; order += 1) {
      const body = { symbol: 'SPY', side: 'buy', qty: '1', type: 'limit', limit_price: '1' };
      const send = () => rest?.('POST', '/orders', body, { 'idempotency-key': `${name}-${writer}-${order}` });
      // Whoever waits too long asks again, with the same key.
      let answer = await send();
      for (let tries = 0; tries < 5 && (answer?.status ?? null) === null; tries += 1) answer = await send();
      statuses.push(answer?.status ?? null);
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, (_none, writer) => write(writer)));
  return statuses;
}

const backup = z.looseObject({ name: z.string() });
/** Sixty megabytes, copied and checked beside fifty writers and whatever else the machine does. */
const COPY_MS = 120_000;

/** A whole backup while fifty write: none may fail or be lost. How long they wait, metrics tell: it is no test. */
async function manyWriters({ desk, authorization }: World): Promise<Problems> {
  if (authorization === null) return [];
  await desk.end('SIGTERM');
  await askDatabase(join(desk.dataDir, 'outcry.db'), BALLAST);
  await desk.start();
  const users = await Promise.all(Array.from({ length: 10 }, (_none, at) => newSubject(desk, `f45-${at}`)));
  await storm(users, 'alone');
  const [statuses, copied] = await Promise.all([
    storm(users, 'beside'),
    ask(`${desk.url}/api/v1/system/backups`, 'POST', { headers: { authorization }, timeoutMs: COPY_MS }),
  ]);
  const failed = statuses.filter((status) => status === null || status >= 300);
  const total = 2 * WRITERS * ROUNDS;
  const kept = await until(async () => (await countOrders(users)) === total, 10_000);
  const copy = backup.safeParse(copied.json);
  const path = join(desk.dataDir, 'backups', copy.data?.name ?? '');
  return [
    ...(failed.length === 0 ? [] : [`${failed.length} of ${statuses.length} orders failed: ${failed[0]}`]),
    ...(kept ? [] : [`${await countOrders(users)} of ${total} orders are in the books`]),
    ...(copied.status === 200 ? [] : [`the backup answered ${copied.status} ${copied.text}`]),
    ...(copy.success && (await askDatabase(path, 'PRAGMA integrity_check')) === 'ok'
      ? []
      : ['the backup is not whole']),
  ];
}

const page = z.looseObject({ orders: z.array(z.unknown()) });

async function countOrders(users: readonly { rest: Rest | null }[]): Promise<number> {
  const pages = await Promise.all(
    users.map(async ({ rest }) => rest?.('GET', '/orders?status=all&limit=500')),
  );
  return pages.reduce((sum, answer) => sum + page.parse(answer?.json).orders.length, 0);
}

/** The driver as it comes: twenty transactions at once. */
const NAIVE_STORM = `
import { createClient } from '@libsql/client';
const db = createClient({ url: 'file:' + process.argv[1] + '/naive.db' });
await db.execute('create table orders (id integer)');
const one = async (id) => {
  const transaction = await db.transaction('write');
  await transaction.execute({ sql: 'insert into orders values (?)', args: [id] });
  await transaction.commit();
};
const all = await Promise.allSettled(Array.from({ length: 20 }, (_none, id) => one(id)));
process.stdout.write(String(all.filter(({ status }) => status === 'rejected').length));
`;

function naiveStorm({ desk }: World): Problems {
  const found = spawnSync(process.execPath, ['--input-type=module', '-e', NAIVE_STORM, desk.dataDir]);
  const lost = Number(found.stdout.toString());
  return lost > 0 ? [`${lost} of 20 writers failed`] : [];
}

const own = {};

export const DISKS: readonly Fault[] = [
  {
    id: 'F44',
    title: 'disk full: refused before acceptance, cancels and reads go on',
    naive: 'anew',
    own: { under: onSmallDisk('exec "$@"'), settings: { DATABASE_URL: 'file:{data}/small/outcry.db' } },
    oneSeed: true,
    cannot: cannotMount,
    run: onFullDisk,
    control: (world) => Promise.resolve(naiveOnFullDisk(world)),
  },
  {
    id: 'F45',
    title: 'fifty writers at once, and a backup beside them',
    naive: 'anew',
    own,
    oneSeed: true,
    run: manyWriters,
    control: (world) => Promise.resolve(naiveStorm(world)),
  },
  {
    id: 'F46',
    title: 'fsync fails: nothing is acknowledged, the desk ends and starts again',
    naive: 'anew',
    own,
    oneSeed: true,
    cannot: cannotTrace,
    run: withFailingSyncs,
    control: (world) => Promise.resolve(naiveSync(world)),
  },
];
