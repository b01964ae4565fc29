import { expect, type Locator, type Page } from '@playwright/test';

/** What a trader sees and does on the desk. */
export class Desk {
  readonly page: Page;
  readonly watchlist: Locator;
  readonly account: Locator;
  readonly ticket: Locator;
  readonly preview: Locator;
  readonly banner: Locator;

  constructor(page: Page) {
    this.page = page;
    this.watchlist = page.getByRole('region', { name: 'Watchlist' });
    this.account = page.getByRole('region', { name: 'Account' });
    this.ticket = page.getByRole('form', { name: 'Order ticket' });
    this.preview = page.getByRole('dialog', { name: 'Check your order' });
    this.banner = page.locator('div').getByText('Connection to the desk lost').last();
  }

  row(symbol: string): Locator {
    return this.watchlist.locator(`[data-symbol="${symbol}"]`);
  }

  position(symbol: string): Locator {
    return this.page.locator(`[data-position="${symbol}"]`);
  }

  order(text: string | RegExp): Locator {
    return this.page.locator('[data-order]').filter({ hasText: text });
  }

  async open(tab: 'Positions' | 'Working orders' | 'Order history' | 'Trades'): Promise<void> {
    await this.page.getByRole('tab', { name: tab }).click();
  }

  /** Waits until live prices arrive. */
  async live(): Promise<void> {
    await expect(this.page.locator('[data-connection="live"]')).toBeVisible();
    await expect(this.row('AAPL')).toContainText(/\d\.\d\d/);
  }

  /** The dollar amount beside a label of the account line. */
  async amount(label: string): Promise<number> {
    const text = await this.account.getByText(label, { exact: true }).locator('..').innerText();
    return Number(/[\d,]+\.\d\d/.exec(text)?.[0].replaceAll(',', ''));
  }

  async fillTicket(order: {
    side: 'Buy' | 'Sell';
    qty: string;
    limit?: string;
    stop?: string;
  }): Promise<void> {
    const choose = (name: string) => this.ticket.getByRole('radio', { name, exact: true }).click();
    await choose(order.side);
    if (order.stop !== undefined) await choose('Stop');
    else await choose(order.limit === undefined ? 'Market' : 'Limit');
    await this.ticket.getByLabel('Quantity').fill(order.qty);
    if (order.limit !== undefined) await this.ticket.getByLabel('Limit price').fill(order.limit);
    if (order.stop !== undefined) await this.ticket.getByLabel('Stop price').fill(order.stop);
  }

  async send(): Promise<void> {
    await this.ticket.getByRole('button', { name: /^Review/ }).click();
    await expect(this.preview).toBeVisible();
    await this.page.keyboard.press('Enter');
    await expect(this.preview).toBeHidden();
  }

  async signOut(): Promise<void> {
    await this.page.getByRole('button', { name: /^Account of / }).click();
    await this.page.getByRole('menuitem', { name: 'Sign out' }).click();
    await expect(this.page).toHaveURL('/sign-in');
  }
}
