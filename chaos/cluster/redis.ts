import { openDesk } from '../desk';
import type { Fault, Problems, World } from '../faults/fault';
import type { Subject } from '../subject';
import { until } from '../until';
import { type Cluster, inCluster } from './cluster';
import { gather, quietOf, strikePosts, submitAll } from './crowd';
import { rightWithoutFault, withLine } from './naive-line';
import { type Program, startRedis, startSqld, withRedis } from './programs';
import { refusalOf } from './sending-process';

const ACCOUNTS = 20;
const EACH = 27;
const AT_ONCE = 3;
/** So many are left when Redis is killed. */
const QUEUED = 500;
const HANDED_OUT_MS = 60_000;
const EVICTING = ['--maxmemory', '50mb', '--maxmemory-policy', 'allkeys-lru'];

/** Orders whose ids begin so that the venue has taken. */
const takenOf = ({ desk }: World, prefix: string): number =>
  desk
    .journal()
    .filter(
      ({ type, order }) => type === 'order_accepted' && order?.client_order_id.startsWith(prefix) === true,
    ).length;

/** Acknowledged orders that pile up in the desk because the venue does not answer; none of them is there yet. */
async function pileUp(world: World, name: string): Promise<Subject[]> {
  const subjects = await gather(world, name, ACCOUNTS);
  await strikePosts(world, name, { phase: 'before', action: 'hang' });
  // More at once than the desk can answer in time would only be asked again.
  const rounds = Array.from({ length: EACH }, (_none, nth) => `${name}-${nth}`);
  const sendOn = async () => {
    for (let next = rounds.shift(); next !== undefined; next = rounds.shift())
      await submitAll(world, subjects, next);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sendOn));
  const taken = takenOf(world, name);
  if (taken > 0) throw new Error(`${taken} orders were at the venue before their time`);
  return subjects;
}

/** Redis forgets all, then it is killed; who had taken half of the wake-ups dies, too. */
async function redisLost(world: World, cluster: Cluster): Promise<Problems> {
  const worker = await cluster.startWorker();
  const subjects = await pileUp(world, 'f23');
  await withRedis(cluster.redis, (redis) => redis.flushall());
  await worker.end();
  await world.control('DELETE', 'faults');
  const all = ACCOUNTS * EACH;
  const isHandedOut = await until(() => takenOf(world, 'f23') >= all - QUEUED, HANDED_OUT_MS);
  await cluster.redis.kill();
  try {
    const before = takenOf(world, 'f23');
    // On a machine that is too slow some have waited too long by now: not sent, and their owners told so.
    const problems = await quietOf(world, subjects);
    const taken = takenOf(world, 'f23');
    if (!isHandedOut || taken === before) problems.push(`${taken} of ${all} orders were sent`);
    // Orders go on while it is away, and when it is back.
    const few = subjects.slice(0, 3);
    await submitAll(world, few, 'away');
    await cluster.redis.start();
    await submitAll(world, few, 'back');
    return [...problems, ...(await quietOf(world, few))];
  } finally {
    if (!cluster.redis.isUp()) await cluster.redis.start();
  }
}

const REFUSAL = /has maxmemory-policy allkeys-lru; it must be noeviction/;

/** Neither a desk nor a worker starts with a Redis that evicts, and both say what to change. */
async function refused(_world: World, cluster: Cluster): Promise<Problems> {
  const [redis, sqld] = await Promise.all([startRedis(EVICTING), startSqld()]);
  const desk = await openDesk({ settings: { DATABASE_URL: sqld.url, REDIS_URL: redis.url } });
  const worker = cluster.launchWorker({ ...cluster.settings, REDIS_URL: redis.url });
  try {
    const said = { 'the desk': await desk.refusal(), 'the worker': await refusalOf(worker) };
    return Object.entries(said).flatMap(([who, words]) =>
      words !== null && REFUSAL.test(words)
        ? []
        : [`${who} started with a Redis that evicts, or did not say why not: ${words}`],
    );
  } finally {
    await worker.end();
    await desk.dispose();
    await Promise.all([redis, sqld].map((each) => each.dispose()));
  }
}

const configure = (redis: Program, name: string, value: string) =>
  withRedis(redis, (client) => client.config('SET', name, value));

/** How often Redis has refused something because it is full. */
const refusalsOf = (redis: Program) =>
  withRedis(redis, async (client) =>
    Number(/^errorstat_OOM:count=(\d+)/m.exec(await client.info('errorstats'))?.[1] ?? 0),
  );

/** It takes no more wake-ups: orders are answered and sent all the same, and go on when it has room again. */
async function full(world: World, cluster: Cluster): Promise<Problems> {
  const { redis } = cluster;
  await cluster.startWorker();
  const subjects = await gather(world, 'f24', 4);
  const before = await refusalsOf(redis);
  await configure(redis, 'maxmemory', '1mb');
  try {
    const orders = await Promise.all([1, 2, 3, 4, 5].map((nth) => submitAll(world, subjects, `f24-${nth}`)));
    const problems = await quietOf(world, subjects);
    const taken = takenOf(world, 'f24');
    if (taken !== orders.flat().length) problems.push(`${taken} of ${orders.flat().length} orders were sent`);
    if ((await refusalsOf(redis)) === before) problems.push('Redis was not full');
    await configure(redis, 'maxmemory', '0');
    await submitAll(world, subjects, 'f24-after');
    return [...problems, ...(await quietOf(world, subjects))];
  } finally {
    await configure(redis, 'maxmemory', '0');
  }
}

/** Orders that wait in a Redis alone while nobody sends; `work` is what becomes of it meanwhile. */
const inRedisAlone = (
  takes: 'list' | 'keys',
  count: number,
  work: (redis: Program, put: () => Promise<unknown>) => Promise<unknown>,
) =>
  withLine(takes, async (line, _world, redis) => {
    const worker = await line.start();
    await rightWithoutFault(line);
    await worker.end();
    await work(redis, () =>
      Promise.all(Array.from({ length: count }, (_none, nth) => line.put(`waits-${nth}`))),
    );
    await line.start();
    await line.settled();
  });

async function evicted(world: World): Promise<Problems> {
  const redis = await startRedis(EVICTING);
  try {
    return await inRedisAlone('keys', 300, async (own, put) => {
      const used = await withRedis(own, (client) => client.info('memory'));
      const bytes = Number(/^used_memory:(\d+)/m.exec(used)?.[1] ?? 0);
      await configure(own, 'maxmemory', String(bytes + 40_000));
      await put();
      await configure(own, 'maxmemory', '50mb');
    })(world, { redis });
  } finally {
    await redis.dispose();
  }
}

export const REDIS: readonly Fault[] = [
  inCluster(
    { id: 'F23', title: 'Redis flushed, then killed, with 500 orders queued: each is sent once' },
    redisLost,
    inRedisAlone('list', QUEUED, async (redis, put) => {
      await put();
      await withRedis(redis, (client) => client.flushall());
      await redis.kill();
      await redis.start();
    }),
  ),
  inCluster({ id: 'F24', title: 'a Redis that evicts: refused at the start, with words' }, refused, evicted),
  inCluster(
    { id: 'F24', title: 'a Redis that is full while orders come: all are sent' },
    full,
    inRedisAlone('list', 20, async (redis, put) => {
      await configure(redis, 'maxmemory', '1mb');
      await put();
      await configure(redis, 'maxmemory', '0');
    }),
  ),
];
