import { DeskError } from '@/domain/errors';

/** SQLite's words for a disk that takes nothing more: full, failing, or not to be written. */
const STORAGE = /^SQLITE_(FULL|IOERR|READONLY|CANTOPEN)/;

function isStorageFault(error: unknown): boolean {
  for (let each = error; each instanceof Error; each = each.cause) {
    if ('code' in each && STORAGE.test(String(each.code))) return true;
  }
  return false;
}

/** The same error, or, where the disk takes no writes, one that says so to whoever asked. */
export function withStorageFaultNamed(error: unknown): unknown {
  if (!isStorageFault(error)) return error;
  return new DeskError(
    'unavailable',
    'The desk cannot write to its disk, so it takes in nothing new. Cancels and reads go on. Free some space; it recovers by itself.',
    { cause: error },
  );
}
