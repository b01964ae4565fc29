import { expect, test } from '../fixtures/test';
import { Desk } from '../pages/desk';
import { Entrance } from '../pages/entrance';
import { newPerson } from '../pages/people';

/** `UPDATE_PICTURES=1` writes the README's pictures anew; otherwise they go where test results go. */
const FOLDER = process.env['UPDATE_PICTURES'] === '1' ? 'docs/images' : 'test-results/pictures';

test('draws the pictures of the desk', async ({ page, openContext }) => {
  // Three trades, and the whole desk four times.
  test.slow();
  await new Entrance(page).signUp(newPerson());
  const desk = new Desk(page);
  await desk.live();
  for (const [symbol, qty] of [
    ['AAPL', '40'],
    ['NVDA', '25'],
    ['SPY', '15'],
  ] as const) {
    await desk.row(symbol).getByRole('button', { name: symbol }).first().click();
    await desk.fillTicket({ side: 'Buy', qty });
    await desk.send();
    await expect(page.getByText(new RegExp(`^Filled: bought ${qty} ${symbol}`)).first()).toBeVisible();
  }
  const storageState = await page.context().storageState();
  for (const colorScheme of ['dark', 'light'] as const) {
    for (const [locale, language] of [
      ['en-US', 'en'],
      ['zh-CN', 'zh'],
    ] as const) {
      const context = await openContext({ colorScheme, locale, storageState });
      const seen = await context.newPage();
      await seen.goto('/');
      await expect(seen.locator('[data-position="SPY"]')).toBeVisible();
      await expect(seen.locator('canvas').first()).toBeVisible();
      await seen.waitForLoadState('networkidle', { timeout: 1_000 }).catch(() => undefined);
      await seen.screenshot({ path: `${FOLDER}/desk-${colorScheme}-${language}.png` });
      await context.close();
    }
  }
});
