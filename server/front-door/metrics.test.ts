import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { comparisons } from '@/db/schema';
import { startDesk, type TestDesk } from '@/server/testing/desk';
import { sendJson } from '@/server/testing/http-caller';
import { until } from '@/server/testing/until';

const TOKEN = 'a-token-of-at-least-thirty-two-characters';

describe('metrics', () => {
  let desk: TestDesk;
  beforeAll(async () => {
    desk = await startDesk();
  });
  afterAll(() => desk.dispose());

  async function valueOf(name: string): Promise<string | undefined> {
    const { status, text } = await sendJson(desk.url, 'GET', '/metrics');
    expect(status).toBe(200);
    return text
      .split('\n')
      .find((line) => line.startsWith(`${name} `))
      ?.slice(name.length + 1);
  }

  test('tell drifted accounts and orders by status, as they are when asked', async () => {
    const trader = await desk.signUp();
    const { accountId } = await until('the books are open', async () => {
      const found = await trader.trpc.reconciliation.get.query();
      return found.openedAt === null ? null : found;
    });
    expect(await valueOf('outcry_accounts_drifted')).toBe('0');
    await trader.trpc.orders.submit.mutate({
      symbol: 'AAPL',
      side: 'buy',
      type: 'limit',
      limitPrice: '1',
      qty: '1',
    });
    await until('one order works', async () => (await valueOf('outcry_orders{status="new"}')) === '1');
    await desk.parts.database.write((db) =>
      db
        .update(comparisons)
        .set({ driftedSince: '2026-11-20T00:00:00.000Z' })
        .where(eq(comparisons.accountId, accountId)),
    );
    expect(await valueOf('outcry_accounts_drifted')).toBe('1');
    expect(await valueOf('outcry_exchange_up')).toBe('1');
  });

  test('tell how long writes waited since they were last asked', async () => {
    const { database } = desk.parts;
    const wait = async () => Number(await valueOf('outcry_database_write_wait_p99_seconds'));
    await wait();
    const slow = database.write(() => new Promise((resolve) => setTimeout(resolve, 300)));
    await Promise.all([slow, database.write(async () => undefined)]);
    expect(await wait()).toBeGreaterThan(0.25);
    expect(await wait()).toBeLessThan(0.25);
  });

  test('name no user, account or key', async () => {
    const trader = await desk.signUp();
    const { text } = await sendJson(desk.url, 'GET', '/metrics');
    expect([trader.user.id, trader.user.username].filter((name) => text.includes(name))).toEqual([]);
  });

  test('are read, not written', async () => {
    expect((await sendJson(desk.url, 'POST', '/metrics')).status).toBe(405);
  });
});

describe('metrics with a token', () => {
  let desk: TestDesk;
  beforeAll(async () => {
    desk = await startDesk({ METRICS_TOKEN: TOKEN });
  });
  afterAll(() => desk.dispose());

  test.each([
    ['no token', {}, 401],
    ['another token', { authorization: `Bearer ${TOKEN}x` }, 401],
    ['the token', { authorization: `Bearer ${TOKEN}` }, 200],
  ])('answer %s with %s', async (_title, headers, status) => {
    expect((await sendJson(desk.url, 'GET', '/metrics', undefined, headers)).status).toBe(status);
  });
});
