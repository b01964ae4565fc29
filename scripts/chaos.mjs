// npm run chaos: kills and faults against the built desk, judged by the exchange's journal. The last line is
// "N passed, N failed".
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureInstalled } from './lib/install.mjs';
import { ensureBuilt } from './lib/product-build.mjs';
import { ROOT } from './lib/repository.mjs';
import { lastLine } from './lib/tally.mjs';
import { runScript, StepFailed } from './processes/quiet-step.mjs';

const HELP = `npm run chaos -- [options]

Puts the built desk through faults of its exchange and random SIGKILLs, and compares its books with the exchange's
journal. Every fault runs a second time with a naive sender whose books must be found wrong.

  --faults all|none|F9,F11  which faults (all)
  --seeds N                 how many seeds of each fault (1)
  --short                   one seed of the slow faults, however many of the others
  --seed S                  the first seed (1); with it there are no kills unless --kills asks for some
  --kills N                 how many SIGKILLs at random moments (20)
  --results FILE            adds results to a file and leaves out what held before: a long run in parts
  --report FILE             writes the counts as JSON
  --help                    this text
`;

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
    options: {
      faults: text,
      seeds: text,
      seed: text,
      kills: text,
      results: text,
      report: text,
      short: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) {
    process.stdout.write(HELP);
    return;
  }
  const faults = values.faults ?? 'all';
  await ensureInstalled(ROOT);
  await ensureBuilt(ROOT);
  const { register } = await import('tsx/esm/api');
  register();
  const { runChaos, unknownFaults } = await import(pathToFileURL(join(ROOT, 'chaos/run.ts')).href);
  const plan = {
    faults: faults === 'all' ? 'all' : faults.split(','),
    seeds: whole(values.seeds, 1),
    short: values.short === true,
    firstSeed: whole(values.seed, 1),
    kills: whole(values.kills, values.seed === undefined ? 20 : 0),
    results: values.results ?? null,
  };
  const unknown = unknownFaults(plan);
  if (unknown.length > 0) throw new StepFailed(`no such fault: ${unknown.join(', ')}; see --help`);
  const started = performance.now();
  const tally = await runChaos(plan, /** @param {string} line */ (line) => process.stdout.write(`${line}\n`));
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  process.stdout.write(`\n${JSON.stringify(plan)} in ${seconds} s\n${lastLine(tally)}\n`);
  if (values.report !== undefined) writeFileSync(values.report, JSON.stringify(tally));
  process.exitCode = tally.failed > 0 || tally.passed === 0 ? 1 : 0;
});
