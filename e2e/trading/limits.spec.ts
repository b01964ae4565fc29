import { expect, test } from '../fixtures/test';
import { Desk } from '../pages/desk';
import { Entrance } from '../pages/entrance';
import { newPerson } from '../pages/people';

test('a limit set on its page is named in the preview of an order that breaks it, which then sends nothing', async ({
  page,
}) => {
  const person = newPerson();
  await new Entrance(page).signUp(person);
  const desk = new Desk(page);
  await desk.live();
  await page.getByRole('button', { name: /^Account of / }).click();
  await page.getByRole('menuitem', { name: 'Limits' }).click();
  await expect(page).toHaveURL('/limits');
  await expect(page.getByText('Nobody has changed anything yet.')).toBeVisible();
  await expect(page.getByText("Desk's limit: 2,000")).toBeVisible();

  const quantity = page.getByLabel('Order quantity');
  const openOrders = page.getByLabel('Open orders');
  await openOrders.fill('ten');
  await quantity.fill('-3');
  await page.getByRole('button', { name: 'Save limits' }).click();
  await expect(page.getByText('must be a number, or empty for no limit')).toHaveCount(2);
  await openOrders.fill('2.5');
  await quantity.fill('3');
  await page.getByRole('button', { name: 'Save limits' }).click();
  await expect(openOrders).toHaveAttribute('aria-invalid', 'true');
  await openOrders.fill('');
  await page.getByRole('button', { name: 'Save limits' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
  const change = page.locator('[data-change="limits"]');
  await expect(change).toHaveCount(1);
  await expect(change).toContainText('Order quantity: No limit → 3');
  await expect(change).toContainText(person.username);

  await page.goto('/');
  await desk.live();
  await desk.fillTicket({ side: 'Buy', qty: '4' });
  await desk.ticket.getByRole('button', { name: /^Review/ }).click();
  await expect(desk.preview.locator('[data-denied]')).toContainText('your limit is 3');
  await expect(desk.preview.getByRole('button', { name: /^Buy 4 AAPL/ })).toBeHidden();
  await page.keyboard.press('Escape');
  await desk.fillTicket({ side: 'Buy', qty: '3' });
  await desk.ticket.getByRole('button', { name: /^Review/ }).click();
  await expect(desk.preview).toContainText('Within your limits.');
});
