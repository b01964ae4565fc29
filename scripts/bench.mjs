// npm run bench -- [quote] [order] [screen] [accept] [risk] [pages] [workers] [exchange] [start]: what the built product measures on this machine, as text.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureInstalled } from './lib/install.mjs';
import { ensureBuilt } from './lib/product-build.mjs';
import { ROOT } from './lib/repository.mjs';
import { runScript } from './processes/quiet-step.mjs';

await runScript(async () => {
  process.chdir(ROOT);
  await ensureInstalled(ROOT);
  await ensureBuilt(ROOT);
  const { register } = await import('tsx/esm/api');
  register();
  const { runBenches } = await import(pathToFileURL(join(ROOT, 'bench/run.ts')).href);
  await runBenches(
    process.argv.slice(2),
    /** @param {string} line */ (line) => process.stdout.write(`${line}\n`),
  );
});
