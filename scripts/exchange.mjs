// npm run exchange -- …flags: the simulated exchange by itself, in this process: signals and exit code are its own.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { hashInputs, isFresh } from './lib/build-stamp.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { runScript } from './processes/quiet-step.mjs';
import { ROOT } from './lib/repository.mjs';

await runScript(() => ensureInstalled(ROOT));

if (isFresh(ROOT, hashInputs(ROOT))) {
  process.setSourceMapsEnabled(true);
  await import(pathToFileURL(join(ROOT, 'dist/exchange.js')).href);
} else {
  const { register } = await import('tsx/esm/api');
  register();
  await import(pathToFileURL(join(ROOT, 'exchange/cli.ts')).href);
}
