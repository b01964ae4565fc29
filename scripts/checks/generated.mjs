import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatedFiles } from '../generated/written-files.mjs';

/** @param {string} root @returns {Promise<string[]>} */
export async function checkGenerated(root) {
  const problems = [...(await generatedFiles(root))].flatMap(([path, wanted]) => {
    const file = join(root, path);
    return staleness(path, existsSync(file) ? readFileSync(file, 'utf8') : null, wanted);
  });
  return problems.length > 0 ? [...problems, 'npm run generate writes them anew.'] : [];
}

/**
 * @param {string} path
 * @param {string | null} current
 * @param {string} wanted
 * @returns {string[]} nothing, or the first line that differs
 */
export function staleness(path, current, wanted) {
  if (current === wanted) return [];
  if (current === null) return [`${path}: missing`];
  const [have, want] = [current.split('\n'), wanted.split('\n')];
  const at = want.findIndex((line, index) => line !== have[index]);
  const index = at < 0 ? want.length : at;
  return [
    `${path}:${index + 1}: stale`,
    `  is:        ${have[index] ?? '(the end)'}`,
    `  should be: ${want[index] ?? '(the end)'}`,
  ];
}
