import { expect, test } from '../fixtures/test';
import { Desk } from '../pages/desk';
import { Entrance } from '../pages/entrance';
import { newPerson } from '../pages/people';

test('a wrong password is refused in plain words, and the right one opens the desk', async ({
  page,
  openContext,
}) => {
  const person = newPerson();
  await new Entrance(page).signUp(person);
  const elsewhere = await (await openContext()).newPage();
  const entrance = new Entrance(elsewhere);
  await entrance.signIn(person, 'not the password at all');
  await expect(elsewhere.getByText('Username or password is wrong')).toBeVisible();
  await expect(elsewhere).toHaveURL('/sign-in');
  await entrance.signIn(person);
  await expect(elsewhere).toHaveURL('/');
  await new Desk(elsewhere).live();
});

test('a reload keeps the session, and the desk is closed to strangers', async ({ page, openContext }) => {
  await new Entrance(page).signUp(newPerson());
  await new Desk(page).live();
  await page.reload();
  await new Desk(page).live();
  const stranger = await (await openContext()).newPage();
  await stranger.goto('/');
  await expect(stranger).toHaveURL('/sign-in');
});

test('signing out ends the session for copies of its cookie too', async ({ page, openContext }) => {
  await new Entrance(page).signUp(newPerson());
  const desk = new Desk(page);
  await desk.live();
  const copy = await openContext({ storageState: await page.context().storageState() });
  await desk.signOut();
  const answer = await copy.request.get('/api/trpc/auth.me');
  expect(answer.status()).toBe(401);
});

test('a taken username is said beside its field', async ({ page, openContext }) => {
  const person = newPerson();
  await new Entrance(page).signUp(person);
  const other = await (await openContext()).newPage();
  await other.goto('/sign-up');
  await other.getByLabel('E-mail').fill(`other-${person.email}`);
  await other.getByLabel('Username').fill(person.username);
  await other.getByLabel('Password', { exact: true }).fill(person.password);
  await other.getByRole('button', { name: 'Create account' }).click();
  await expect(other.getByText('already in use')).toBeVisible();
});
