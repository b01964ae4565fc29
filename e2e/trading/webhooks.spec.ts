import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from '../fixtures/test';
import { Desk } from '../pages/desk';
import { Entrance } from '../pages/entrance';
import { newPerson } from '../pages/people';

const run = promisify(execFile);

/** Runs what the page says to paste into a shell; the address it uses is the desk's own. */
async function inShell(script: string): Promise<{ status: string; body: string }> {
  const { stdout } = await run('bash', ['-c', `${script} -s -w '\\n%{http_code}'`]);
  const at = stdout.lastIndexOf('\n');
  return { status: stdout.slice(at + 1), body: stdout.slice(0, at) };
}

test('a webhook made on its page takes the pasted examples, once each, and shows them in its log', async ({
  page,
  baseURL,
}) => {
  await new Entrance(page).signUp(newPerson());
  const desk = new Desk(page);
  await desk.live();
  await page.getByRole('button', { name: /^Account of / }).click();
  await page.getByRole('menuitem', { name: 'Webhooks' }).click();
  await expect(page).toHaveURL('/webhooks');

  await page.getByRole('button', { name: 'New webhook' }).click();
  await page.getByLabel('Name').fill('Breakout');
  await page.getByLabel('Symbols').fill('aapl, spy');
  await page.getByLabel('Most shares an order').fill('5');
  await page.getByRole('button', { name: 'Create webhook' }).click();
  const once = page.getByRole('dialog', { name: 'Secret of Breakout' });
  const secret = await once.locator('pre').innerText();
  expect(secret).toMatch(/^whsec_[\w-]{43}$/);
  await once.getByRole('button', { name: 'I have copied it' }).click();
  await expect(page.getByText(secret)).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Breakout' })).toBeVisible();
  await expect(page.getByText(secret)).toHaveCount(0);

  const example = (name: string) => page.getByRole('group', { name, exact: true }).innerText();
  const script = (await example('In a shell')).replace('PASTE_THE_SECRET', secret);
  const address = await example('Address');
  expect(address).toMatch(new RegExp(`^${baseURL}/hooks/whk_\\w+$`));
  const signed = await inShell(script);
  expect(signed).toMatchObject({ status: '201', body: expect.stringContaining('"symbol":"AAPL"') });

  const message = (await example('Alert message'))
    .replace('PASTE_THE_SECRET', secret)
    .replaceAll('{{timenow}}', '2026-11-20T15:00:00Z')
    .replaceAll('{{ticker}}', 'SPY')
    .replaceAll('{{strategy.order.id}}', 'Long')
    .replaceAll('{{strategy.order.action}}', 'buy')
    .replaceAll('{{strategy.order.contracts}}', '2');
  const post = (data: string) =>
    page.request.post(address, { data, headers: { 'content-type': 'text/plain' } });
  expect([(await post(message)).status(), (await post(message)).status()]).toEqual([201, 200]);
  expect((await post(message.replace('"2"', '"9"'))).status()).toBe(422);
  await page.getByRole('button', { name: 'Disable' }).click();
  await expect(page.getByRole('button', { name: 'Enable' })).toBeVisible();
  expect((await post(message)).status()).toBe(401);

  await page.getByRole('tab', { name: 'Log' }).click();
  const rows = page.locator('[data-delivery]');
  await expect(rows).toHaveCount(5);
  await expect(rows.first()).toContainText('The webhook is disabled.');
  await expect(page.locator('[data-delivery=order_made]')).toHaveCount(2);
  await rows.nth(2).getByRole('button', { name: 'Details' }).click();
  await expect(page.getByText('"token":"[blanked]"')).toBeVisible();

  await page.getByRole('link', { name: 'Desk' }).click();
  await expect(desk.position('SPY')).toContainText('2');
  await desk.open('Order history');
  await desk
    .order('SPY')
    .getByRole('button', { name: /^Story of: / })
    .click();
  await expect(page.getByRole('dialog')).toContainText('By the webhook “Breakout”.');
});

test('a mapping is tried on a sample before it is saved', async ({ page }) => {
  await new Entrance(page).signUp(newPerson());
  await new Desk(page).live();
  await page.goto('/webhooks');
  await page.getByRole('button', { name: 'New webhook' }).click();
  await page.getByLabel('Name').fill('Any form');
  await page.getByRole('button', { name: 'Create webhook' }).click();
  await page.getByRole('button', { name: 'I have copied it' }).click();
  await page.getByRole('tab', { name: 'Mapping' }).click();
  await page.getByRole('button', { name: 'Start from an example' }).click();
  await page.getByRole('button', { name: 'Preview' }).click();
  await expect(page.getByText('This would be sent.')).toBeVisible();
  await page.getByLabel('Sample alert').fill('{"ticker":"ZZZZZ"}');
  await page.getByRole('button', { name: 'Preview' }).click();
  await expect(page.getByText('the alert has no strategy.order.action')).toBeVisible();
  await page
    .getByRole('textbox', { name: 'Mapping' })
    .fill('{"symbol":"{{ticker}}.US","side":"buy","qty":1}');
  await page.getByRole('button', { name: 'Save mapping' }).click();
  await expect(page.getByText(/must be one \{\{path\}\}/)).toBeVisible();
  await page.getByRole('textbox', { name: 'Mapping' }).fill('{"symbol":"{{ticker}}","side":"buy","qty":1}');
  await page.getByRole('button', { name: 'Save mapping' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
});
