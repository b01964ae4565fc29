import { z } from 'zod';
import { lockInstance } from '@/server/platform/instance-lock';
import { startDesk } from './desk';

/** Runs a desk in a process of its own; see desk-process. The folder and the settings come as arguments. */
const [dataDir = '', settings = '{}'] = process.argv.slice(2);

async function run(): Promise<void> {
  await lockInstance(dataDir, 2_000);
  const desk = await startDesk(z.record(z.string(), z.string()).parse(JSON.parse(settings)), dataDir);
  const stop = () => {
    desk.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGTERM', stop);
  process.once('disconnect', stop);
  process.send?.({ url: desk.url, exchangeUrl: desk.parts.exchange.url });
}

run().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
