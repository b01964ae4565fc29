import { setTimeout as pause } from 'node:timers/promises';
import { chromium, type Page } from '@playwright/test';
import { z } from 'zod';
import { Desk } from '@/e2e/pages/desk';
import { Entrance } from '@/e2e/pages/entrance';
import { newPerson } from '@/e2e/pages/people';
import playwright from '@/playwright.config';
import type { BenchDesk } from './desk';
import { quantile } from './figures';

const ORDERS = 40;
const WARM = 5;
/** A trader’s pace: what fills faster is asked for together. */
const BETWEEN_MS = 1_200;

const placed = z.looseObject({ id: z.string() });
const story = z.object({
  events: z.array(z.looseObject({ fill: z.looseObject({ at: z.string() }).nullable() })),
});

/** Epoch milliseconds at which something that matches was painted with a text of this pattern. */
const whenPainted = (page: Page, selector: string, pattern: string): Promise<number> =>
  page.evaluate(
    ([where, wanted]) =>
      new Promise<number>((resolve) => {
        const isThere = () =>
          [...document.querySelectorAll(where)].some(({ textContent }) =>
            new RegExp(wanted).test(textContent?.trim() ?? ''),
          );
        const look = () => {
          if (!isThere()) return;
          observer.disconnect();
          // The frame after the one in which it was drawn.
          requestAnimationFrame(() => requestAnimationFrame(() => resolve(Date.now())));
        };
        const observer = new MutationObserver(look);
        observer.observe(document.body, { subtree: true, childList: true, characterData: true });
        look();
      }),
    [selector, pattern] as const,
  );

/** From the venue's time of a fill to a trader's screen, in a browser on the same machine: its words, and the position. */
export async function benchScreen({ url }: BenchDesk, print: (line: string) => void): Promise<void> {
  const browser = await chromium.launch(playwright.use?.launchOptions);
  try {
    const page = await browser.newPage({ baseURL: url, viewport: { width: 1440, height: 900 } });
    // The loader names functions by a call that a page knows nothing of.
    await page.addInitScript('globalThis.__name = (named) => named');
    await new Entrance(page).signUp(newPerson());
    await new Desk(page).live();
    const [words, positions]: [number[], number[]] = [[], []];
    let held = 0;
    for (let at = 0; at < WARM + ORDERS; at += 1) {
      // Turn by turn, so that no two texts that follow each other are the same.
      const qty = 1 + (at % 2);
      held += qty;
      const told = whenPainted(page, 'p[role="status"]', `^Filled: bought ${qty} AAPL`);
      const shown = whenPainted(page, '[data-position="AAPL"] td', `^${held}$`);
      const headers = { origin: url, 'idempotency-key': `bench-screen-${at}` };
      const data = { symbol: 'AAPL', side: 'buy', qty: String(qty) };
      const { id } = placed.parse(
        await (await page.request.post('/api/v1/orders', { headers, data })).json(),
      );
      const [toldAt, shownAt] = await Promise.all([told, shown]);
      const { events } = story.parse(await (await page.request.get(`/api/v1/orders/${id}/events`)).json());
      const filledAt = events.find(({ fill }) => fill !== null)?.fill?.at;
      if (filledAt === undefined) throw new Error(`order ${id} has no fill`);
      if (at >= WARM) {
        words.push(toldAt - Date.parse(filledAt));
        positions.push(shownAt - Date.parse(filledAt));
      }
      await pause(BETWEEN_MS);
    }
    const show = (times: readonly number[]) =>
      `p50 ${quantile(times, 0.5)} ms, p99 ${quantile(times, 0.99)} ms`;
    print(`fill to screen, ${ORDERS} orders one after another`);
    print(`  to its words     ${show(words)}`);
    print(`  to the position  ${show(positions)}`);
  } finally {
    await browser.close();
  }
}
