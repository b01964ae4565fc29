import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { VenueOrder } from '@/server/brokers/ports';
import { firstAccountOf, startDesk, type TestDesk } from '@/server/testing/desk';
import type { Trader } from '@/server/testing/trader';
import { until } from '@/server/testing/until';
import type { AccountRecord } from '../../accounts/account-record';
import { createEventIntake } from './event-intake';

let desk: TestDesk;
let trader: Trader;
let account: AccountRecord;
let venues: VenueOrder[];
beforeAll(async () => {
  desk = await startDesk();
});
afterAll(() => desk.dispose());
/** Three orders that stand at the venue, as it tells of them. */
beforeEach(async () => {
  trader = await desk.signUp();
  account = await firstAccountOf(desk, trader.user.id);
  const order = { symbol: 'AAPL', side: 'buy', type: 'limit', limitPrice: '1' } as const;
  for (const qty of ['1', '2', '3']) await trader.trpc.orders.submit.mutate({ ...order, qty });
  const { execution } = desk.parts.services.sessions.of(account);
  venues = await execution.listOpenOrders();
  await until('the desk knows that they stand', async () => (await statuses()).every((one) => one === 'new'));
});

const statuses = async () =>
  (await trader.trpc.orders.list.query({ status: 'all' })).orders.map(({ status }) => status);

/** The desk's own intake, with a log of what is committed and what is told, in turn. */
function intake() {
  const log: string[] = [];
  const { services } = desk.parts;
  const database: typeof services.database = {
    ...services.database,
    async write(work) {
      const result = await services.database.write(work);
      log.push('committed');
      return result;
    },
  };
  const orderBus: typeof services.orderBus = {
    ...services.orderBus,
    publish(userId, notice) {
      log.push(`told ${notice.order.status}`);
      services.orderBus.publish(userId, notice);
    },
  };
  const takeIn = createEventIntake({ ...services, database, orderBus });
  const send = (orders: readonly VenueOrder[]) => {
    for (const order of orders) takeIn(account, { order, fills: [], event: order.status });
  };
  return { log, send };
}

const canceled = (venue: VenueOrder): VenueOrder => ({ ...venue, status: 'canceled' });

test('events that come in one piece are committed together, and nobody hears of one before', async () => {
  const { log, send } = intake();
  send(venues.map(canceled));
  await until('all are told', () => log.length === 4);
  expect(log).toEqual(['committed', 'told canceled', 'told canceled', 'told canceled']);
  expect(await statuses()).toEqual(['canceled', 'canceled', 'canceled']);
});

test('one that cannot be taken in costs the others nothing', async () => {
  const { log, send } = intake();
  const [first, second, third] = venues;
  if (first === undefined || second === undefined || third === undefined) throw new Error('three orders');
  // The venue's id of another order, which the database refuses.
  send([canceled(first), canceled({ ...second, venueOrderId: first.venueOrderId }), canceled(third)]);
  await until('the others are told', () => log.filter((line) => line === 'told canceled').length === 2);
  expect((await statuses()).sort()).toEqual(['canceled', 'canceled', 'new']);
});

test('an event that comes alone is taken in as before, and one after it too', async () => {
  const { log, send } = intake();
  for (const venue of venues) {
    send([canceled(venue)]);
    await until('it is told', () => log.at(-1) === 'told canceled');
    log.push('next');
  }
  expect(log.filter((line) => line === 'told canceled')).toHaveLength(3);
});
