// npm run generate: writes the files that come from other sources; with --check only compares them.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { checkGenerated } from './checks/generated.mjs';
import { generatedFiles } from './generated/written-files.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { runScript, StepFailed } from './processes/quiet-step.mjs';
import { ROOT } from './lib/repository.mjs';

await runScript(async () => {
  await ensureInstalled(ROOT);
  if (process.argv.includes('--check')) {
    const problems = await checkGenerated(ROOT);
    if (problems.length > 0) throw new StepFailed(problems.join('\n'));
    return;
  }
  for (const [path, content] of await generatedFiles(ROOT)) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    writeFileSync(join(ROOT, path), content);
    process.stdout.write(`wrote ${path}\n`);
  }
});
