import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { withFileLock } from './file-lock.mjs';

const freshLock = () => join(mkdtempSync(join(tmpdir(), 'outcry-lock-')), 'deep/.lock');

it('never lets two holders in at once', async () => {
  const path = freshLock();
  let inside = 0;
  let most = 0;
  const work = async () => {
    inside += 1;
    most = Math.max(most, inside);
    await pause(5);
    inside -= 1;
  };
  await Promise.all(Array.from({ length: 8 }, () => withFileLock(path, work, { pollMs: 2 })));
  expect(most).toBe(1);
  expect(existsSync(path)).toBe(false);
});

it('releases the lock when the work fails', async () => {
  const path = freshLock();
  const failing = withFileLock(path, () => Promise.reject(new Error('no')));
  await expect(failing).rejects.toThrow('no');
  expect(existsSync(path)).toBe(false);
});

it('takes over the lock of a killed process, and many waiters still enter one by one', async () => {
  const path = freshLock();
  const holder = join(import.meta.dirname, 'file-lock.mjs');
  const script = `import { withFileLock } from ${JSON.stringify(holder)};
    await withFileLock(${JSON.stringify(path)}, () => { console.log('held'); return new Promise(() => setInterval(() => {}, 1e3)); });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(existsSync(path)).toBe(true);

  let inside = 0;
  let most = 0;
  const work = async () => {
    inside += 1;
    most = Math.max(most, inside);
    await pause(5);
    inside -= 1;
  };
  await Promise.all(Array.from({ length: 5 }, () => withFileLock(path, work, { pollMs: 2 })));
  expect(most).toBe(1);
});

it('waits for a live holder, and says so once', async () => {
  const path = freshLock();
  /** @type {string[]} */
  const order = [];
  const first = withFileLock(path, async () => {
    await pause(60);
    order.push('first');
  });
  const onWait = () => order.push('waits');
  const second = withFileLock(path, async () => void order.push('second'), { onWait, pollMs: 5 });
  await Promise.all([first, second]);
  expect(order).toEqual(['waits', 'first', 'second']);
});

it('takes over a lock that a living process has not touched for long, since process ids come round again', async () => {
  const path = freshLock();
  await withFileLock(path, async () => {});
  writeFileSync(path, String(process.ppid));
  const old = new Date(Date.now() - 60_000);
  utimesSync(path, old, old);
  const seen = await withFileLock(path, async () => readFileSync(path, 'utf8'));
  expect(seen).toBe(String(process.pid));
});
