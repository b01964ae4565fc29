import { mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isProcessAlive } from '../processes/process-alive.mjs';

const BEAT_MS = 1_000;
/** A holder that has not touched its lock for this long is taken for dead even if its process id is alive. */
const STALE_MS = 30_000;

/**
 * Runs `work` while this process alone holds the lock file. A lock whose process is gone is taken over.
 * @template T
 * @param {string} path
 * @param {() => Promise<T>} work
 * @param {{ onWait?: () => void, pollMs?: number }} [options] onWait is called once when someone else holds it
 * @returns {Promise<T>}
 */
export async function withFileLock(path, work, { onWait, pollMs = 100 } = {}) {
  mkdirSync(dirname(path), { recursive: true });
  for (let told = false; !tryTake(path); ) {
    if (isStale(path)) {
      breakStale(path);
      continue;
    }
    if (!told) onWait?.();
    told = true;
    await pause(pollMs);
  }
  const beat = setInterval(() => touch(path), BEAT_MS);
  beat.unref();
  const release = () => rmSync(path, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    process.off('exit', release);
    release();
  }
}

/** @param {string} path */
function tryTake(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** @param {string} path */
function isStale(path) {
  try {
    const pid = Number(readFileSync(path, 'utf8'));
    const age = Date.now() - statSync(path).mtimeMs;
    if (age > STALE_MS) return true;
    // An empty file is a lock between its creation and its first write.
    return pid > 0 ? !isProcessAlive(pid) : age > 5 * BEAT_MS;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

/**
 * Two waiters may both judge a lock stale. Only the one that holds the second file may remove the first, and it
 * looks again before it does: otherwise the slower waiter would remove the lock that the faster one just took.
 * @param {string} path
 */
function breakStale(path) {
  const guard = `${path}.break`;
  if (!tryTake(guard)) {
    if (isStale(guard)) rmSync(guard, { force: true });
    return;
  }
  try {
    if (isStale(path)) rmSync(path, { force: true });
  } finally {
    rmSync(guard, { force: true });
  }
}

/** @param {string} path */
function touch(path) {
  const now = new Date();
  try {
    utimesSync(path, now, now);
  } catch {
    // The folder was removed by hand; the work itself will say so.
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
