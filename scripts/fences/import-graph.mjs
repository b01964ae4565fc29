import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { importsOf, parseSource } from './imports-of.mjs';
import { ambientUses } from './ambient.mjs';

/**
 * @typedef {{ from: string, to: string, typeOnly: boolean }} Edge an import of a file of ours
 * @typedef {{ from: string, name: string, typeOnly: boolean }} PackageUse an import of anything else
 * @typedef {{ from: string, what: string, line: number }} AmbientUse
 * @typedef {{ edges: Edge[], packages: PackageUse[], ambient: AmbientUse[], problems: string[] }} Graph
 */

/** Workspace packages by name: their files are ours. @type {Record<string, string>} */
const WORKSPACES = { '@outcry/exchange': 'exchange', '@outcry/client': 'client' };
const SUFFIXES = ['', '.ts', '.tsx', '.mjs', '.js', '.d.ts', '/index.ts', '/index.tsx'];

/**
 * Reads the imports of all given files.
 * @param {readonly string[]} paths code files, relative to the root
 * @param {(path: string) => string} read
 * @returns {Graph}
 */
export function importGraph(paths, read) {
  const known = new Set(paths);
  /** @type {Graph} */
  const graph = { edges: [], packages: [], ambient: [], problems: [] };
  for (const from of paths) {
    const source = read(from);
    const tree = parseOrReport(from, source, graph.problems);
    if (!tree) continue;
    for (const { specifier, typeOnly } of importsOf(tree)) {
      const target = ourPath(from, specifier);
      if (target === null) {
        graph.packages.push({ from, name: specifier, typeOnly });
      } else {
        const to = SUFFIXES.map((suffix) => target + suffix).find((path) => known.has(path));
        // Styles, JSON and generated files are no code; where they live still decides.
        graph.edges.push({ from, to: to ?? target, typeOnly });
      }
    }
    for (const use of ambientUses(tree, source)) graph.ambient.push({ from, ...use });
  }
  return graph;
}

/** @param {string} root @returns {(path: string) => string} */
export function reader(root) {
  return (path) => readFileSync(posix.join(root, path), 'utf8');
}

/**
 * @param {string} path
 * @param {string} source
 * @param {string[]} problems
 */
function parseOrReport(path, source, problems) {
  try {
    return parseSource(path, source);
  } catch (error) {
    problems.push(`${path}: cannot be parsed: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}

/**
 * @param {string} from
 * @param {string} specifier
 * @returns {string | null} a path from the root, or null for a package
 */
function ourPath(from, specifier) {
  if (specifier.startsWith('@/')) return posix.normalize(specifier.slice(2));
  if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier);
  for (const [name, folder] of Object.entries(WORKSPACES)) {
    if (specifier === name) return `${folder}/index`;
    if (specifier.startsWith(`${name}/`)) return folder + specifier.slice(name.length);
  }
  return null;
}
