import { setImmediate } from 'node:timers/promises';

/** Milliseconds that one request may work before others get a turn. */
const LONGEST_MS = 12;

/** A breath to take between pieces of long work: lets others in when the last one was long ago. */
export function takeTurns(): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < LONGEST_MS) return undefined;
    return setImmediate().then(() => {
      since = performance.now();
    });
  };
}
