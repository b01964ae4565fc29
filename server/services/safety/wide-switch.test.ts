import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { users } from '@/db/schema';
import type { Role } from '@/domain/actor';
import { FIRST_RISK_PROFILE, TIER_LIMITS } from '@/domain/risk/profile';
import { control } from '@/server/testing/control';
import { startDesk, type TestDesk } from '@/server/testing/desk';
import { signIn, type Trader } from '@/server/testing/trader';
import { until } from '@/server/testing/until';

let desk: TestDesk;
let officer: Trader;
let trader: Trader;

/** A user whose role an admin has set. */
async function withRole(role: Role): Promise<Trader> {
  const { user, password } = await desk.signUp();
  await desk.parts.database.write((db) => db.update(users).set({ role }).where(eq(users.id, user.id)));
  return signIn(desk.url, user.username, password);
}

beforeAll(async () => {
  desk = await startDesk();
  await desk.signUp();
  officer = await withRole('risk');
});
afterAll(() => desk.dispose());
beforeEach(async () => {
  trader = await desk.signUp();
});

const buy = (who: Trader, qty = '1') =>
  who.trpc.orders.submit.mutate({ symbol: 'AAPL', side: 'buy', qty, idempotencyKey: crypto.randomUUID() });

async function working(who: Trader, count: number): Promise<void> {
  const { trpc } = who;
  for (let order = 0; order < count; order += 1) {
    const limitPrice = `1.${String(order).padStart(2, '0')}`;
    await trpc.orders.submit.mutate({ symbol: 'SPY', side: 'buy', type: 'limit', limitPrice, qty: '1' });
  }
  await until('all work', async () => {
    const { orders } = await trpc.orders.list.query({ limit: 500 });
    return orders.filter(({ status }) => status === 'new').length === count;
  });
}

const open = async (who: Trader) => (await who.trpc.orders.list.query({ limit: 500 })).orders.length;

describe('a risk officer', () => {
  test('stops one user: everything is cancelled, nothing opens, closing passes, and the user cannot release it', async () => {
    const other = await desk.signUp();
    await buy(trader, '3');
    await until(
      'it is held',
      async () => (await trader.trpc.positions.list.query()).positions[0]?.qty === '3',
    );
    await working(trader, 2);
    const answer = await officer.trpc.risk.stop.mutate({ userId: trader.user.id, reason: 'drill' });
    expect(answer).toMatchObject({ cancelled: 2, failed: [] });
    await until('nothing works', async () => (await open(trader)) === 0);
    await expect(buy(trader)).rejects.toThrow('A risk officer of this desk has stopped your trading');
    await trader.trpc.risk.release.mutate();
    expect((await trader.trpc.risk.profile.query()).blocked).toBe('user');
    await trader.trpc.positions.close.mutate({ symbol: 'AAPL' });
    await until('it is flat', async () => (await trader.trpc.positions.list.query()).positions.length === 0);
    expect((await buy(other)).status).not.toBe('denied');
    const { switches } = await officer.trpc.risk.switches.query();
    expect(switches).toMatchObject([{ userId: trader.user.id, by: officer.user.username, reason: 'drill' }]);
    await officer.trpc.risk.resume.mutate({ userId: trader.user.id });
    expect((await buy(trader)).status).not.toBe('denied');
  });

  test('stops the whole desk, with positions closed, and lets it trade again', async () => {
    const other = await desk.signUp();
    for (const who of [trader, other]) {
      const { id } = await buy(who, '2');
      await until('it is filled', async () => (await who.trpc.orders.get.query({ id })).status === 'filled');
    }
    await officer.trpc.risk.stop.mutate({ flatten: true });
    await expect(buy(trader)).rejects.toThrow('stopped on the whole desk');
    await expect(buy(other)).rejects.toThrow('stopped on the whole desk');
    for (const who of [trader, other]) {
      await until('it is flat', async () => (await who.trpc.positions.list.query()).positions.length === 0);
    }
    const { switches } = await officer.trpc.risk.resume.mutate();
    expect(switches).toEqual([]);
    expect((await buy(trader)).status).not.toBe('denied');
  });

  test('cancels a hundred working orders by one request to the venue', async () => {
    await working(trader, 100);
    const before = (await control(desk, 'GET', 'journal')).text.split('\n').length;
    const answer = await officer.trpc.risk.stop.mutate({ userId: trader.user.id });
    expect(answer).toMatchObject({ cancelled: 100, failed: [] });
    const journal = (await control(desk, 'GET', 'journal')).text.split('\n').slice(before - 1);
    // They are gone at the venue when the answer comes, whatever the desk has heard of it by then.
    expect(journal.filter((line) => line.includes('"order_canceled"'))).toHaveLength(100);
    await until('the books say so', async () => (await open(trader)) === 0);
    const { orders } = await trader.trpc.orders.list.query({ status: 'closed', limit: 1 });
    const { events } = await trader.trpc.orders.events.query({ id: orders[0]?.id ?? '' });
    expect(events.map(({ type }) => type)).toContain('cancel_requested');
    await officer.trpc.risk.resume.mutate({ userId: trader.user.id });
  }, 60_000);

  test('cancels one by one when the venue does not answer the one request', async () => {
    await working(trader, 30);
    await control(desk, 'POST', 'faults', {
      kind: 'http',
      phase: 'before',
      action: 'status',
      status: 503,
      match: { method: 'DELETE', route: '/v2/orders' },
      count: 1,
    });
    await trader.trpc.risk.kill.mutate();
    await until('nothing works', async () => (await open(trader)) === 0);
    await control(desk, 'DELETE', 'faults');
  }, 60_000);

  test('sets limits that the owner cannot loosen, and every change says who made it', async () => {
    const { accountId } = await trader.trpc.risk.profile.query();
    await officer.trpc.risk.impose.mutate({ accountId, limits: { ...FIRST_RISK_PROFILE, maxOrderQty: '5' } });
    await trader.trpc.risk.update.mutate({ profile: { ...FIRST_RISK_PROFILE, maxOrderQty: '1000' } });
    await expect(buy(trader, '6')).rejects.toThrow('your limit is 5');
    await officer.trpc.risk.impose.mutate({ accountId, limits: null });
    expect((await buy(trader, '6')).status).not.toBe('denied');
    const { changes } = await trader.trpc.risk.changes.query();
    expect(changes.slice(0, 3).map(({ action, by }) => [action, by])).toEqual([
      ['impose', officer.user.username],
      ['limits', trader.user.username],
      ['impose', officer.user.username],
    ]);
  });
});

test('a user put on a plan has the limits of that plan, and reads who did it', async () => {
  const { accountId, imposed } = await trader.trpc.risk.profile.query();
  expect(imposed).toEqual(TIER_LIMITS.free);
  await officer.trpc.risk.plan.mutate({ userId: trader.user.id, plan: 'pro' });
  expect((await trader.trpc.risk.profile.query({ accountId })).imposed).toEqual(TIER_LIMITS.pro);
  const { changes } = await trader.trpc.risk.changes.query();
  expect(changes[0]).toMatchObject({
    action: 'plan',
    by: officer.user.username,
    before: 'free',
    after: 'pro',
  });
  const nobody = officer.trpc.risk.plan.mutate({ userId: 'usr_none', plan: 'pro' });
  await expect(nobody).rejects.toThrow('There is no such user.');
});

test.each(['viewer', 'trader'] as const)('a %s may do none of it', async (role) => {
  const who = await withRole(role);
  const { accountId } = await trader.trpc.risk.profile.query();
  for (const attempt of [
    () => who.trpc.risk.stop.mutate(),
    () => who.trpc.risk.resume.mutate(),
    () => who.trpc.risk.switches.query(),
    () => who.trpc.risk.impose.mutate({ accountId, limits: null }),
    () => who.trpc.risk.plan.mutate({ userId: who.user.id, plan: 'enterprise' }),
  ]) {
    await expect(attempt()).rejects.toThrow('does not include the permission "risk"');
  }
  expect((await buy(trader)).status).not.toBe('denied');
});
