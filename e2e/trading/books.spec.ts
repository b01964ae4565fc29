import { expect, test } from '../fixtures/test';
import { Desk } from '../pages/desk';
import { Entrance } from '../pages/entrance';
import { newPerson } from '../pages/people';

test('a trade that was closed shows its gain, and the books agree with the broker to the cent', async ({
  page,
}) => {
  await new Entrance(page).signUp(newPerson());
  const desk = new Desk(page);
  await desk.live();
  await desk.fillTicket({ side: 'Buy', qty: '6' });
  await desk.send();
  await expect(desk.position('AAPL')).toBeVisible();
  await desk.fillTicket({ side: 'Sell', qty: '6' });
  await desk.send();
  await expect(page.getByText(/^Filled: sold 6 AAPL/).first()).toBeVisible();
  await desk.open('Trades');
  await expect(page.locator('[data-trade="AAPL"]').first()).toContainText('Long');
  const gain = await page.locator('[data-realized]').innerText();

  await page.getByRole('button', { name: /^Account of / }).click();
  await page.getByRole('menuitem', { name: 'Reconciliation' }).click();
  await expect(page).toHaveURL('/reconciliation');
  await page.getByRole('button', { name: 'Compare now' }).click();
  await expect(page.getByText("The books agree with the broker's.")).toBeVisible();
  const amount = /\d+\.\d\d/.exec(gain)?.[0] ?? 'no gain';
  await expect(page.locator('[data-balance="realized"]')).toContainText(amount);
  const cash = await page.locator('[data-balance="cash"]').innerText();
  await page.getByRole('link', { name: 'Desk' }).click();
  await expect.poll(() => desk.amount('Cash')).toBe(Number(cash.replaceAll(',', '')));
});
