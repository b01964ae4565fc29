import { mkdirSync, openSync, closeSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { FolderInUse, OptionError } from '../options';

const FILE = 'exchange.lock';

/** Start time of a process in clock ticks since boot (Linux), '' where that cannot be read. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function isAlive(pid: number, started: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return false;
  }
  const now = startOf(pid);
  return now === '' || started === '' || now === started;
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : null);

/** Makes a folder and those above it. Node's own recursive mkdir never ends where none can be made, as in /proc. */
function makeFolder(path: string, mayMakeParent = true): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return;
    if (codeOf(error) !== 'ENOENT' || !mayMakeParent || dirname(path) === path) throw error;
    makeFolder(dirname(path));
    makeFolder(path, false);
  }
}

/**
 * Takes a data folder for this process; the answer gives it back.
 * A lock whose process is gone (also by kill -9, also when its number was given to another) is taken over.
 */
export function lockDataDir(dataDir: string): () => void {
  try {
    makeFolder(dataDir);
  } catch {
    throw new OptionError(`data folder ${dataDir} cannot be made or written`);
  }
  const path = join(dataDir, FILE);
  for (let attempt = 0; attempt < 3; attempt += 1) {
    if (tryLock(path)) return () => rmSync(path, { force: true });
    const [pid, started] = readHolder(path);
    if (pid > 0 && isAlive(pid, started)) {
      throw new FolderInUse(`data folder ${dataDir} is in use by process ${pid}`);
    }
    rmSync(path, { force: true });
  }
  throw new FolderInUse(`data folder ${dataDir} is in use by another process`);
}

function tryLock(path: string): boolean {
  let file: number;
  try {
    file = openSync(path, 'wx', 0o600);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw new Error(`data folder of ${path} is not writable`, { cause: error });
  }
  writeSync(file, `${process.pid} ${startOf(process.pid)}\n`);
  closeSync(file);
  return true;
}

function readHolder(path: string): [pid: number, started: string] {
  try {
    const [pid, started] = readFileSync(path, 'utf8').trim().split(' ');
    return [Number(pid), started ?? ''];
  } catch {
    return [0, ''];
  }
}
