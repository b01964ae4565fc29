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

type Ending<End> = { ended(): Promise<End> };

/** How a process ended; null when it had not in time. Nobody waits for the time once it has. */
export const endedWithin = <End>(running: Ending<End>, withinMs: number): Promise<End | null> =>
  Promise.race([running.ended(), pause(withinMs, null, { ref: false })]);
