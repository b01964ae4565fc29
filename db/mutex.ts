import { createHistogram } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** So long may writes follow each other before everything else has its turn, in ms. */
const YIELD_MS = 25;
const NS_IN_MS = 1_000_000;

/** Lets one work run after another, and keeps count of how long they waited. */
export function createMutex() {
  const waits = createHistogram();
  let tail: Promise<unknown> = Promise.resolve();
  let pending = 0;
  let since = 0;

  /** A synchronous driver answers within the same turn of the event loop, which a queue of writes would never end. */
  async function orYield(askedAt: number): Promise<void> {
    if (performance.now() - since >= YIELD_MS) {
      await nextTurn();
      since = performance.now();
    }
    waits.record(Math.max(1, Math.round((performance.now() - askedAt) * NS_IN_MS)));
  }

  function exclusive<Result>(work: () => Promise<Result>): Promise<Result> {
    const askedAt = performance.now();
    if (pending === 0) since = askedAt;
    pending += 1;
    const run = tail.then(() => orYield(askedAt)).then(work);
    tail = run.then(
      () => void (pending -= 1),
      () => void (pending -= 1),
    );
    return run;
  }
  return { exclusive, waits };
}
