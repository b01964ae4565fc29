import { DeskError } from '@/domain/errors';

/** SQLite's words for a disk that takes nothing more: full, failing, or not to be written. */
const STORAGE = /^SQLITE_(FULL|IOERR|READONLY|CANTOPEN)/;

/** SQLite's word for it, or null for any other error. */
function storageFaultOf(error: unknown): string | null {
  for (let each = error; each instanceof Error; each = each.cause) {
    if ('code' in each && STORAGE.test(String(each.code))) return String(each.code);
  }
  return null;
}

/** The same error, or, where the disk takes no writes, one that says so to whoever asked. */
export function withStorageFaultNamed(error: unknown): unknown {
  const fault = storageFaultOf(error);
  if (fault === null) return error;
  // What could not be forced to disk may have reached it: after a crash it is there.
  if (fault.startsWith('SQLITE_IOERR'))
    return new DeskError(
      'unavailable',
      'The disk of the desk failed while this was written down, and it may have been taken in or not. Send it again with the same idempotency key, or look at your orders.',
      { cause: error },
    );
  return new DeskError(
    'unavailable',
    'The desk cannot write to its disk, so it takes in nothing new. Cancels and reads go on. Free some space; it recovers by itself.',
    { cause: error },
  );
}
