import { readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds package.json. */
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Folders that are made, not written: nothing in them is source. */
const MADE = new Set([
  'node_modules',
  '.next',
  'dist',
  'data',
  'coverage',
  'test-results',
  'playwright-report',
  '.git',
]);

/**
 * Lists every written file below `root` as sorted paths with forward slashes. It walks the tree instead of
 * asking git, so that a tarball without history is checked the same way.
 * @param {string} [root]
 * @returns {string[]}
 */
export function listFiles(root = ROOT) {
  /** @type {string[]} */
  const found = [];
  /** @param {string} folder */
  const walk = (folder) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder ? `${folder}/${entry.name}` : entry.name;
      if (entry.isDirectory()) {
        if (!MADE.has(entry.name)) walk(path);
      } else if (entry.isFile() && !isMachineFile(entry.name)) {
        found.push(path);
      }
    }
  };
  walk('');
  return found.sort();
}

/** @param {string} name */
function isMachineFile(name) {
  if (name === '.env.example') return false;
  return (
    name === 'next-env.d.ts' ||
    name === '.env' ||
    name.startsWith('.env.') ||
    name.endsWith('.tsbuildinfo') ||
    name.endsWith('.log')
  );
}

/** @param {string} path */
export function isTest(path) {
  return /\.(?:test|spec)\.[cm]?[jt]sx?$/.test(path);
}

/** @param {string} path */
export function isCode(path) {
  return /\.[cm]?[jt]sx?$/.test(path);
}
