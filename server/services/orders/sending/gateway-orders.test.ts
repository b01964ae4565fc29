import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSqld, type TestSqld } from '@/server/testing/cluster/sqld-server';
import { startDesk, type TestDesk } from '@/server/testing/desk';
import { startRedis, type TestRedis } from '@/server/testing/redis-server';
import { startGateway, type TestGateway } from '@/server/testing/venues/gateway';
import { anyAccount } from '../../accounts/account-record';
import { newOrder } from '../new-order';
import { getOrderRow } from '../order-record';
import { receiveOrder } from '../receive-order';
import { claimNext } from './claim-order';

let sqld: TestSqld;
let redis: TestRedis;
let gateway: TestGateway;
let desk: TestDesk;
beforeAll(async () => {
  [sqld, redis, gateway] = await Promise.all([startSqld(), startRedis(), startGateway()]);
  desk = await startDesk({ DATABASE_URL: sqld.url, REDIS_URL: redis.url, ...gateway.settings });
});
afterAll(async () => {
  await desk.dispose();
  await Promise.all([gateway.dispose(), redis.dispose(), sqld.dispose()]);
});

test('on a desk that shares its sending, an order of a gateway leaves by the desk, and no worker may claim it', async () => {
  const { number } = await gateway.openAccount();
  const admin = await desk.signUp();
  const { id: accountId } = await admin.trpc.connections.addIbkr.mutate({
    name: 'At IB',
    accountNumber: number,
  });
  const { services } = desk.parts;
  const far = { symbol: 'AAPL', side: 'buy', type: 'limit', limitPrice: '1', qty: '1' } as const;
  const order = await admin.trpc.orders.submit.mutate({ ...far, accountId });
  expect(await getOrderRow(services, order.id)).toMatchObject({
    leaseHolder: services.workers.id,
    leaseToken: 1,
    mayBeSent: true,
    venueOrderId: expect.any(String),
  });

  // One that is there for anybody to take, as no desk leaves it: whoever claims by kind must pass it by.
  const account = await anyAccount(services, accountId);
  const actor = { kind: 'user', userId: account.userId, sessionId: '', role: 'admin' } as const;
  const free = { leaseHolder: null, leaseToken: 0, mayBeSent: false };
  const ctx = { ...services, actor, leases: { ...services.leases, first: () => free } };
  services.lanes.holdOnly([accountId]);
  const intent = newOrder(services.clock, account, { ...far, timeInForce: 'day', requestHash: '' });
  const { row } = await receiveOrder(ctx, account, intent);
  expect(await claimNext(services, accountId, ['simulated', 'alpaca-paper'])).toBeNull();
  expect(await gateway.timesTaken(row.clientOrderId)).toBe(0);
  services.lanes.holdOnly([]);
});
