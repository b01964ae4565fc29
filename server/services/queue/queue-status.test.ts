import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { eq } from 'drizzle-orm';
import { orders } from '@/db/schema';
import { addFault, setFault } from '@/server/testing/control';
import { startDesk, type TestDesk } from '@/server/testing/desk';
import { startRedis } from '@/server/testing/redis-server';
import type { Trader } from '@/server/testing/trader';
import { until } from '@/server/testing/until';

let desk: TestDesk;
let admin: Trader;
let trader: Trader;
beforeAll(async () => {
  desk = await startDesk();
  // The first user of a desk is its admin.
  [admin, trader] = [await desk.signUp(), await desk.signUp()];
});
afterEach(() => setFault(desk, null));
afterAll(() => desk.dispose());

const far = { symbol: 'AAPL', side: 'buy', type: 'limit', limitPrice: '1' } as const;
const POST = { kind: 'http', phase: 'before', match: { method: 'POST', route: '/v2/orders' }, count: 1 };
const QUIET = { depth: 0, waiting: 0, inFlight: 0, inDoubt: 0, inReview: 0, failedToday: 0, paused: [] };

test('a desk at rest says so, and names the one process there is', async () => {
  const { workers, ...rest } = await admin.trpc.queue.status.query();
  expect(rest).toMatchObject({ ...QUIET, oldestAt: null, oldestAgeMs: null, redis: 'off' });
  expect(workers).toMatchObject([{ pid: process.pid, isThis: true, orders: 0 }]);
});

test('a venue’s 429 shows as its account paused until then, with what waits and how old it is', async () => {
  await addFault(desk, { ...POST, action: 'status', status: 429, retry_after: 2 });
  const asked = Date.now();
  const sent = [trader.trpc.orders.submit.mutate({ ...far, qty: '1' })];
  const paused = await until('it is paused', async () => {
    const status = await admin.trpc.queue.status.query();
    return status.paused.length > 0 ? status : null;
  });
  expect(paused).toMatchObject({ depth: 1, waiting: 1, inFlight: 0 });
  expect(paused.paused).toMatchObject([{ owner: trader.user.username }]);
  expect(Date.parse(paused.paused[0]?.until ?? '') - asked).toBeGreaterThan(1_900);
  sent.push(trader.trpc.orders.submit.mutate({ ...far, qty: '2' }));
  const behind = await until('the second waits', async () => {
    const status = await admin.trpc.queue.status.query();
    return status.depth === 2 ? status : null;
  });
  expect(behind).toMatchObject({ depth: 2, waiting: 2, workers: [{ orders: 2 }] });
  expect(behind.oldestAgeMs).toBeGreaterThan(0);
  const [first] = await Promise.all(sent);
  expect(behind.oldestAt).toBe(first?.createdAt);
  const after = await until('both are sent', async () => {
    const status = await admin.trpc.queue.status.query();
    return status.depth === 0 ? status : null;
  });
  expect(after).toMatchObject({ depth: 0, waiting: 0, paused: [], oldestAt: null });
});

test('an order that is being sent, one in doubt, one in review and one that was rejected are told apart', async () => {
  await addFault(desk, { ...POST, action: 'hang' });
  const hanging = trader.trpc.orders.submit.mutate({ ...far, qty: '3' });
  await until('it is in flight', async () => {
    const { inFlight, depth } = await admin.trpc.queue.status.query();
    return inFlight === 1 && depth === 1;
  });
  const { id } = await hanging;
  const as = (status: 'unknown' | 'needs_review' | 'rejected') =>
    desk.parts.database.write((db) => db.update(orders).set({ status }).where(eq(orders.id, id)));
  // Far from its venue, so that nobody settles it while it is looked at.
  await setFault(desk, { kind: 'lookup', delay_ms: 60_000, lists: true });
  await as('unknown');
  expect(await admin.trpc.queue.status.query()).toMatchObject({ inDoubt: 1, inReview: 0 });
  await as('needs_review');
  expect(await admin.trpc.queue.status.query()).toMatchObject({ inDoubt: 0, inReview: 1 });
  await as('rejected');
  expect(await admin.trpc.queue.status.query()).toMatchObject({ inReview: 0, failedToday: 1 });
});

test.each(['/api/v1/queue/status', '/queue/status'])('%s answers admins alone', async (path) => {
  const answer = await admin.rest('GET', path);
  expect(answer).toMatchObject({ status: 200, json: { failed_today: 1, workers: [{ is_this: true }] } });
  expect(await trader.rest('GET', path)).toMatchObject({ status: 403, json: { code: 'forbidden' } });
});

test('says whether the Redis that limits are shared through answers', async () => {
  const redis = await startRedis();
  const other = await startDesk({ REDIS_URL: redis.url });
  try {
    const { trpc } = await other.signUp();
    const is = (wanted: string) =>
      until(`redis is ${wanted}`, async () => (await trpc.queue.status.query()).redis === wanted);
    await is('up');
    await redis.kill();
    await is('down');
  } finally {
    await other.dispose();
    await redis.dispose();
  }
});
