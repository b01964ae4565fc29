import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { freePort } from '../fixtures/free-port';
import { type Product, startProduct } from '../fixtures/product';
import { expect, test as base } from '../fixtures/test';
import { Desk } from '../pages/desk';
import { Entrance } from '../pages/entrance';
import { newPerson } from '../pages/people';

let exchangePort = 0;

// A desk of its own, for the first who signs up is its admin.
const test = base.extend<object, { product: Product }>({
  product: [
    async ({}, use) => {
      exchangePort = await freePort();
      const product = await startProduct({ EXCHANGE_PORT: String(exchangePort) });
      await use(product);
      await product.dispose();
    },
    { scope: 'worker', timeout: 90_000 },
  ],
});

/** The venue answers one order with 429. */
async function makeVenueBusy(product: Product, seconds: number): Promise<void> {
  const { exchangeControlToken } = JSON.parse(await readFile(join(product.dataDir, 'secrets.json'), 'utf8'));
  const match = { method: 'POST', route: '/v2/orders' };
  const fault = { kind: 'http', phase: 'before', action: 'status', status: 429, retry_after: seconds };
  const answer = await fetch(`http://127.0.0.1:${exchangePort}/control/faults`, {
    method: 'POST',
    headers: { authorization: `Bearer ${exchangeControlToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...fault, match, count: 1 }),
  });
  expect(answer.status).toBe(201);
}

test('an admin watches an order wait for its venue, and nobody else sees the queue', async ({
  openContext,
  product,
}) => {
  test.slow();
  const [admin, trader] = [newPerson(), newPerson()];
  const context = await openContext();
  const page = await context.newPage();
  await new Entrance(page).signUp(admin);
  await page.getByRole('button', { name: /^Account of / }).click();
  await page.getByRole('menuitem', { name: 'Order queue' }).click();
  await expect(page).toHaveURL('/queue');
  await expect(page.locator('[data-quiet]')).toBeVisible();
  await expect(page.locator('[data-worker]')).toHaveCount(1);

  const theirs = await (await openContext()).newPage();
  await new Entrance(theirs).signUp(trader);
  const desk = new Desk(theirs);
  await desk.live();
  await makeVenueBusy(product, 45);
  await desk.fillTicket({ side: 'Buy', qty: '1', limit: '4.00' });
  await desk.send();
  await expect(page.locator(`[data-paused="${trader.username}"]`)).toBeVisible();
  await expect(page.locator('[data-figure="depth"]')).toHaveText('1');
  await expect(page.locator('[data-figure="waiting"]')).toHaveText('1');
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    await page.screenshot({ path: test.info().outputPath(`queue-${colorScheme}.png`), fullPage: true });
  }
  const chinese = await openContext({
    locale: 'zh-CN',
    viewport: { width: 390, height: 844 },
    storageState: await context.storageState(),
  });
  const phone = await chinese.newPage();
  await phone.goto('/queue');
  await expect(phone.locator('[data-figure="depth"]')).toHaveText('1');
  expect((await new AxeBuilder({ page: phone }).analyze()).violations).toEqual([]);
  await phone.screenshot({ path: test.info().outputPath('queue-phone-zh.png'), fullPage: true });

  await context.route('**/api/trpc/**', (route) => route.abort());
  await expect(page.getByText('The desk did not answer.')).toBeVisible();
  await page.screenshot({ path: test.info().outputPath('queue-offline.png'), fullPage: true });
  await context.unroute('**/api/trpc/**');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByText('The desk did not answer.')).toBeHidden();

  await theirs.getByRole('button', { name: /^Account of / }).click();
  await expect(theirs.getByRole('menuitem', { name: 'Reconciliation' })).toBeVisible();
  await expect(theirs.getByRole('menuitem', { name: 'Order queue' })).toBeHidden();
  await theirs.goto('/queue');
  await expect(theirs.getByText('For admins', { exact: true })).toBeVisible();
  await theirs.screenshot({ path: test.info().outputPath('queue-forbidden.png'), fullPage: true });
});
