import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { InstanceLockedError, lockInstance } from './instance-lock';

const HOLDER = fileURLToPath(new URL('../testing/lock-holder.ts', import.meta.url));

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'st-lock-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

/** Another process that holds the folder. */
async function holder() {
  const child = fork(HOLDER, [dataDir], { execArgv: ['--import', 'tsx'], stdio: 'ignore' });
  await once(child, 'message');
  return {
    async kill() {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

async function holdBriefly(patienceMs = 0): Promise<string> {
  (await lockInstance(dataDir, patienceMs)).release();
  return 'held';
}

test('a second process on the same folder is refused in one clear line', async () => {
  const first = await holder();
  const second = lockInstance(dataDir, 300);
  await expect(second).rejects.toThrow(InstanceLockedError);
  await expect(second).rejects.toThrow(
    `another Outcry runs on ${dataDir}; stop it or choose another DATA_DIR`,
  );
  await first.kill();
});

test('kill -9 lets go of the folder', async () => {
  await (await holder()).kill();
  await expect(holdBriefly()).resolves.toBe('held');
});

test('a successor waits for a predecessor that is still stopping', async () => {
  const first = await holder();
  const waiting = holdBriefly(5_000);
  await first.kill();
  await expect(waiting).resolves.toBe('held');
});

test('a released folder can be held again, and folders do not disturb each other', async () => {
  const other = mkdtempSync(join(tmpdir(), 'st-lock-'));
  const held = await lockInstance(dataDir, 0);
  (await lockInstance(other, 0)).release();
  held.release();
  await expect(holdBriefly()).resolves.toBe('held');
  rmSync(other, { recursive: true });
});
