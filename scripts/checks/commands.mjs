import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../processes/run-command.mjs';

/**
 * Checks that are someone else's program. Each answers with the lines to show, none when all is well.
 * @typedef {(root: string) => Promise<string[]>} Check
 */

/** @type {Check} */
export async function checkFormat(root) {
  const problems = await complaints(root, '@biomejs/biome/bin/biome', [
    'format',
    '.',
    '--colors=off',
    '--reporter=summary',
  ]);
  return problems.length > 0 ? [...problems, 'npm run format writes it right.'] : [];
}

/** @type {Check} */
export function checkLint(root) {
  return complaints(root, 'oxlint/bin/oxlint', ['--deny-warnings', '--format=unix', '.']);
}

/** Route types are generated first: a fresh clone has none. @type {Check} */
export async function checkTypes(root) {
  if (existsSync(join(root, 'app'))) {
    const problems = await complaints(root, 'next/dist/bin/next', ['typegen'], {
      NEXT_TELEMETRY_DISABLED: '1',
    });
    if (problems.length > 0) return problems;
  }
  // An earlier run's memory does not notice route types that changed.
  return complaints(root, 'typescript/bin/tsc', ['--noEmit', '--pretty', 'false', '--incremental', 'false']);
}

/** The scripts are JavaScript, with their types in comments. @type {Check} */
export function checkScriptTypes(root) {
  return complaints(root, 'typescript/bin/tsc', [
    '--noEmit',
    '--pretty',
    'false',
    '-p',
    'scripts/tsconfig.json',
  ]);
}

/** @type {Check} */
export function checkDeadCode(root) {
  return complaints(root, 'knip/bin/knip.js', ['--no-progress']);
}

/**
 * @param {string} root
 * @param {string} bin path below node_modules
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
async function complaints(root, bin, args, env = {}) {
  const { code, output } = await runCommand(process.execPath, [join(root, 'node_modules', bin), ...args], {
    cwd: root,
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, ...env },
    timeoutMs: 120_000,
  });
  if (code === 0) return [];
  return [output.trim() || `${bin} ended with exit code ${code} and said nothing`];
}
