import { type FileHandle, open, readFile, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { type JournalRecord, journalRecord } from './records';
import type { BooksState } from '../venue/books';
import { freeze, readSnapshot, type Snapshot, writeSnapshot } from './snapshot';

const FILE = 'journal.jsonl';

/** An append-only file of records. `durable()` is the promise everything that answers waits for. */
export interface Journal {
  /** Queues a record; it is on disk when `durable()` resolves. */
  append(record: JournalRecord): void;
  /** Resolves when all records appended so far are written and flushed; rejects if that failed. */
  durable(): Promise<void>;
  /** Keeps state as it is now, after everything appended so far, so that a start need not read all of it. */
  snapshot(seq: number, state: BooksState): Promise<void>;
  /** Text of the file as it stands on disk. */
  read(): Promise<string>;
  close(): Promise<void>;
}

/** Parses a journal's text. A torn last line is left out; `length` is the size in bytes of what counts. */
export function parseJournal(text: string): { records: JournalRecord[]; length: number } {
  const records: JournalRecord[] = [];
  let length = 0;
  for (let from = 0; ; ) {
    const end = text.indexOf('\n', from);
    if (end === -1) break;
    const line = text.slice(from, end);
    const parsed = readLine(line);
    if (parsed === null) {
      if (text.indexOf('\n', end + 1) !== -1)
        throw new Error(`journal line ${records.length + 1} is damaged`);
      break;
    }
    records.push(parsed);
    length += Buffer.byteLength(line) + 1;
    from = end + 1;
  }
  return { records, length };
}

function readLine(line: string): JournalRecord | null {
  try {
    return journalRecord.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

/** What a data folder holds: state up to a place, and the records after it. */
export interface OpenedJournal {
  readonly journal: Journal;
  readonly snapshot: Snapshot | null;
  readonly records: JournalRecord[];
}

/** Opens the journal of a data folder, cuts a torn tail off, and gives what it holds. */
export async function openJournal(dataDir: string): Promise<OpenedJournal> {
  const path = join(dataDir, FILE);
  const snapshot = await readSnapshot(dataDir, path);
  const from = snapshot?.bytes ?? 0;
  const text = await readFrom(path, from);
  const { records, length } = parseJournal(text);
  if (length < Buffer.byteLength(text)) await truncate(path, from + length);
  const file = await open(path, 'a', 0o600);
  return { journal: fileJournal(file, { dataDir, path, size: from + length }), snapshot, records };
}

async function readFrom(path: string, from: number): Promise<string> {
  const size = await stat(path).then(
    (found) => found.size,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    },
  );
  if (size === null) return '';
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
    return buffer.subarray(0, bytesRead).toString('utf8');
  } finally {
    await file.close();
  }
}

function fileJournal(file: FileHandle, at: { dataDir: string; path: string; size: number }): Journal {
  const { dataDir, path } = at;
  let { size } = at;
  const state: { queue: string; flushing: Promise<void> | null; failure: unknown } = {
    queue: '',
    flushing: null,
    failure: null,
  };

  async function flush(): Promise<void> {
    // One turn's wait lets the records of several requests share one flush to disk.
    await Promise.resolve();
    while (state.queue !== '') {
      const batch = state.queue;
      state.queue = '';
      await file.appendFile(batch);
      await file.datasync();
    }
  }

  async function settle(): Promise<void> {
    while (state.flushing !== null) await state.flushing;
  }

  async function durable(): Promise<void> {
    await settle();
    if (state.failure !== null) throw new Error('the journal cannot be written', { cause: state.failure });
  }

  return {
    append(record) {
      const line = `${JSON.stringify(record)}\n`;
      state.queue += line;
      size += Buffer.byteLength(line);
      state.flushing ??= flush()
        .catch((error: unknown) => {
          state.failure = error;
        })
        .finally(() => {
          state.flushing = null;
        });
    },
    durable,
    async snapshot(seq, kept) {
      const of = { seq, bytes: size, frozen: freeze(kept) };
      await durable();
      await writeSnapshot(dataDir, path, of);
    },
    read: () => readFile(path, 'utf8'),
    async close() {
      await settle();
      await file.close();
    },
  };
}

/** A journal that forgets: for an exchange without a data folder. */
export function memoryJournal(): Journal {
  let text = '';
  return {
    append(record) {
      text += `${JSON.stringify(record)}\n`;
    },
    durable: () => Promise.resolve(),
    snapshot: () => Promise.resolve(),
    read: () => Promise.resolve(text),
    close: () => Promise.resolve(),
  };
}
