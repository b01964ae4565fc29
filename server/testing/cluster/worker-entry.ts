import { z } from 'zod';
import '@/server/worker';

const order = z.object({ blockMs: z.number() });

/** A worker whose event loop a test can block; see worker-process. */
process.on('message', (message) => {
  const until = performance.now() + order.parse(message).blockMs;
  while (performance.now() < until);
});
