import { expect, type Page } from '@playwright/test';
import { Secret, TOTP } from 'otpauth';
import type { Person } from './people';

/** The security page, with the authenticator on the trader's phone. */
export class SecondFactor {
  readonly page: Page;
  private secret = '';

  constructor(page: Page) {
    this.page = page;
  }

  /** The code now, or `steps` of 30 seconds away; none works twice. */
  code(steps = 0): string {
    const totp = new TOTP({ secret: Secret.fromBase32(this.secret), digits: 6, period: 30 });
    return totp.generate({ timestamp: Date.now() + steps * 30_000 });
  }

  /** Sets a second factor up by the code of the step before, which leaves the present one good. */
  async enrol(person: Person): Promise<string[]> {
    const { page } = this;
    await page.goto('/security');
    await page.getByRole('button', { name: 'Set up a second factor' }).click();
    await page.getByLabel('Password').fill(person.password);
    await page.getByRole('button', { name: 'Next' }).click();
    await expect(page.getByRole('img', { name: /QR code/ })).toBeVisible();
    this.secret = (await page.locator('[data-secret]').innerText()).replaceAll(' ', '');
    await page.getByLabel('The code it shows now').fill(this.code(-1));
    await page.getByRole('button', { name: 'Turn on' }).click();
    const codes = page.locator('[data-codes] li');
    await expect(codes).toHaveCount(10);
    const kept = await codes.allInnerTexts();
    await page.getByRole('button', { name: 'I have kept them' }).click();
    await expect(page.locator('[data-enrolled=true]')).toBeVisible();
    return kept;
  }
}
