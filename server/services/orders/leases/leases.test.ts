import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eq } from 'drizzle-orm';
import { orders, workers } from '@/db/schema';
import type { SubmitOutcome } from '@/server/brokers/ports';
import { systemClock } from '@/server/platform/clock';
import { control } from '@/server/testing/control';
import { firstAccountOf, startDesk, type TestDesk } from '@/server/testing/desk';
import type { Trader } from '@/server/testing/trader';
import { until } from '@/server/testing/until';
import { newOrder } from '../new-order';
import { getOrderRow } from '../order-record';
import { receiveOrder } from '../receive-order';
import { createOrderLanes } from '../sending/order-lanes';
import { leaveInTurn, type SendContext, sendOrder } from '../venue/send-order';
import { sendUnsent } from '../venue/send-unsent';
import { createLeases } from './leases';
import { createWorkers, LAPSE_MS } from './workers';

let desk: TestDesk;
beforeAll(async () => {
  desk = await startDesk();
});
afterAll(() => desk.dispose());

const far = { symbol: 'AAPL', side: 'buy', type: 'limit', limitPrice: '1', qty: '1' } as const;

/** A promise that is held back until told. */
function gate() {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open: () => open(), opened };
}

const accountOf = (trader: Trader) => firstAccountOf(desk, trader.user.id);

/** An order that this desk received and has not sent. */
async function received(trader: Trader) {
  const { services } = desk.parts;
  const account = await accountOf(trader);
  const { userId } = account;
  const ctx = { ...services, actor: { kind: 'user', userId, sessionId: '', role: 'trader' } as const };
  const intent = newOrder(services.clock, account, { ...far, timeInForce: 'day', requestHash: '' });
  return { account, row: (await receiveOrder(ctx, account, intent)).row };
}

const leasesOf = (worker: string) =>
  createLeases({ ...desk.parts.database, worker, shared: false, elapsed: () => 0 });

async function isEntered(id: string): Promise<boolean> {
  return (await desk.parts.database.db.$count(workers, eq(workers.id, id))) === 1;
}

/** Another worker on the same database, for which this desk's has stopped beating. */
async function successor(): Promise<SendContext> {
  const { services } = desk.parts;
  let time = 0;
  const next = createWorkers({ ...services, kind: 'worker', alone: false, elapsed: () => time });
  await next.join();
  time += LAPSE_MS;
  await next.beat();
  expect(await isEntered(services.workers.id)).toBe(false);
  await next.leave();
  // Left again, so that the desk is never judged by it; what it takes it takes as one that is entered.
  return {
    ...services,
    workers: { id: next.id },
    leases: leasesOf(next.id),
    lanes: createOrderLanes(systemClock),
  };
}

async function journalOf(clientOrderId: string): Promise<number> {
  const { text } = await control(desk, 'GET', 'journal');
  const taken = text.split('\n').filter((line) => line.includes('"order_accepted"'));
  return taken.filter((line) => line.includes(`"client_order_id":"${clientOrderId}"`)).length;
}

describe('a sender that is frozen', () => {
  test('between lease and sending sends nothing once another has sent the order', async () => {
    const { services } = desk.parts;
    const { account, row } = await received(await desk.signUp());
    await services.leases.mark({ orderId: row.id, token: row.leaseToken }, false);
    const frozen = gate();
    void services.lanes.send(account.id, 'freeze', () => frozen.opened);
    let sent = 0;
    const late = sendOrder(services, account, row, () => {
      sent += 1;
      return services.sessions.of(account).execution.submit(row);
    });
    await sendUnsent(await successor(), account, await getOrderRow(services, row.id));
    const before = await until('the other has sent it', async () => {
      const now = await getOrderRow(services, row.id);
      return now.venueOrderId === null ? null : now;
    });
    frozen.open();
    expect((await late).venueOrderId).toBe(before.venueOrderId);
    expect(sent).toBe(0);
    expect(await getOrderRow(services, row.id)).toEqual(before);
    expect(await journalOf(row.clientOrderId)).toBe(1);
  });

  test('between sending and its answer changes nothing once another holds the order', async () => {
    const { services } = desk.parts;
    const { account, row } = await received(await desk.signUp());
    const frozen = gate();
    const no: SubmitOutcome = { kind: 'rejected', code: 'late', message: 'a late no' };
    const late = leaveInTurn(services, account, row, async () => {
      await frozen.opened;
      return no;
    });
    const next = await successor();
    const lease = await next.leases.take(row);
    expect(lease).toEqual({ orderId: row.id, token: row.leaseToken + 1 });
    frozen.open();
    expect((await late).status).toBe('submitting');
    expect((await getOrderRow(services, row.id)).reasonCode).toBeNull();
    // The same words under the newest token are taken in, so it was the token that kept them out.
    const { leaseToken } = await getOrderRow(services, row.id);
    const { status } = await leaveInTurn(services, account, { ...row, leaseToken }, async () => no);
    expect(status).toBe('rejected');
  });
});

describe('a lease', () => {
  test('is not taken from a worker that beats, and by one taker of several once it does not', async () => {
    const { database, services } = desk.parts;
    const { row } = await received(await desk.signUp());
    let time = 0;
    const other = createWorkers({ ...services, kind: 'worker', alone: false, elapsed: () => time });
    const mine = createWorkers({ ...services, kind: 'worker', alone: false, elapsed: () => 0 });
    await mine.join();
    await other.join();
    await database.write((db) =>
      db.update(orders).set({ leaseHolder: mine.id }).where(eq(orders.id, row.id)),
    );
    const now = { id: row.id, leaseToken: row.leaseToken };
    expect(await leasesOf(other.id).take(now)).toBeNull();
    // Beats keep it, however much time has passed for the other.
    time += LAPSE_MS;
    await mine.beat();
    await other.beat();
    expect(await isEntered(mine.id)).toBe(true);
    expect(await leasesOf(other.id).take(now)).toBeNull();
    time += LAPSE_MS;
    await other.beat();
    expect(await isEntered(mine.id)).toBe(false);
    const takers = ['one', 'two', 'three'].map((name) => leasesOf(name).take(now));
    expect((await Promise.all(takers)).filter((lease) => lease !== null)).toHaveLength(1);
    await Promise.all([mine.leave(), other.leave()]);
  });

  test('comes with the order, and says that it may be sent unless its account waits out a 429', async () => {
    const { services } = desk.parts;
    const trader = await desk.signUp();
    const { row, account } = await received(trader);
    expect(row).toMatchObject({ leaseHolder: services.workers.id, leaseToken: 1, mayBeSent: true });
    const waiting = services.lanes.waitOut(account.id, 50);
    expect((await received(trader)).row.mayBeSent).toBe(false);
    await waiting;
    expect((await received(trader)).row.mayBeSent).toBe(true);
  });
});
