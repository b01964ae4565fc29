// npm run verify: every check that needs no server.
import { ensureInstalled } from './lib/install.mjs';
import { runScript } from './processes/quiet-step.mjs';
import { ROOT } from './lib/repository.mjs';
import { runChecks } from './lib/run-checks.mjs';
import { lastLine } from './lib/tally.mjs';

await runScript(async () => {
  await ensureInstalled(ROOT);
  // Only now: the checks import installed packages.
  const { CHECKS } = await import('./checks/all-checks.mjs');
  const wanted = process.argv.slice(2);
  const checks = wanted.length === 0 ? CHECKS : CHECKS.filter(([name]) => wanted.includes(name));
  const tally = await runChecks(checks, ROOT, (text) => process.stdout.write(text));
  process.stdout.write(`${lastLine(tally)}\n`);
  process.exitCode = tally.failed > 0 || tally.passed === 0 ? 1 : 0;
});
