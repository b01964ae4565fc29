import { expect, test } from '../fixtures/test';
import { Desk } from '../pages/desk';
import { Entrance } from '../pages/entrance';
import { newPerson } from '../pages/people';

test('a newcomer signs up, sees a price move, buys, cancels a far limit and signs out', async ({
  page,
  openContext,
}) => {
  const desk = new Desk(page);
  await new Entrance(page).signUp(newPerson());
  await desk.live();

  const seen = await desk.row('AAPL').innerText();
  await expect.poll(() => desk.row('AAPL').innerText()).not.toBe(seen);

  await expect.poll(() => desk.amount('Cash')).toBe(100_000);
  await desk.fillTicket({ side: 'Buy', qty: '10' });
  await expect(desk.ticket).toContainText('Estimated cost');
  await desk.send();
  await expect(page.getByText(/^Filled: bought 10 AAPL at \d/).first()).toBeVisible();
  await desk.open('Positions');
  await expect(desk.position('AAPL')).toContainText('10');
  await expect.poll(() => desk.amount('Cash')).toBeLessThan(99_000);
  const paid = 100_000 - (await desk.amount('Cash'));
  expect(paid).toBeGreaterThan(500);

  await desk.fillTicket({ side: 'Buy', qty: '3', limit: '5.00' });
  await desk.send();
  await desk.open('Working orders');
  const working = desk.order('5.00');
  await expect(working).toContainText('Working');
  await working.getByRole('button', { name: /^Cancel/ }).click();
  await expect(working).toBeHidden();
  await desk.open('Order history');
  await expect(desk.order('5.00')).toContainText('Cancelled');
  await expect(desk.order(/Filled/)).toHaveCount(1);

  const other = await (await openContext()).newPage();
  await new Entrance(other).signUp(newPerson());
  const theirs = new Desk(other);
  await theirs.live();
  await theirs.open('Order history');
  await expect(other.getByText('No orders yet')).toBeVisible();
  await theirs.open('Positions');
  await expect(other.getByText('No positions')).toBeVisible();

  await desk.signOut();
  await page.goto('/');
  await expect(page).toHaveURL('/sign-in');
});

test('a double Enter in the preview makes one order', async ({ page }) => {
  const desk = new Desk(page);
  await new Entrance(page).signUp(newPerson());
  await desk.live();
  await desk.fillTicket({ side: 'Buy', qty: '7' });
  await desk.ticket.getByRole('button', { name: /^Review/ }).click();
  await expect(desk.preview).toBeVisible();
  await desk.preview.getByRole('button', { name: /^Buy 7/ }).dblclick();
  await expect(desk.preview).toBeHidden();
  await expect(page.getByText(/^Filled: bought 7 AAPL/).first()).toBeVisible();
  await desk.open('Order history');
  await expect(desk.order(/Filled/)).toHaveCount(1);
});

test('the venue refuses what cannot be paid, in its own words, and nothing changes', async ({ page }) => {
  const desk = new Desk(page);
  await new Entrance(page).signUp(newPerson());
  await desk.live();
  await desk.fillTicket({ side: 'Buy', qty: '900000' });
  await desk.ticket.getByRole('button', { name: /^Review/ }).click();
  await desk.preview.getByRole('button', { name: /^Buy 900,?000/ }).click();
  await expect(desk.preview).toContainText('insufficient buying power');
  await expect(desk.preview).toContainText('40310000');
  await page.keyboard.press('Escape');
  await desk.open('Positions');
  await expect(page.getByText('No positions')).toBeVisible();
});
