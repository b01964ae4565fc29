import { join } from 'node:path';
import { CHECKS } from '../checks/all-checks.mjs';
import { ensureBuilt } from '../lib/product-build.mjs';
import { runChecks } from '../lib/run-checks.mjs';
import { countPlaywright, countVitest } from '../lib/tally.mjs';
import { countedRun } from './counted-run.mjs';
import { ensureSystemPackages } from './system-packages.mjs';

/**
 * @typedef {import('../lib/tally.mjs').Tally} Tally
 * @typedef {{ name: string, run: (root: string, filters: string[]) => Promise<Tally> }} Stage
 */

const MINUTE = 60_000;

/** In this order; each runs whatever became of the one before. @type {readonly Stage[]} */
export const STAGES = [
  { name: 'verify', run: (root) => runChecks(CHECKS, root, (text) => process.stdout.write(text)) },
  { name: 'unit', run: runUnit },
  { name: 'e2e', run: runEndToEnd },
  { name: 'chaos', run: runChaosShort },
];

/** Unit and integration tests; some of them start a Redis of their own. @type {Stage['run']} */
async function runUnit(root, filters) {
  await ensureSystemPackages(root);
  const report = join(root, 'test-results/vitest.json');
  return countedRun({
    args: [
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...filters,
    ],
    report,
    cwd: root,
    timeoutMs: 20 * MINUTE,
    count: countVitest,
  });
}

/** Each fault three times (slow ones once) and a hundred kills against the built product; filters are options of `npm run chaos`. @type {Stage['run']} */
async function runChaosShort(root, filters) {
  await ensureSystemPackages(root);
  await ensureBuilt(root);
  const report = join(root, 'test-results/chaos.json');
  return countedRun({
    args: [
      join(root, 'scripts/chaos.mjs'),
      '--short',
      '--seeds',
      '3',
      '--kills',
      '100',
      '--report',
      report,
      ...filters,
    ],
    report,
    cwd: root,
    timeoutMs: 40 * MINUTE,
    /** @param {Tally} tally */
    count: ({ passed, failed }) => ({ passed, failed }),
  });
}

/** The built product in a real browser. @type {Stage['run']} */
async function runEndToEnd(root, filters) {
  await ensureSystemPackages(root);
  await ensureBuilt(root);
  const report = join(root, 'test-results/playwright.json');
  return countedRun({
    args: [join(root, 'node_modules/@playwright/test/cli.js'), 'test', '--reporter=list,json', ...filters],
    report,
    cwd: root,
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: report },
    timeoutMs: 25 * MINUTE,
    count: countPlaywright,
  });
}
