import { expect, test } from '../fixtures/test';
import { Desk } from '../pages/desk';
import { Entrance } from '../pages/entrance';
import { newPerson } from '../pages/people';
import { SecondFactor } from '../pages/second-factor';

test('a second factor is set up by its QR code, asked for at signing in, and taken away', async ({
  page,
}) => {
  const person = newPerson();
  const entrance = new Entrance(page);
  await entrance.signUp(person);
  const factor = new SecondFactor(page);
  const [recovery = ''] = await factor.enrol(person);

  await page.goto('/');
  await new Desk(page).signOut();
  await entrance.signIn(person);
  const code = page.getByLabel('Code', { exact: true });
  await expect(code).toBeFocused();
  await code.fill('000000');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert').getByText('That did not work.')).toBeVisible();
  await code.fill(factor.code());
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL('/');

  await new Desk(page).signOut();
  await entrance.signIn(person);
  await code.fill(recovery);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL('/');

  await page.goto('/security');
  await expect(page.getByText('9 recovery codes left')).toBeVisible();
  await page.getByRole('button', { name: 'Turn off' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Password').fill('not the password');
  await dialog.getByLabel('Code of your authenticator').fill(factor.code(1));
  await dialog.getByRole('button', { name: 'Turn off the second factor' }).click();
  await expect(dialog.getByText('The password is not right.')).toBeVisible();
  await dialog.getByLabel('Password').fill(person.password);
  await dialog.getByRole('button', { name: 'Turn off the second factor' }).click();
  await expect(page.getByText('No second factor')).toBeVisible();
});
