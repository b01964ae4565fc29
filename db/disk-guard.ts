import { DeskError } from '@/domain/errors';

/**
 * What says that the disk failed under a write: not full, not read-only, not a page that could not be read, but
 * something that may or may not have reached it (sqlite.org/rescode.html). Without more words it counts as that.
 */
const FAILED = /^SQLITE_IOERR(_(WRITE|FSYNC|DIR_FSYNC|TRUNCATE|SHMSIZE|SHMMAP|COMMIT_ATOMIC))?$/;
const WORD = /^SQLITE_IOERR(_|$)/;

/** SQLite's word for it, the most exact one that the error or its causes have; null for any other error. */
export function diskFailureOf(error: unknown): string | null {
  const words: string[] = [];
  for (let each = error; each instanceof Error; each = each.cause) {
    for (const name of ['extendedCode', 'code'] as const) {
      const word = name in each ? String(Object.getOwnPropertyDescriptor(each, name)?.value) : '';
      if (WORD.test(word)) words.push(word);
    }
  }
  const [word] = words.toSorted((a, b) => b.length - a.length);
  return word !== undefined && FAILED.test(word) ? word : null;
}

/** Nothing is written after a failed write: only a new start knows what the disk holds. */
export type DiskGuard = { run<Result>(work: () => Promise<Result>): Promise<Result> };

/**
 * After a failed fsync the system may drop the pages it could not write and report the next fsync as done; what
 * SQLite's log holds then is unknown, and asking again proves nothing (Rebello and others, "Can Applications Recover
 * from fsync Failures?", USENIX ATC 2020). So the first failure is the last write of this process.
 * @param onFailure told of the first failure, with SQLite's word for it
 */
export function createDiskGuard(onFailure: (word: string) => void): DiskGuard {
  let failed = false;
  return {
    async run(work) {
      if (failed)
        throw new DeskError(
          'unavailable',
          'The disk of the desk failed, so it ends and takes in nothing. Send it again with the same idempotency key when it is back.',
        );
      try {
        return await work();
      } catch (error) {
        const word = diskFailureOf(error);
        if (word !== null && !failed) {
          failed = true;
          onFailure(word);
        }
        throw error;
      }
    },
  };
}
