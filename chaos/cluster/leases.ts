import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { Fault, Problems, World } from '../faults/fault';
import type { Subject } from '../subject';
import { until } from '../until';
import { type Cluster, inCluster } from './cluster';
import { quietOf, type Sent, strike, strikePosts } from './crowd';
import { rightWithoutFault, withLine } from './naive-line';
import { withRedis } from './programs';
import { blowAt, lateAnswer, struckAt } from './sending-process';
import { askToWait, type Struck, strikeWorker } from './strike-worker';

/** Longer than the lock of a wake-up and the lapse of a sender, nine seconds each, and the looks that find out. */
const BLOCK_MS = 18_000;
const NAIVE_BLOCK_MS = 5_000;
const WOKEN_MS = 60_000;
/** What a stale sender would write it writes at once. */
const STALE_WRITE_MS = 1_500;

/** A worker that is struck with an order in its hand, and one while it holds an order back. */
async function strikeBoth(world: World, cluster: Cluster, name: string, how: 'killed' | 'stopped') {
  return Promise.all([
    strikeWorker(world, cluster, { name: `${name}-sends`, blow: how }),
    strikeWorker(world, cluster, {
      name: `${name}-waits`,
      blow: `${how}-waiting`,
      prepare: askToWait(world),
    }),
  ]);
}

const accountsOf = (struck: readonly Struck[]): Set<Subject> =>
  new Set(struck.flatMap(({ orders }) => orders.map(({ subject }) => subject)));

async function judgePosts({ at, posts }: Struck, due: number): Promise<Problems> {
  const seen = await posts();
  return seen === due
    ? []
    : [`${at.clientOrderId}: the venue was asked ${seen} times to take it, not ${due}`];
}

const story = z.looseObject({ events: z.array(z.looseObject({ type: z.string() })) });
const orderShape = z.looseObject({ venue_order_id: z.string().nullable() });

/** What an order's owner is told of it, without how it goes on at the venue. */
async function toldOf({ subject: { rest }, handle }: Sent): Promise<string> {
  const { events } = story.parse((await rest?.('GET', `/orders/${handle}/events`))?.json);
  const order = orderShape.parse((await rest?.('GET', `/orders/${handle}`))?.json);
  const types = events.map(({ type }) => type).filter((type) => type !== 'status_changed');
  return [order.venue_order_id, ...types].join(' ');
}

async function killed(world: World, cluster: Cluster): Promise<Problems> {
  const [sends, waits] = await strikeBoth(world, cluster, 'f3', 'killed');
  return [
    ...(await quietOf(world, accountsOf([sends, waits]))),
    ...(await judgePosts(sends, 1)),
    // Once it was asked to wait, and once it was taken.
    ...(await judgePosts(waits, 2)),
  ];
}

async function stopped(world: World, cluster: Cluster): Promise<Problems> {
  const [sends, waits] = await strikeBoth(world, cluster, 'f21', 'stopped');
  const accounts = accountsOf([sends, waits]);
  // Others take over what both still believe to hold.
  const problems = await quietOf(world, accounts);
  const before = await Promise.all([sends, waits].map(({ at }) => toldOf(at)));
  for (const { worker } of [sends, waits]) worker.signal('SIGCONT');
  const isAwake = () =>
    lateAnswer(sends.worker) !== null && waits.worker.output().includes('a late sender sent nothing');
  if (!(await until(isAwake, WOKEN_MS))) problems.push('a worker that woke up did not come to its order');
  await pause(STALE_WRITE_MS);
  const after = await Promise.all([sends, waits].map(({ at }) => toldOf(at)));
  if (before.join() !== after.join())
    problems.push(`a stale sender wrote: ${before.join(' | ')}, then ${after.join(' | ')}`);
  // What had left its hand before it froze comes late, and is refused as one that the venue has.
  const late = lateAnswer(sends.worker);
  if (late !== '422') problems.push(`${sends.at.clientOrderId} came late and was answered with ${late}`);
  return [
    ...problems,
    ...(await judgePosts(sends, 2)),
    ...(await judgePosts(waits, 2)),
    ...(await quietOf(world, accounts)),
  ];
}

async function blocked(world: World, cluster: Cluster): Promise<Problems> {
  // Only a wake-up that is still with its worker can be handed on.
  const isWoken = async ({ handle }: Sent) =>
    (await withRedis(cluster.redis, (redis) => redis.keys(`outcry:*:${handle}`))).length > 0;
  const struck = await strikeWorker(world, cluster, {
    name: 'f22',
    blow: 'blocked',
    blockMs: BLOCK_MS,
    // The venue takes it, and nobody hears: neither by its answer nor by the stream.
    async prepare(prefix) {
      await strike(world, { kind: 'stream', action: 'drop', match: { client_order_id_prefix: prefix } });
      await strikePosts(world, prefix, { phase: 'after', action: 'hang' });
    },
    suits: isWoken,
  });
  const isHandedOn = () =>
    cluster
      .output()
      .split('\n')
      .some((line) => line.includes('handed on') && line.includes(String(struck.at.handle)));
  const problems = (await until(isHandedOn, WOKEN_MS)) ? [] : ['its wake-up was not handed on'];
  problems.push(...(await quietOf(world, accountsOf([struck]))));
  // When it can act again, too.
  await until(() => struck.worker.output().includes('went on'), WOKEN_MS);
  await pause(STALE_WRITE_MS);
  return [...problems, ...(await judgePosts(struck, 1)), ...(await quietOf(world, accountsOf([struck])))];
}

export const LEASES: readonly Fault[] = [
  inCluster(
    { id: 'F3', title: 'a worker killed between its lease and sending: another sends, once' },
    killed,
    // Whoever has taken an order off the list has it alone.
    withLine('list', async (line) => {
      const worker = await line.start(blowAt('f3', 'killed'));
      await rightWithoutFault(line);
      await line.put('f3');
      await until(() => worker.isGone(), WOKEN_MS);
      await line.start();
      await line.settled();
    }),
  ),
  inCluster(
    { id: 'F21', title: 'two workers hold the lease: the stale one changes nothing, no second order' },
    stopped,
    // It trusts the lock that it once had.
    withLine('jobs', async (line) => {
      const stale = await line.start(blowAt('f21', 'stopped'));
      await rightWithoutFault(line);
      await line.put('f21');
      await until(() => struckAt(stale) !== null, WOKEN_MS);
      await line.start();
      await line.allSent();
      stale.signal('SIGCONT');
      await until(() => lateAnswer(stale) !== null, WOKEN_MS);
    }),
  ),
  inCluster(
    { id: 'F22', title: 'a worker blocked for longer than its lock: a look-up, no second order' },
    blocked,
    // It sends whatever job it is handed.
    withLine('jobs', async (line, world) => {
      const still = await line.start(blowAt('f22', 'blocked', NAIVE_BLOCK_MS));
      await rightWithoutFault(line);
      await strikePosts(world, 'f22', { phase: 'after', action: 'hang', count: 1 });
      await line.put('f22');
      await until(() => struckAt(still) !== null, WOKEN_MS);
      await line.start();
      await line.allSent();
    }),
  ),
];
