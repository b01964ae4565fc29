import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { isTest, listFiles } from './repository.mjs';

/** What is never part of the product: everything else is, so a new room cannot be forgotten. */
const OUTSIDE = /^(?:docs|e2e|bench|chaos|ops|\.github|\.ci)\//;
const OUTSIDE_FILES =
  /^(?:[^/]+\.md|LICENSE|\.[^/]+|biome\.json|knip\.json|vitest\.config\.\w+|playwright\.config\.\w+)$/;
/** Of the scripts only the builder shapes what is built. */
const BUILDER = 'scripts/lib/product-build.mjs';

/** The files that must exist for a stamped build to be a whole one. */
const OUTPUTS = ['dist/main.js', 'dist/exchange.js', '.next/BUILD_ID'];

/** @param {string} path */
export function isBuildInput(path) {
  if (path.startsWith('scripts/')) return path === BUILDER;
  return !OUTSIDE.test(path) && !OUTSIDE_FILES.test(path) && !isTest(path);
}

/**
 * One hash over names and contents of all inputs, over the place and over the platform: Next writes absolute
 * paths into its output, so a moved folder is built again.
 * @param {string} root
 * @param {string} [dataDir] where the server keeps its data: when that is in here it changes all the time
 */
export function hashInputs(root, dataDir = process.env['DATA_DIR'] || 'data') {
  const data = `${relative(root, resolve(root, dataDir)).split(sep).join('/')}/`;
  const hash = createHash('sha256').update(`${root}\0${process.platform}-${process.arch}\0`);
  for (const path of listFiles(root).filter(isBuildInput)) {
    if (path.startsWith(data)) continue;
    const content = readFileSync(join(root, path));
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/**
 * @param {string} root
 * @param {string} hash
 */
export function isFresh(root, hash) {
  const stamp = stampPath(root);
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== hash) return false;
  return OUTPUTS.every((path) => existsSync(join(root, path)));
}

/** Called before a build begins: from here until the next stamp nothing counts as built. @param {string} root */
export function clearStamp(root) {
  rmSync(stampPath(root), { force: true });
}

/**
 * Called after the last output is written. The rename makes the stamp appear whole or not at all.
 * @param {string} root
 * @param {string} hash
 */
export function writeStamp(root, hash) {
  const stamp = stampPath(root);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(`${stamp}.new`, hash);
  renameSync(`${stamp}.new`, stamp);
}

/** @param {string} root */
function stampPath(root) {
  return join(root, 'dist/.stamp');
}
