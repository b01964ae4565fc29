import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@libsql/client';
import { findSqld } from '@/scripts/programs/sqld.mjs';
import { freePort } from './free-port';
import { until } from '../until';

/** A real libSQL server of the test's own, on a free loopback port. */
export type TestSqld = {
  readonly url: string;
  dispose(): Promise<void>;
};

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
