import { readFile } from 'node:fs/promises';
import { expect, test } from '../fixtures/test';
import { Desk } from '../pages/desk';
import { Entrance } from '../pages/entrance';
import { newPerson } from '../pages/people';

test.beforeEach(async ({ page }) => {
  await new Entrance(page).signUp(newPerson());
  await new Desk(page).live();
});

test('a stop order is placed, changed in its row and its story told', async ({ page }) => {
  const desk = new Desk(page);
  await desk.fillTicket({ side: 'Buy', qty: '4' });
  await desk.send();
  await expect(page.getByText(/^Filled: bought 4 AAPL/).first()).toBeVisible();

  await desk.fillTicket({ side: 'Sell', qty: '4', stop: '30.00' });
  await desk.send();
  await desk.open('Working orders');
  await expect(desk.order('Stop 30.00')).toContainText('Working');

  await desk
    .order('Stop 30.00')
    .getByRole('button', { name: /^Change/ })
    .click();
  const form = page.getByRole('form', { name: /^Change: Sell 4 AAPL/ });
  await page.keyboard.press('Escape');
  await expect(form).toBeHidden();
  await expect(desk.order('Stop 30.00').getByRole('button', { name: /^Change/ })).toBeFocused();
  await page.keyboard.press('Enter');
  await form.getByLabel('Stop price').fill('31');
  await form.getByLabel('Quantity').fill('3');
  await page.keyboard.press('Enter');
  await expect(desk.order('Stop 31.00')).toContainText('Working');
  await expect(desk.order('Stop 30.00')).toBeHidden();

  await desk
    .order('Stop 31.00')
    .getByRole('button', { name: /^Story of/ })
    .click();
  const story = page.getByRole('dialog', { name: "The order's story" });
  await expect(story).toContainText('Sell 3 AAPL, stop 31.00');
  await expect(story.getByRole('listitem').first()).toContainText('Recorded by the desk');
  await expect(story).toContainText('Took the place of');
  await expect(story.locator('time').first()).toHaveAttribute('title', /ET$/);
  await page.keyboard.press('Escape');
  await expect(story).toBeHidden();

  await desk.open('Order history');
  await desk
    .order('Filled')
    .getByRole('button', { name: /^Story of/ })
    .click();
  // The exchange fills some orders in two parts.
  await expect(story).toContainText(/Bought [1-4] at \d+\.\d\d/);
  await expect(story.getByRole('button', { name: 'Copy Execution id' }).first()).toBeVisible();
});

test('cancel all counts the orders, and cancels none before it is confirmed', async ({ page }) => {
  const desk = new Desk(page);
  for (const limit of ['5.00', '6.00']) {
    await desk.fillTicket({ side: 'Buy', qty: '1', limit });
    await desk.send();
  }
  await desk.open('Working orders');
  await expect(desk.order('Working')).toHaveCount(2);
  await page.getByRole('button', { name: 'Cancel all' }).click();
  const confirm = page.getByRole('dialog', { name: 'Cancel all orders' });
  await expect(confirm).toContainText('Buy 1 AAPL at 5.00');
  // A key that is still held goes back.
  await page.keyboard.press('Enter');
  await expect(confirm).toBeHidden();
  await expect(desk.order('Working')).toHaveCount(2);

  await page.getByRole('button', { name: 'Cancel all' }).click();
  await confirm.getByRole('button', { name: 'Cancel all 2 orders' }).click();
  await expect(page.getByText('No working orders')).toBeVisible();
  await desk.open('Order history');
  await expect(desk.order('Cancelled')).toHaveCount(2);
});

test('a part of a position is closed, then all of them, with the order that holds the shares', async ({
  page,
}) => {
  const desk = new Desk(page);
  await desk.fillTicket({ side: 'Buy', qty: '8' });
  await desk.send();
  await expect(desk.position('AAPL')).toContainText('8');

  await desk.position('AAPL').getByRole('button', { name: 'Close AAPL' }).click();
  const close = page.getByRole('dialog', { name: 'Close AAPL' });
  await close.getByRole('radio', { name: '25%' }).click();
  await close.getByRole('button', { name: 'Sell 2 AAPL at market' }).click();
  await expect(close).toBeHidden();
  await expect(page.getByText(/^Filled: sold 2 AAPL/).first()).toBeVisible();
  await expect(desk.position('AAPL').getByRole('cell').nth(1)).toHaveText('6');

  await desk.fillTicket({ side: 'Sell', qty: '6', stop: '30.00' });
  await desk.send();
  await page.getByRole('button', { name: 'Close all' }).click();
  const flatten = page.getByRole('dialog', { name: 'Close all positions' });
  await expect(flatten).toContainText('Sell 6 AAPL at market');
  await flatten.getByRole('button', { name: 'Cancel 1 order, close 1 position' }).click();
  await expect(page.getByText('No positions')).toBeVisible();
});

test('the kill switch blocks, cancels and flattens, and lets go when it is released', async ({ page }) => {
  const desk = new Desk(page);
  await desk.fillTicket({ side: 'Buy', qty: '2' });
  await desk.send();
  await expect(desk.position('AAPL')).toBeVisible();
  await desk.fillTicket({ side: 'Buy', qty: '1', limit: '5.00' });
  await desk.send();

  await page.getByRole('button', { name: 'Kill switch' }).click();
  const kill = page.getByRole('dialog', { name: 'Kill switch' });
  await kill.getByLabel('Also close 1 position').check();
  await kill.getByRole('button', { name: 'Block and cancel 1 order, close 1 position' }).click();
  await expect(kill).toBeHidden();
  await expect(page.getByText('No positions')).toBeVisible();
  await desk.open('Working orders');
  await expect(page.getByText('No working orders')).toBeVisible();

  await desk.fillTicket({ side: 'Buy', qty: '1' });
  await desk.ticket.getByRole('button', { name: /^Review/ }).click();
  await expect(desk.preview.getByRole('alert')).toContainText('The kill switch of this account is on');
  await expect(desk.preview.getByRole('button', { name: /^Buy 1/ })).toBeHidden();
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Release' }).click();
  await expect(page.getByText('The kill switch is on')).toBeHidden();
  await desk.fillTicket({ side: 'Buy', qty: '3' });
  await desk.send();
  await expect(page.getByText(/^Filled: bought 3 AAPL/).first()).toBeVisible();
});

test('a bracket shows its risk and reward, and its exits work under it', async ({ page }) => {
  const desk = new Desk(page);
  await desk.fillTicket({ side: 'Buy', qty: '2', limit: '40.00' });
  await desk.ticket.getByRole('button', { name: /^Add exits/ }).click();
  await desk.ticket.getByLabel('Take profit').fill('900');
  await desk.ticket.getByLabel('Stop loss ($)').fill('39');
  await expect(desk.ticket).toContainText('+1,720.00');
  await expect(desk.ticket).toContainText('−2.00');
  await desk.send();
  await desk.open('Working orders');
  await expect(desk.order('take profit')).toContainText('900.00');
  await expect(desk.order('stop loss')).toContainText('Stop 39.00');
});

test('the history is filtered, and saved as CSV with all that the filter shows', async ({ page }) => {
  const desk = new Desk(page);
  await desk.fillTicket({ side: 'Buy', qty: '1.5' });
  await desk.send();
  await expect(page.getByText(/^Filled: bought 1.5 AAPL/).first()).toBeVisible();
  await desk.fillTicket({ side: 'Buy', qty: '1', limit: '5.00' });
  await desk.send();
  await desk.open('Working orders');
  await desk
    .order('5.00')
    .getByRole('button', { name: /^Cancel/ })
    .click();
  await desk.open('Order history');
  await expect(desk.order(/Filled|Cancelled/)).toHaveCount(2);

  await page.getByLabel('How it ended').selectOption('Filled');
  await expect(desk.order(/Filled|Cancelled/)).toHaveCount(1);
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export CSV' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toMatch(/^orders-filled-\d{4}-\d\d-\d\d\.csv$/);
  const [head, ...lines] = (await readFile(await download.path(), 'utf8')).trimEnd().split('\r\n');
  expect(head).toContain('id,client_order_id,');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(',AAPL,buy,market,day,1.5,');
  expect(lines[0]).toMatch(/,\d{4}-\d\d-\d\dT[\d:.]+Z$/);

  await page.getByLabel('Filter by symbol').fill('TSLA');
  await expect(page.getByText('No order matches')).toBeVisible();
  await page.getByRole('button', { name: 'Show all' }).click();
  await expect(desk.order(/Filled|Cancelled/)).toHaveCount(2);
});
