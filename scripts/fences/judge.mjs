import { isTest } from '../lib/repository.mjs';
import { ROOMS, TEST_IMPORTS } from './table.mjs';

/**
 * @typedef {import('./table.mjs').Room} Room
 * @typedef {{ room: Room, part: string }} Place a room, and which of its parts when it has several
 */

/** @param {string} path @returns {Place | null} */
function placeOf(path) {
  for (const room of ROOMS) {
    const match = room.path.exec(path);
    if (match) return { room, part: match.groups?.['part'] ?? '' };
  }
  return null;
}

/**
 * Judges a whole import graph by the table.
 * @param {import('./import-graph.mjs').Graph} graph
 * @returns {string[]} one line for each thing that is wrong
 */
export function judge(graph) {
  return [
    ...graph.problems,
    ...graph.edges.flatMap((edge) => judgeEdge(edge) ?? []),
    ...graph.packages.flatMap((use) => judgePackage(use) ?? []),
    ...graph.ambient.flatMap((use) => judgeAmbient(use) ?? []),
  ];
}

/** @param {import('./import-graph.mjs').Edge} edge @returns {string | null} */
function judgeEdge({ from, to, typeOnly }) {
  const source = placeOf(from);
  const target = placeOf(to);
  if (!source) return `${from}: no room in the table has this path; see docs/architecture.md`;
  if (!target) return `${from} imports ${to}: that is in no room; see docs/architecture.md`;
  if (source.room === target.room && source.part === target.part) return null;
  const leave = leaveOf(source.room, from, target.room.name);
  if (leave === 'all' || (leave === 'types' && typeOnly)) return null;
  const said = leave === 'types' ? 'may import only its types (import type …)' : 'may not import it';
  const instead = target.room.instead ? `; instead: ${target.room.instead}` : '';
  return `${from} imports ${to}: ${nameOf(source)} ${said}${instead}`;
}

/**
 * @param {Room} room
 * @param {string} from
 * @param {string} target
 * @returns {'all' | 'types' | 'none'}
 */
function leaveOf(room, from, target) {
  const besides = isTest(from) ? TEST_IMPORTS.filter(({ of }) => of.test(room.name)) : [];
  const names = new Set([...room.imports, ...besides.flatMap(({ imports }) => imports)]);
  if (names.has(target)) return 'all';
  return names.has(`T:${target}`) ? 'types' : 'none';
}

/** @param {Place} place */
function nameOf({ room, part }) {
  return part ? `${room.name} (${part})` : room.name;
}

/** @param {import('./import-graph.mjs').PackageUse} use @returns {string | null} */
function judgePackage({ from, name, typeOnly }) {
  const place = placeOf(from);
  if (!place) return `${from}: no room in the table has this path; see docs/architecture.md`;
  if (isTest(from) || typeOnly || !place.room.no?.test(name)) return null;
  return `${from} imports the package ${name}: ${nameOf(place)} must not know it`;
}

/** Rooms whose verbs must give the same answer to the same arguments. */
const DETERMINED = new Set(['domain', 'server/services']);
/** Rooms that may read the environment; everyone else takes settings as arguments. */
const READS_ENV = new Set([
  'server/env',
  'exchange/cli',
  'configuration',
  'scripts',
  'e2e',
  'bench',
  'chaos',
]);

/** @param {import('./import-graph.mjs').AmbientUse} use @returns {string | null} */
function judgeAmbient({ from, what, line }) {
  const place = placeOf(from);
  if (!place || isTest(from)) return null;
  if (what === 'process.env') {
    if (READS_ENV.has(place.room.name)) return null;
    return `${from}:${line} reads process.env; instead: declare it in server/env.ts and take it as an argument`;
  }
  if (!DETERMINED.has(place.room.name)) return null;
  return `${from}:${line} uses ${what}; instead: take the clock and the ids from ctx (domain: as an argument)`;
}
