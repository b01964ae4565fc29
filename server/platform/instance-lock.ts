import { createClient } from '@libsql/client';
import { statSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export type InstanceLock = { release(): void };

const RETRY_MS = 200;

/** Another desk runs on this folder. */
export class InstanceLockedError extends Error {}

/**
 * Holds `DATA_DIR` for this process alone: an open write transaction on a lock database. The operating
 * system lets go of it with the process, `kill -9` included, so it is never stale. A predecessor that is
 * still stopping gets `patienceMs`.
 */
export async function lockInstance(dataDir: string, patienceMs: number): Promise<InstanceLock> {
  const client = createClient({ url: `file:${join(dataDir, 'instance.lock')}`, concurrency: 1 });
  for (let waited = 0; ; waited += RETRY_MS) {
    try {
      const held = await client.transaction('write');
      return {
        release: () => {
          held.close();
          client.close();
        },
      };
    } catch (error) {
      const busy = error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY');
      if (!busy || waited >= patienceMs) {
        client.close();
        if (!busy) throw error;
        throw new InstanceLockedError(
          `another Outcry runs on ${dataDir}; stop it or choose another DATA_DIR`,
        );
      }
      await pause(RETRY_MS);
    }
  }
}

/** Where a desk runs: machine and folder, told apart from a copy of it. Whoever holds the folder's lock is alone there. */
export function placeOf(dataDir: string): string {
  const folder = resolve(dataDir);
  const { dev, ino } = statSync(folder);
  return `${hostname()}:${folder}:${dev}:${ino}`;
}
