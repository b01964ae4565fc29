import { expectNoViolations } from '../fixtures/axe';
import { expect, test } from '../fixtures/test';
import { Desk } from '../pages/desk';
import { Entrance } from '../pages/entrance';
import { newPerson } from '../pages/people';

for (const colorScheme of ['dark', 'light'] as const) {
  for (const locale of ['en-US', 'zh-CN'] as const) {
    test(`has no accessibility violations in ${colorScheme}, ${locale}`, async ({ openContext, page }) => {
      // A dozen screens are analysed one after another.
      test.slow();
      const person = newPerson();
      await new Entrance(page).signUp(person);
      const desk = new Desk(page);
      await desk.live();
      await desk.fillTicket({ side: 'Buy', qty: '4' });
      await desk.send();
      await expect(page.getByText(/^Filled/).first()).toBeVisible();
      await desk.fillTicket({ side: 'Buy', qty: '1', limit: '4.00' });
      await desk.send();
      await page.goto('/webhooks');
      await page.getByRole('button', { name: 'New webhook' }).click();
      await page.getByLabel('Name').fill('Breakout');
      await page.getByRole('button', { name: 'Create webhook' }).click();
      await expect(page.getByText('Copy it now.')).toBeVisible();
      await expectNoViolations(page, 'a secret shown once');

      const stranger = await (await openContext({ colorScheme, locale })).newPage();
      for (const path of ['/sign-in', '/sign-up', '/no-such-page']) {
        await stranger.goto(path);
        await expectNoViolations(stranger, path);
      }

      const same = await openContext({
        colorScheme,
        locale,
        storageState: await page.context().storageState(),
      });
      const seen = await same.newPage();
      await seen.goto('/');
      await expect(seen.locator('[data-position="AAPL"]')).toBeVisible();
      await expectNoViolations(seen, 'desk with a position');
      for (const tab of await seen.getByRole('tab').all()) {
        await tab.click();
        await expectNoViolations(seen, 'a tab of the desk');
      }
      await seen.getByRole('tab').nth(2).click();
      await seen.locator('[data-order] button[aria-haspopup=dialog]').first().click();
      await expect(seen.getByRole('dialog').getByRole('listitem').first()).toBeVisible();
      await expectNoViolations(seen, 'the story of an order');
      await seen.keyboard.press('Escape');
      await seen.locator('header button[aria-haspopup=dialog]').click();
      await expect(seen.getByRole('dialog')).toBeVisible();
      await expectNoViolations(seen, 'the kill switch');
      await seen.keyboard.press('Escape');
      await seen.locator('form button[aria-expanded=false]').last().click();
      await expectNoViolations(seen, 'the ticket with exits');
      await seen.locator('form button[aria-expanded=true]').last().click();
      await seen.locator('form button[type=submit]').last().click();
      await expect(seen.getByRole('dialog')).toBeVisible();
      await expectNoViolations(seen, 'the preview');
      await seen.goto('/reconciliation');
      await expect(seen.locator('[data-balance="cash"]')).toBeVisible();
      await expectNoViolations(seen, 'reconciliation');
      await seen.goto('/limits');
      await expect(seen.locator('form input').first()).toBeVisible();
      await expectNoViolations(seen, 'limits');
      await seen.goto('/accounts');
      await expect(seen.locator('[data-account-card]')).toBeVisible();
      await expectNoViolations(seen, 'accounts');
      await seen.locator('header [data-account]').click();
      await expect(seen.getByRole('menuitemradio')).toBeVisible();
      await expectNoViolations(seen, 'the account picker');
      await seen.keyboard.press('Escape');
      await seen.locator('main button').first().click();
      await expect(seen.getByRole('dialog')).toBeVisible();
      await expectNoViolations(seen, 'the adding of an account');
      await seen.goto('/security');
      await expect(seen.locator('[data-enrolled]')).toBeVisible();
      await expectNoViolations(seen, 'security');
      await seen.locator('main button').first().click();
      await seen.getByRole('dialog').locator('input').fill(person.password);
      await seen.getByRole('dialog').locator('button[type=submit]').click();
      await expect(seen.locator('[data-secret]')).toBeVisible();
      await expectNoViolations(seen, 'the setting up of a second factor');
      await seen.goto('/webhooks');
      await expect(seen.locator('[data-hook]')).toBeVisible();
      for (const tab of await seen.getByRole('tab').all()) {
        await tab.click();
        await expectNoViolations(seen, 'a tab of a webhook');
      }
      await seen.locator('main button').first().click();
      await expect(seen.getByRole('dialog')).toBeVisible();
      await expectNoViolations(seen, 'the making of a webhook');
    });
  }
}
