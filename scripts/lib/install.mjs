import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withFileLock } from './file-lock.mjs';
import { nodeVersionProblem } from './node-version.mjs';
import { quietStep, StepFailed } from '../processes/quiet-step.mjs';

/**
 * @typedef {{ version?: string, optional?: boolean, link?: boolean }} LockEntry
 * @typedef {{ packages: Record<string, LockEntry> }} Lock
 */

/**
 * Makes node_modules what package-lock.json says; does nothing, in milliseconds, when it already is.
 * @param {string} root
 */
export async function ensureInstalled(root) {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const problem = nodeVersionProblem(process.versions.node, manifest.engines.node);
  if (problem) throw new StepFailed(problem);
  if (isInstalled(root)) return;
  const onWait = () => process.stdout.write('Waiting for another start to finish installing…\n');
  await withFileLock(join(root, 'dist/.lock'), () => install(root), { onWait });
}

/** @param {string} root */
async function install(root) {
  if (isInstalled(root)) return;
  const [command, ...before] = npmCommand();
  const args = [...before, 'ci', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund'];
  await quietStep('Installing', command, args, { cwd: root, timeoutMs: 15 * 60_000 });
  writeFileSync(stampPath(root), lockHash(root));
}

/**
 * The stamp is the fast path. Without one, a hand-made `npm ci` counts when npm's own record of what it
 * installed agrees with the lock file: npm writes that record last, so a killed install has none.
 * @param {string} root
 */
export function isInstalled(root) {
  const hash = lockHash(root);
  if (existsSync(stampPath(root)) && readFileSync(stampPath(root), 'utf8') === hash) return true;
  const record = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(record)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const installed = JSON.parse(readFileSync(record, 'utf8'));
  if (!lockSatisfied(wanted, installed)) return false;
  writeFileSync(stampPath(root), hash);
  return true;
}

/**
 * @param {Lock} wanted
 * @param {Lock} installed
 */
export function lockSatisfied(wanted, installed) {
  return Object.entries(wanted.packages).every(([path, entry]) => {
    if (!path.includes('node_modules/') || entry.link) return true;
    const have = installed.packages[path];
    return have ? have.version === entry.version : entry.optional === true;
  });
}

/** @param {string} root */
function stampPath(root) {
  return join(root, 'node_modules/.outcry-lock-hash');
}

/** @param {string} root */
function lockHash(root) {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

/** npm started us in most cases: use that very npm. @returns {[string, ...string[]]} */
function npmCommand() {
  const path = process.env['npm_execpath'];
  return path?.endsWith('.js') && existsSync(path) ? [process.execPath, path] : ['npm'];
}
