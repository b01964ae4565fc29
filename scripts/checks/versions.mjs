import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { missingPlatforms } from '../lib/lock-completeness.mjs';
import { isAtLeast } from '../lib/node-version.mjs';

/** No installed copy may be older than this, whoever asked for it. @type {readonly [string, string, string][]} */
const FLOORS = [
  ['next', '16.3.3', 'GHSA-2xp9-vwfh-vxw4: remote code through the image optimizer'],
  ['react', '19.2.6', 'CVE-2026-23870: a crafted Flight request stops the server'],
  ['react-dom', '19.2.6', 'CVE-2026-23870: a crafted Flight request stops the server'],
  ['next-auth', '4.24.15', 'CVE-2026-73420: an e-mail address that only looks like the right one signs in'],
  [
    '@trpc/server',
    '11.8.0',
    'CVE-2025-68130: prototype pollution; CVE-2025-43855: a WebSocket message crashes it',
  ],
  ['nodemailer', '7.0.7', 'GHSA-5jpx-9hw9-2fx4: mail goes to an address of the attacker'],
  ['ws', '8.21.0', 'CVE-2026-45736: denial of service'],
  ['brace-expansion', '5.0.8', 'CVE-2026-14257: denial of service'],
];

/**
 * @param {{ packages: Record<string, { version?: string }> }} lock
 * @param {readonly (readonly [string, string, string])[]} [floors]
 * @returns {string[]}
 */
export function floorProblems(lock, floors = FLOORS) {
  return Object.entries(lock.packages).flatMap(([path, { version }]) => {
    const name = path.split('node_modules/').at(-1);
    const floor = path.includes('node_modules/') ? floors.find(([known]) => known === name) : undefined;
    if (!floor || (version && isAtLeast(version, floor[1]))) return [];
    return [`${path} is ${version ?? 'of no known version'}, at least ${floor[1]}: ${floor[2]}`];
  });
}

const GROUPS = ['dependencies', 'devDependencies', 'optionalDependencies'];

/**
 * A range would let two installs differ.
 * @param {string} path
 * @param {Record<string, Record<string, string> | undefined>} manifest
 * @returns {string[]}
 */
export function rangeProblems(path, manifest) {
  return GROUPS.flatMap((group) =>
    Object.entries(manifest[group] ?? {})
      .filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version))
      .map(([name, version]) => `${path}: ${name} is "${version}"; write the exact version`),
  );
}

/** @param {string} root @returns {Promise<string[]>} */
export async function checkVersions(root) {
  /** @param {string} path */
  const read = (path) => JSON.parse(readFileSync(join(root, path), 'utf8'));
  const workspaces = ['exchange/package.json', 'client/package.json'];
  const manifests = ['package.json', ...workspaces.filter((path) => existsSync(join(root, path)))];
  const lock = read('package-lock.json');
  const missing = [...missingPlatforms(lock.packages).keys()];
  return [
    ...floorProblems(lock),
    ...missing.map(
      (path) => `package-lock.json lacks ${path}: npm ci would refuse it; run npm run complete-lock`,
    ),
    ...manifests.flatMap((path) => rangeProblems(path, read(path))),
  ];
}
