// npm run worker: install, build, send orders beside a desk. Only Node itself is needed to read this file.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureInstalled } from './lib/install.mjs';
import { ensureBuilt } from './lib/product-build.mjs';
import { runScript } from './processes/quiet-step.mjs';
import { ROOT } from './lib/repository.mjs';

await runScript(async () => {
  process.chdir(ROOT);
  await ensureInstalled(ROOT);
  await ensureBuilt(ROOT);
});

// The worker runs in this very process, so that signals and the exit code are its own.
Object.assign(process.env, { NODE_ENV: 'production' });
process.setSourceMapsEnabled(true);
await import(pathToFileURL(join(ROOT, 'dist/worker.js')).href);
