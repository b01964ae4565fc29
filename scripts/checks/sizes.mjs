import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isCode, isTest, listFiles } from '../lib/repository.mjs';

export const LIMITS = { lines: 400, testLines: 600, filesInFolder: 12, depth: 5, appDepth: 7 };

/** Written by tools, or dictated by them: nobody reads these top to bottom. */
const EXEMPT = /^(?:db\/migrations|public|docs\/images|messages)\//;
const REFUSED_FILE = /(?:^|\/)(?:utils?|helpers?|misc)\.[cm]?[jt]sx?$/;
const REFUSED_FOLDER = /(?:^|\/)(?:common|utils?|helpers?|misc)\//;

/**
 * @param {readonly string[]} paths
 * @param {(path: string) => number} linesOf
 * @returns {string[]}
 */
export function sizeProblems(paths, linesOf) {
  const own = paths.filter((path) => !EXEMPT.test(path));
  return [
    ...own.flatMap((path) => lineProblem(path, linesOf) ?? []),
    ...own.flatMap((path) => depthProblem(path) ?? []),
    ...own.flatMap((path) => nameProblem(path) ?? []),
    ...folderProblems(own),
  ];
}

/** @param {string} root @returns {Promise<string[]>} */
export async function checkSizes(root) {
  return sizeProblems(listFiles(root), (path) => {
    const text = readFileSync(join(root, path), 'utf8');
    return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  });
}

/**
 * @param {string} path
 * @param {(path: string) => number} linesOf
 */
function lineProblem(path, linesOf) {
  if (!isCode(path) && !path.endsWith('.css')) return null;
  const limit = isTest(path) ? LIMITS.testLines : LIMITS.lines;
  const lines = linesOf(path);
  return lines > limit ? `${path}: ${lines} lines, at most ${limit}; give its second task a file` : null;
}

/** @param {string} path */
function depthProblem(path) {
  const depth = path.split('/').length - 1;
  const limit = path.startsWith('app/') ? LIMITS.appDepth : LIMITS.depth;
  return depth > limit ? `${path}: ${depth} folders deep, at most ${limit}` : null;
}

/** @param {string} path */
function nameProblem(path) {
  if (!REFUSED_FILE.test(path) && !REFUSED_FOLDER.test(path)) return null;
  return `${path}: says nothing about what is inside; name it by its one task`;
}

/** The root is exempt: tools want their settings there. @param {readonly string[]} paths */
function folderProblems(paths) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const path of paths) {
    const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    if (folder && !isTest(path)) counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, count]) => count > LIMITS.filesInFolder)
    .map(
      ([folder, count]) => `${folder}/: ${count} files, at most ${LIMITS.filesInFolder}; group them by noun`,
    );
}
