import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '../fixtures/test';
import { Desk } from '../pages/desk';
import { Entrance } from '../pages/entrance';
import { newPerson } from '../pages/people';

const BRACKET = {
  symbol: 'AAPL',
  side: 'buy',
  qty: '10',
  order_class: 'bracket',
  take_profit: { limit_price: '900' },
  stop_loss: { stop_price: '20' },
};

test('a position that has lost its stop is told of on the desk, and gets it back by one press', async ({
  page,
  openContext,
  baseURL,
}) => {
  test.slow();
  await new Entrance(page).signUp(newPerson());
  const desk = new Desk(page);
  await desk.live();
  const headers = { origin: baseURL ?? '' };
  const sent = await page.request.post('/api/v1/orders', { data: BRACKET, headers });
  expect(sent.status()).toBe(201);
  await expect(desk.position('AAPL')).toBeVisible();

  // With the take profit the venue ends the stop.
  await desk.open('Working orders');
  const profit = desk.order('900.00').filter({ hasText: 'Working' });
  await profit.getByRole('button', { name: /^Cancel/ }).click();
  const banner = page.locator('[data-unprotected="AAPL"]');
  await expect(banner).toContainText('AAPL: 10 shares have no stop. It was cancelled, and not by you.');

  const storageState = await page.context().storageState();
  // Each width, colour and language with each of the others but once: a user has so many calls a minute.
  for (const [width, colorScheme, locale] of [
    [1440, 'dark', 'en-US'],
    [1440, 'light', 'zh-CN'],
    [390, 'dark', 'zh-CN'],
    [390, 'light', 'en-US'],
  ] as const) {
    const viewport = { width, height: 900 };
    const context = await openContext({ viewport, colorScheme, locale, storageState });
    const seen = await context.newPage();
    await seen.goto('/');
    await expect(seen.locator('[data-unprotected="AAPL"]')).toBeVisible();
    const { violations } = await new AxeBuilder({ page: seen }).analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);
    const name = `unprotected-${width}-${colorScheme}-${locale.slice(0, 2)}`;
    await seen.screenshot({ path: `test-results/pictures/${name}.png` });
    await context.close();
  }

  await banner.getByRole('button', { name: 'Place the stop of AAPL again at 20.00' }).click();
  await expect(desk.order('Stop 20.00')).toContainText('Working');
  await expect(banner).toBeHidden({ timeout: 15_000 });

  await desk
    .order('Stop 20.00')
    .getByRole('button', { name: /^Cancel/ })
    .click();
  await expect(desk.order('Stop 20.00')).toBeHidden();
  // Its owner cancelled this one. An alert would come within five seconds, so nothing but time shows that none does.
  await page.waitForTimeout(5_500);
  await expect(banner).toBeHidden();
});
