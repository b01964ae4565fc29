import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { webhooks } from '@/db/schema';
import { may, permission, type WebhookActor } from '@/domain/actor';
import { startDesk, type TestDesk } from '@/server/testing/desk';
import { makeHook } from '@/server/testing/hook-sender';
import { authorizeAccount } from '../accounts/account-record';

const BUY = JSON.stringify({ symbol: 'AAPL', side: 'buy', qty: '1', limit_price: '1.00' });

let desk: TestDesk;
beforeAll(async () => {
  desk = await startDesk();
});
afterAll(() => desk.dispose());

test('a hook has no permission of people, and to it every account but its own is not found', async () => {
  const trader = await desk.signUp();
  const { accounts } = await trader.trpc.account.list.query();
  const accountId = accounts[0]?.id ?? '';
  const actor: WebhookActor = {
    kind: 'webhook',
    userId: trader.user.id,
    hookId: 'whk',
    hookName: 'Hook',
    accountId,
  };
  const as = (of: WebhookActor, asked?: string) =>
    authorizeAccount({ ...desk.parts.services, actor: of }, asked);
  expect(permission.options.filter((wanted) => may(actor, wanted))).toEqual([]);
  expect((await as(actor)).id).toBe(accountId);
  // Its owner's own account, but not the hook's.
  await expect(as({ ...actor, accountId: 'another' })).rejects.toMatchObject({ code: 'not_found' });
  await expect(as({ ...actor, accountId: 'another' }, accountId)).rejects.toMatchObject({
    code: 'not_found',
  });
});

test("a sealed secret that is moved to another hook opens nothing there, not even for its own sender's", async () => {
  const trader = await desk.signUp();
  const [one, two] = [await makeHook(desk, trader), await makeHook(desk, trader)];
  const { database } = desk.parts;
  const [row] = await database.db.select().from(webhooks).where(eq(webhooks.id, one.webhook.id));
  const sealedSecret = row?.sealedSecret ?? null;
  expect(sealedSecret).not.toContain(one.secret);
  await database.write((db) =>
    db.update(webhooks).set({ sealedSecret }).where(eq(webhooks.id, two.webhook.id)),
  );
  expect((await two.signed(BUY, { secret: one.secret })).status).toBe(500);
  expect((await trader.trpc.orders.list.query({ status: 'all' })).orders).toEqual([]);
  expect((await one.signed(BUY)).status).toBe(201);
});
