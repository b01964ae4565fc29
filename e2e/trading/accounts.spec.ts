import { join } from 'node:path';
import { createClient } from '@libsql/client';
import { expectNoViolations } from '../fixtures/axe';
import { startLiveVenue } from '../fixtures/live-venue';
import { type Product, startProduct } from '../fixtures/product';
import { expect, test as base } from '../fixtures/test';
import { UNLIMITED } from '../fixtures/unlimited';
import { Desk } from '../pages/desk';
import { Entrance } from '../pages/entrance';
import { newPerson } from '../pages/people';
import { SecondFactor } from '../pages/second-factor';

/** As if every session had proved its second factor long ago; only while the product is stopped. */
async function forgetCodes({ dataDir }: Product): Promise<void> {
  const database = createClient({ url: `file:${join(dataDir, 'outcry.db')}` });
  await database.execute("update sessions set second_factor_at = '2020-01-01T00:00:00.000Z'");
  database.close();
}

type Venue = Awaited<ReturnType<typeof startLiveVenue>>;
const KEYS = { keyId: 'AKOFATRADER1', secretKey: 'the-secret-of-real-money' };

/** A product of its own whose live venue is another exchange on this machine. */
const test = base.extend<object, { venue: Venue }>({
  venue: [
    async ({}, use) => {
      const venue = await startLiveVenue();
      await use(venue);
      await venue.dispose();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  product: [
    async ({ venue }, use) => {
      const product = await startProduct({ ...UNLIMITED, ...venue.settings });
      await use(product);
      await product.dispose();
    },
    { scope: 'worker', timeout: 90_000 },
  ],
});

test('everything on the desk follows the account that is picked', async ({ page }) => {
  await new Entrance(page).signUp(newPerson());
  const desk = new Desk(page);
  await desk.live();
  await desk.fillTicket({ side: 'Buy', qty: '3' });
  await desk.send();
  await expect(desk.position('AAPL').or(desk.position('SPY')).first()).toBeVisible();

  await page.goto('/accounts');
  await page.getByRole('button', { name: 'Add account' }).click();
  await page.getByLabel('Name').fill('Second');
  await page.getByRole('button', { name: 'Add simulated account' }).click();
  const second = page.locator('[data-account-card]').filter({ hasText: 'Second' });
  await second.getByRole('button', { name: 'Test connection' }).click();
  await expect(second.getByText(/answered in \d+ ms: ACTIVE/)).toBeVisible();

  await page.goto('/');
  await page.locator('header [data-account]').click();
  await page.getByRole('menuitemradio', { name: /Second/ }).click();
  await desk.live();
  await expect(page.locator('header [data-account]')).toContainText('Second');
  await expect(page.getByText('No positions')).toBeVisible();
  expect(await desk.amount('Cash')).toBe(100_000);
  await desk.fillTicket({ side: 'Buy', qty: '1', limit: '4.00' });
  await desk.send();
  await desk.open('Working orders');
  await expect(page.locator('[data-order]')).toHaveCount(1);

  // It stays over a reload of this tab; a new tab begins at the default account.
  await page.reload();
  await expect(page.locator('header [data-account]')).toContainText('Second');
  const other = await page.context().newPage();
  await other.goto('/');
  await expect(other.locator('header [data-account]')).toContainText('Simulated');
  await new Desk(other).open('Working orders');
  await expect(other.getByText('No working orders')).toBeVisible();
});

test('a live account is added, armed by phrase and code, traded, unmistakable, and disarmed at once', async ({
  page,
  product,
  venue,
}) => {
  test.slow();
  await venue.openAccount(KEYS);
  const person = newPerson();
  await new Entrance(page).signUp(person);
  const desk = new Desk(page);

  await page.goto('/accounts');
  await page.getByRole('button', { name: 'Add account' }).click();
  await page.getByRole('radio', { name: 'Alpaca live' }).click();
  await expect(page.getByText('A live account needs a second factor first.')).toBeVisible();
  const factor = new SecondFactor(page);
  await factor.enrol(person);

  await page.goto('/accounts');
  await page.getByRole('button', { name: 'Add account' }).click();
  await page.getByRole('radio', { name: 'Alpaca live' }).click();
  await page.getByLabel('Name').fill('Real money');
  await page.getByLabel('API key').fill(KEYS.keyId);
  await page.getByLabel('Secret key').fill(KEYS.secretKey);
  await page.getByRole('button', { name: 'Add live account' }).click();
  const card = page.locator('[data-account-card="alpaca-live"]');
  await expect(card.locator('[data-armed=false]')).toBeVisible();
  await card.getByRole('button', { name: 'Show' }).click();
  await expect(page.locator('[data-live=disarmed]')).toBeVisible();

  await page.goto('/');
  await desk.live();
  await expect(page.locator('[data-live=disarmed]')).toContainText('real money');
  await desk.fillTicket({ side: 'Buy', qty: '2' });
  await desk.ticket.getByRole('button', { name: /^Review/ }).click();
  await expect(desk.preview.locator('[data-real-money]')).toContainText('Real money');
  await expect(desk.preview.locator('[data-denied]')).toContainText('not armed');
  await page.keyboard.press('Escape');

  await page.getByRole('link', { name: 'Arm…' }).click();
  await card.getByRole('button', { name: 'Arm…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(/Type to confirm/).fill('trade live');
  await dialog.getByRole('button', { name: 'Trade real money' }).click();
  await expect(dialog.getByText('Type the phrase exactly')).toBeVisible();
  await dialog.getByLabel(/Type to confirm/).fill(await dialog.locator('code').innerText());
  await dialog.getByRole('button', { name: 'Trade real money' }).click();
  await expect(card.locator('[data-armed=true]')).toBeVisible();

  await page.goto('/');
  await desk.live();
  await expect(page.locator('[data-live=armed]')).toBeVisible();
  await desk.fillTicket({ side: 'Buy', qty: '2' });
  await desk.ticket.getByRole('button', { name: /^Review/ }).click();
  await expect(desk.preview.getByRole('button', { name: /^LIVE: Buy 2/ })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-position]')).toHaveCount(1);

  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await expectNoViolations(page, `the desk of a live account in ${colorScheme}`);
  }
  await page.getByRole('button', { name: 'Disarm' }).click();
  await expect(page.locator('[data-live=disarmed]')).toBeVisible();
  await expect(page.getByText(/Disarmed\. No orders work/)).toBeVisible();

  // More than five minutes later arming wants a code again.
  await product.stop();
  await forgetCodes(product);
  await product.start();
  await page.goto('/accounts');
  await card.getByRole('button', { name: 'Arm…' }).click();
  await dialog.getByLabel(/Type to confirm/).fill(await dialog.locator('code').innerText());
  const code = dialog.getByLabel('Code of your authenticator');
  await code.fill('000000');
  await dialog.getByRole('button', { name: 'Trade real money' }).click();
  await expect(dialog.getByText('is not right, or was used before')).toBeVisible();
  await code.fill(factor.code());
  await dialog.getByRole('button', { name: 'Trade real money' }).click();
  // The kill switch disarms it, and letting go of that does not arm it.
  await expect(card.locator('[data-armed=true]')).toBeVisible();
  await page.goto('/');
  await expect(page.locator('[data-connection="live"]')).toBeVisible();
  await page.getByRole('button', { name: 'Kill switch' }).click();
  await expect(dialog.locator('[data-real-money]')).toBeVisible();
  await dialog.getByRole('button', { name: /^Block and cancel all orders/ }).click();
  await expect(page.locator('[data-live=disarmed]')).toBeVisible();
  await page.locator('[data-blocked]').getByRole('button').click();
  await expect(page.locator('[data-blocked]')).toBeHidden();
  await expect(page.locator('[data-live=disarmed]')).toBeVisible();
  // A new tab does not begin at real money.
  const other = await page.context().newPage();
  await other.goto('/');
  await expect(other.locator('header [data-account]')).toHaveAttribute('data-account', 'simulated');
});
