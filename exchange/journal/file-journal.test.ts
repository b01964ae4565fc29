import { appendFile, type FileHandle, mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FileJournal, type JournalFile, openJournal } from './file-journal';
import { JournalFull, type Kept, parseJournal } from './journal';
import type { JournalRecord } from './records';

let dataDir = '';
let path = '';
let file: FileHandle;
beforeEach(async () => {
  dataDir = await mkdtemp('/tmp/ex-journal-');
  path = join(dataDir, 'journal.jsonl');
  file = await open(path, 'a');
});
afterEach(async () => {
  await file.close();
  await rm(dataDir, { recursive: true, force: true });
});

const halt = (seq: number): JournalRecord => ({ seq, at: seq, type: 'symbol_halted', symbol: 'AAPL' });
const numbers = async (): Promise<number[]> =>
  parseJournal(await readFile(path, 'utf8')).records.map(({ seq }) => seq);
const failure = (code: string): Error => Object.assign(new Error(code), { code });

/** What can go wrong with the file; it does when it is set. */
interface Trouble {
  write?: string;
  sync?: string;
  cut?: string;
  /** How often the flush fails; always, unless given. */
  most?: number;
  /** Called before each write. */
  before?: () => void;
}

function journalWith(trouble: Trouble): { journal: FileJournal; undone: Kept[]; fatal: unknown[] } {
  const troubled: JournalFile = {
    async appendFile(data) {
      trouble.before?.();
      if (trouble.write === undefined) return file.appendFile(data);
      // As much as fits.
      await file.appendFile(String(data).slice(0, 20));
      throw failure(trouble.write);
    },
    async datasync() {
      trouble.most = (trouble.most ?? Infinity) - 1;
      if (trouble.sync !== undefined && trouble.most >= 0) throw failure(trouble.sync);
      await file.datasync();
    },
    async truncate(size) {
      if (trouble.cut !== undefined) throw failure(trouble.cut);
      await file.truncate(size);
    },
    close: () => Promise.resolve(),
  };
  const journal = new FileJournal(troubled, { dataDir, path, size: 0 });
  const [undone, fatal] = [new Array<Kept>(), new Array<unknown>()];
  journal.watch({ undo: (kept) => undone.push(kept), fatal: (error) => fatal.push(error) });
  return { journal, undone, fatal };
}

describe('a journal without space', () => {
  test.each(['ENOSPC', 'EDQUOT', 'EFBIG'])(
    '(%s) cuts the torn half off, takes back what did not fit, and goes on when there is space',
    async (code) => {
      const trouble: Trouble = {};
      const { journal, undone, fatal } = journalWith(trouble);
      journal.append(halt(1));
      await journal.durable();
      const whole = await readFile(path, 'utf8');
      trouble.write = code;
      journal.append(halt(2));
      await expect(journal.durable()).rejects.toThrow(JournalFull);
      expect([journal.isFull, await readFile(path, 'utf8')]).toEqual([true, whole]);
      expect(undone.map(({ records }) => records.map(({ seq }) => seq))).toEqual([[1]]);
      await journal.recover();
      expect([journal.isFull, await readFile(path, 'utf8')]).toEqual([true, whole]);
      delete trouble.write;
      await journal.recover();
      expect([journal.isFull, await readFile(path, 'utf8')]).toEqual([false, whole]);
      journal.append(halt(2));
      await journal.durable();
      expect([await numbers(), fatal]).toEqual([[1, 2], []]);
    },
  );

  test('goes back also when only the flush finds it missing', async () => {
    const trouble: Trouble = {};
    const { journal, undone, fatal } = journalWith(trouble);
    journal.append(halt(1));
    await journal.durable();
    trouble.sync = 'ENOSPC';
    trouble.most = 1;
    journal.append(halt(2));
    await expect(journal.durable()).rejects.toThrow(JournalFull);
    expect([undone.length, fatal, await numbers()]).toEqual([1, [], [1]]);
  });

  test('keeps what was on disk before the record that did not fit, and says so to who waited for it', async () => {
    const trouble: Trouble = {};
    const { journal } = journalWith(trouble);
    journal.append(halt(1));
    const first = journal.durable();
    const second = new Promise<void>((resolve, reject) => {
      // While the first is on its way to the disk.
      trouble.before = () => {
        trouble.before = () => void (trouble.write = 'ENOSPC');
        journal.append(halt(2));
        journal.durable().then(resolve, reject);
      };
    });
    const outcomes = await Promise.allSettled([first, second]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(await numbers()).toEqual([1]);
  });

  test('leaves blanks at its end when it is killed while it looks for space: the next start cuts them off', async () => {
    const { journal } = journalWith({});
    journal.append(halt(1));
    await journal.durable();
    const whole = await readFile(path, 'utf8');
    await appendFile(path, ' '.repeat(64 * 1024));
    const opened = await openJournal(dataDir);
    await opened.journal.close();
    expect(opened.records.map(({ seq }) => seq)).toEqual([1]);
    expect(await readFile(path, 'utf8')).toBe(whole);
  });
});

describe('a journal whose disk fails', () => {
  test.each<[string, Trouble]>([
    ['a failed flush', { sync: 'EIO' }],
    ['a failed write', { write: 'EIO' }],
    ['a torn tail that cannot be cut off', { write: 'ENOSPC', cut: 'EIO' }],
  ])('is at its end after %s: it writes nothing more, and nothing is called durable', async (_, next) => {
    const trouble: Trouble = {};
    const { journal, undone, fatal } = journalWith(trouble);
    journal.append(halt(1));
    await journal.durable();
    Object.assign(trouble, next);
    journal.append(halt(2));
    await expect(journal.durable()).rejects.toThrow('the journal cannot be written');
    const left = await readFile(path, 'utf8');
    for (const key of ['sync', 'write', 'cut'] as const) delete trouble[key];
    journal.append(halt(3));
    await expect(journal.durable()).rejects.toThrow('the journal cannot be written');
    await journal.recover();
    expect([fatal.length, undone.length, await readFile(path, 'utf8')]).toEqual([1, 0, left]);
  });
});
