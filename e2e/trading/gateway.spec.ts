import { z } from 'zod';
import { freePort } from '../fixtures/free-port';
import { startProduct } from '../fixtures/product';
import { startSecondExchange } from '../fixtures/second-exchange';
import { expect, test as base } from '../fixtures/test';
import { UNLIMITED } from '../fixtures/unlimited';
import { Desk } from '../pages/desk';
import { Entrance } from '../pages/entrance';
import { newPerson } from '../pages/people';

type Gateway = { port: number; account: string };
const shown = z.looseObject({ tws_account: z.string() });

/** A product of its own with a gateway of Interactive Brokers, whose part another exchange plays. */
const test = base.extend<object, { gateway: Gateway }>({
  gateway: [
    async ({}, use) => {
      const port = await freePort();
      const exchange = await startSecondExchange(['--tws-port', String(port)]);
      const { tws_account: account } = shown.parse(await exchange.control('tws/accounts', {}));
      await use({ port, account });
      await exchange.dispose();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  product: [
    async ({ gateway }, use) => {
      const product = await startProduct({ ...UNLIMITED, IBKR_GATEWAY: `127.0.0.1:${gateway.port}` });
      await use(product);
      await product.dispose();
    },
    { scope: 'worker', timeout: 90_000 },
  ],
});

test('an admin adds an account behind the gateway and trades it as any other', async ({
  page,
  gateway,
  openContext,
}) => {
  test.slow();
  await new Entrance(page).signUp(newPerson());
  await page.goto('/accounts');
  await page.getByRole('button', { name: 'Add account' }).click();
  await page.getByRole('radio', { name: 'IB paper' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Behind the gateway');
  const add = async (number: string) => {
    await dialog.getByLabel('Account number').fill(number);
    await dialog.getByRole('button', { name: 'Add IB paper account' }).click();
  };
  await add('U1234567');
  await expect(dialog.getByText('must be the number of a paper account')).toBeVisible();
  await add('DU7654321');
  await expect(dialog.getByText('is no account that the gateway is logged in to')).toBeVisible();
  await add(gateway.account);
  const card = page.locator('[data-account-card="ibkr-paper"]');
  await card.getByRole('button', { name: 'Test connection' }).click();
  await expect(card.getByText(/answered in \d+ ms: ACTIVE/)).toBeVisible();
  await card.getByRole('button', { name: 'Show' }).click();

  await page.goto('/');
  const desk = new Desk(page);
  await desk.live();
  await expect(page.locator('header [data-account]')).toContainText('Behind the gateway');
  await desk.fillTicket({ side: 'Buy', qty: '2' });
  await desk.send();
  await expect(desk.position('AAPL')).toContainText('2');

  // A change stays the same order here, as it does there.
  await desk.fillTicket({ side: 'Buy', qty: '1', limit: '4.00' });
  await desk.send();
  await desk.open('Working orders');
  await desk
    .order('4.00')
    .getByRole('button', { name: /^Change/ })
    .click();
  await page.getByLabel('Limit price').last().fill('5');
  await page.keyboard.press('Enter');
  await expect(desk.order('5.00')).toContainText('Working');
  await desk.open('Order history');
  await expect(desk.order('Filled')).toBeVisible();
  await expect(desk.order('Replaced')).toHaveCount(0);

  // What IB is not sent is said before it could be sent.
  await desk.fillTicket({ side: 'Buy', qty: '1' });
  await desk.ticket.getByRole('button', { name: /^Add exits/ }).click();
  await desk.ticket.getByLabel('Take profit').fill('900');
  await desk.ticket.getByRole('button', { name: /^Review/ }).click();
  await expect(desk.preview.getByRole('alert')).toContainText('is not sent to Interactive Brokers');
  await expect(desk.preview.getByRole('button', { name: /^Buy 1/ })).toBeHidden();
  await page.keyboard.press('Escape');

  // Nobody else may add one.
  const other = await openContext();
  const stranger = await other.newPage();
  await new Entrance(stranger).signUp(newPerson());
  await stranger.goto('/accounts');
  await stranger.getByRole('button', { name: 'Add account' }).click();
  await expect(stranger.getByRole('radio', { name: 'IB paper' })).toBeDisabled();
});
