// npm run chaos -- [--faults all|none|F9,F11] [--seeds N] [--seed S] [--kills N]: kills and faults against the built
// desk, judged by the exchange's journal. The last line is "N passed, N failed".
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureInstalled } from './lib/install.mjs';
import { ensureBuilt } from './lib/product-build.mjs';
import { ROOT } from './lib/repository.mjs';
import { lastLine } from './lib/tally.mjs';
import { runScript, StepFailed } from './processes/quiet-step.mjs';

/** @param {string | undefined} text @param {number} fallback */
function whole(text, fallback) {
  const value = text === undefined ? fallback : Number(text);
  if (!Number.isInteger(value) || value < 0) throw new StepFailed(`${text} is not a whole number`);
  return value;
}

await runScript(async () => {
  process.chdir(ROOT);
  const text = /** @type {const} */ ({ type: 'string' });
  const { values } = parseArgs({
    options: { faults: text, seeds: text, seed: text, kills: text, report: text },
  });
  const faults = values.faults ?? 'all';
  await ensureInstalled(ROOT);
  await ensureBuilt(ROOT);
  const { register } = await import('tsx/esm/api');
  register();
  const { runChaos } = await import(pathToFileURL(join(ROOT, 'chaos/run.ts')).href);
  const plan = {
    faults: faults === 'all' ? 'all' : faults.split(','),
    seeds: whole(values.seeds, 1),
    firstSeed: whole(values.seed, 1),
    kills: whole(values.kills, values.seed === undefined ? 20 : 0),
  };
  const started = performance.now();
  const tally = await runChaos(plan, /** @param {string} line */ (line) => process.stdout.write(`${line}\n`));
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  process.stdout.write(`\n${JSON.stringify(plan)} in ${seconds} s\n${lastLine(tally)}\n`);
  if (values.report !== undefined) writeFileSync(values.report, JSON.stringify(tally));
  process.exitCode = tally.failed > 0 || tally.passed === 0 ? 1 : 0;
});
