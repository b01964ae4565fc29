import { LibsqlError } from '@libsql/client';
import { describe, expect, test } from 'vitest';
import { createDiskGuard, diskFailureOf } from './disk-guard';

/** As the driver throws it: its own error around SQLite's, both with a code. */
const driverError = (extended: string) =>
  new Error('Failed query', {
    cause: new LibsqlError('disk I/O error', /^SQLITE_[A-Z]+/.exec(extended)?.[0] ?? '', extended),
  });

describe('a failed disk', () => {
  test.each(['SQLITE_IOERR_FSYNC', 'SQLITE_IOERR_WRITE', 'SQLITE_IOERR_DIR_FSYNC', 'SQLITE_IOERR_TRUNCATE'])(
    'is what SQLite calls %s',
    (code) => expect(diskFailureOf(driverError(code))).toBe(code),
  );

  test('is a disk error without more words, too', () => {
    expect(diskFailureOf(Object.assign(new Error(''), { code: 'SQLITE_IOERR' }))).toBe('SQLITE_IOERR');
  });

  test.each([
    'SQLITE_FULL',
    'SQLITE_READONLY',
    'SQLITE_READONLY_DBMOVED',
    'SQLITE_CANTOPEN',
    'SQLITE_BUSY',
    'SQLITE_IOERR_READ',
    'SQLITE_IOERR_SHORT_READ',
    'SQLITE_IOERR_NOMEM',
    'SQLITE_CONSTRAINT_UNIQUE',
  ])('is not %s, which passes or leaves what was written as it is', (code) =>
    expect(diskFailureOf(driverError(code))).toBeNull(),
  );
});

test('the first failure is told once and is the last write; what is not one keeps nothing from being written', async () => {
  const told: string[] = [];
  const guard = createDiskGuard((word) => told.push(word));
  const fail = (code: string) => guard.run(() => Promise.reject(driverError(code)));
  await expect(fail('SQLITE_FULL')).rejects.toThrow('Failed query');
  expect(await guard.run(() => Promise.resolve('written'))).toBe('written');
  await Promise.all([
    expect(fail('SQLITE_IOERR_FSYNC')).rejects.toThrow('Failed query'),
    expect(fail('SQLITE_IOERR_WRITE')).rejects.toThrow('Failed query'),
  ]);
  let isRun = false;
  const after = guard.run(() => Promise.resolve((isRun = true)));
  await expect(after).rejects.toThrow('the same idempotency key');
  expect({ isRun, told }).toEqual({ isRun: false, told: ['SQLITE_IOERR_FSYNC'] });
});
