import { expect, type Page } from '@playwright/test';
import type { Person } from './people';

/** The pages before the desk. */
export class Entrance {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async signUp(person: Person): Promise<void> {
    await this.page.goto('/sign-up');
    await this.page.getByLabel('E-mail').fill(person.email);
    await this.page.getByLabel('Username').fill(person.username);
    await this.page.getByLabel('Password', { exact: true }).fill(person.password);
    await this.page.getByRole('button', { name: 'Create account' }).click();
    await expect(this.page).toHaveURL('/');
  }

  async signIn(person: Person, password = person.password): Promise<void> {
    await this.page.goto('/sign-in');
    await this.page.getByLabel('Username or e-mail').fill(person.username);
    await this.page.getByLabel('Password', { exact: true }).fill(password);
    await this.page.getByRole('button', { name: 'Sign in' }).click();
  }
}
