import { setTimeout as pause } from 'node:timers/promises';

const LOOK_AGAIN_MS = 20;

/** Looks again and again until `look` answers something other than null or false; throws when it does not in time. */
export async function until<Found>(
  what: string,
  look: () => Found | null | false | Promise<Found | null | false>,
  withinMs = 10_000,
): Promise<Found> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== null && found !== false) return found;
    if (performance.now() > deadline) throw new Error(`waited ${withinMs} ms in vain until ${what}`);
    await pause(LOOK_AGAIN_MS);
  }
}
