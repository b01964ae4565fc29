import { expect, test } from '../fixtures/test';
import { Desk } from '../pages/desk';
import { Entrance } from '../pages/entrance';
import { newPerson } from '../pages/people';

test('a desk that is killed loses nothing: the banner comes, and prices and orders return by themselves', async ({
  page,
  product,
}) => {
  const desk = new Desk(page);
  await new Entrance(page).signUp(newPerson());
  await desk.live();
  await desk.fillTicket({ side: 'Buy', qty: '2', limit: '6.00' });
  await desk.send();
  await desk.open('Working orders');
  await expect(desk.order('6.00')).toContainText('Working');

  await product.stop('SIGKILL');
  await expect(desk.banner).toBeVisible({ timeout: 5_000 });

  await product.start();
  await expect(desk.banner).toBeHidden({ timeout: 20_000 });
  await desk.live();
  const seen = await desk.row('AAPL').innerText();
  await expect.poll(() => desk.row('AAPL').innerText()).not.toBe(seen);
  await expect(desk.order('6.00')).toHaveCount(1);

  await page.reload();
  await desk.live();
  await desk.open('Working orders');
  await expect(desk.order('6.00')).toContainText('Working');
});
