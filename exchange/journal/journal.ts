import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { BooksState } from '../venue/books';
import { type JournalRecord, journalRecord } from './records';
import { readSnapshot, type Snapshot } from './snapshot';

/** State up to a place in the journal, and the records after it. */
export interface Kept {
  readonly snapshot: Snapshot | null;
  readonly records: JournalRecord[];
}

/** There was no space for the records: they were taken back. Nothing is damaged, and there may be space later. */
export class JournalFull extends Error {
  constructor() {
    super('there is no space for the journal');
  }
}

/** Whom the journal tells what befalls it. */
export interface JournalWatcher {
  /** Records did not fit on the disk: state must become what is kept there. */
  undo(kept: Kept): void;
  /** Nothing written from here on can be trusted, as after a failed fsync: the exchange must stop. */
  fatal(error: unknown): void;
}

/** An append-only file of records. `durable()` is the promise everything that answers waits for. */
export interface Journal {
  watch(watcher: JournalWatcher): void;
  /** Whether there is no space: nothing may be appended until `recover` has found some. */
  readonly isFull: boolean;
  /** Queues a record; it is on disk when `durable()` resolves. */
  append(record: JournalRecord): void;
  /**
   * Resolves when all records appended so far are written and flushed. Rejects with `JournalFull` when
   * some were taken back meanwhile, with another error when the journal cannot be written for good.
   */
  durable(): Promise<void>;
  /** Tries whether there is space again. */
  recover(): Promise<void>;
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

/** Where the journal of a data folder is. */
export const journalPath = (dataDir: string): string => join(dataDir, 'journal.jsonl');

/** Reads the first `size` bytes of a data folder's journal; answers how many of them are whole records. */
export async function readKept(dataDir: string, size: number): Promise<Kept & { size: number }> {
  const path = journalPath(dataDir);
  const found = await readSnapshot(dataDir, path);
  const snapshot = found !== null && found.bytes <= size ? found : null;
  const from = snapshot?.bytes ?? 0;
  const { records, length } = parseJournal(await readPart(path, from, size));
  return { snapshot, records, size: from + length };
}

async function readPart(path: string, from: number, to: number): Promise<string> {
  if (from >= to) return '';
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(to - from), 0, to - from, from);
    return buffer.subarray(0, bytesRead).toString('utf8');
  } finally {
    await file.close();
  }
}

/** A journal that forgets: for an exchange without a data folder. */
export function memoryJournal(): Journal {
  let text = '';
  const done = (): Promise<void> => Promise.resolve();
  return {
    isFull: false,
    watch: () => {},
    append(record) {
      text += `${JSON.stringify(record)}\n`;
    },
    durable: done,
    recover: done,
    snapshot: done,
    read: () => Promise.resolve(text),
    close: done,
  };
}
