import { ensureInstalled } from './lib/install.mjs';
import { ensureBuilt } from './lib/product-build.mjs';
import { runScript } from './processes/quiet-step.mjs';
import { ROOT } from './lib/repository.mjs';

await runScript(async () => {
  await ensureInstalled(ROOT);
  await ensureBuilt(ROOT);
  process.stdout.write('Built.\n');
});
