import { setTimeout as pause } from 'node:timers/promises';

/** Looks again and again; whether it became so in time. */
export async function until(look: () => Promise<boolean> | boolean, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    if (await look()) return true;
    if (performance.now() > deadline) return false;
    await pause(50);
  }
}
