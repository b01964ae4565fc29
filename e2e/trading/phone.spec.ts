import { expect, test } from '../fixtures/test';
import { Desk } from '../pages/desk';
import { Entrance } from '../pages/entrance';
import { newPerson } from '../pages/people';

test('on a phone the whole trade fits without sideways scrolling @phone', async ({ page }) => {
  const desk = new Desk(page);
  await new Entrance(page).signUp(newPerson());
  await desk.live();
  await page.getByRole('navigation').getByRole('button', { name: 'Trade' }).click();
  await desk.fillTicket({ side: 'Buy', qty: '1' });
  const review = desk.ticket.getByRole('button', { name: /^Review/ });
  expect((await review.boundingBox())?.height ?? 0).toBeGreaterThanOrEqual(44);
  await desk.send();
  await expect(page.getByText(/^Filled: bought 1 AAPL/).first()).toBeVisible();
  await page.getByRole('navigation').getByRole('button', { name: 'Positions' }).click();
  await expect(desk.position('AAPL')).toBeVisible();
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
});
