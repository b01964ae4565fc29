import { setTimeout as pause } from 'node:timers/promises';
import { chromium, type Page } from '@playwright/test';
import { z } from 'zod';
import { CHROMIUM } from '@/e2e/fixtures/chromium';
import { Desk } from '@/e2e/pages/desk';
import { Entrance } from '@/e2e/pages/entrance';
import { newPerson } from '@/e2e/pages/people';
import type { BenchDesk } from './desk';
import { quantile } from './figures';

const ORDERS = 50;
const WARM = 5;
const BETWEEN_MS = 200;

const placed = z.looseObject({ id: z.string() });
const story = z.object({
  events: z.array(z.looseObject({ fill: z.looseObject({ at: z.string() }).nullable() })),
});

/** Epoch milliseconds at which the position's row was painted with this quantity. */
const whenPainted = (page: Page, qty: number): Promise<number> =>
  page.evaluate(
    (wanted) =>
      new Promise<number>((resolve) => {
        const isThere = () =>
          [...document.querySelectorAll('[data-position="AAPL"] td')].some(
            ({ textContent }) => textContent?.trim() === wanted,
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
    String(qty),
  );

/** From the venue's time of a fill to the position on a trader's screen, in a browser on the same machine. */
export async function benchScreen({ url }: BenchDesk, print: (line: string) => void): Promise<void> {
  const browser = await chromium.launch(CHROMIUM);
  try {
    const page = await browser.newPage({ baseURL: url, viewport: { width: 1440, height: 900 } });
    // The loader names functions by a call that a page knows nothing of.
    await page.addInitScript('globalThis.__name = (named) => named');
    await new Entrance(page).signUp(newPerson());
    await new Desk(page).live();
    const times: number[] = [];
    for (let qty = 1; qty <= WARM + ORDERS; qty += 1) {
      const painted = whenPainted(page, qty);
      const headers = { origin: url, 'idempotency-key': `bench-screen-${qty}` };
      const data = { symbol: 'AAPL', side: 'buy', qty: '1' };
      const { id } = placed.parse(
        await (await page.request.post('/api/v1/orders', { headers, data })).json(),
      );
      const seenAt = await painted;
      const { events } = story.parse(await (await page.request.get(`/api/v1/orders/${id}/events`)).json());
      const filledAt = events.find(({ fill }) => fill !== null)?.fill?.at;
      if (filledAt === undefined) throw new Error(`order ${id} has no fill`);
      if (qty > WARM) times.push(seenAt - Date.parse(filledAt));
      await pause(BETWEEN_MS);
    }
    print(
      `fill to screen, ${ORDERS} orders one after another: p50 ${quantile(times, 0.5)} ms, p99 ${quantile(times, 0.99)} ms`,
    );
  } finally {
    await browser.close();
  }
}
