import type { FileHandle } from 'node:fs/promises';
import { open, readFile, stat, truncate } from 'node:fs/promises';
import type { BooksState } from '../venue/books';
import { type Journal, JournalFull, journalPath, type JournalWatcher, type Kept, readKept } from './journal';
import type { JournalRecord } from './records';
import { freeze, writeSnapshot } from './snapshot';

/** No space on the disk, in the quota, or below the largest size of a file: there may be some later. */
const NO_SPACE: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
/** What must fit on the disk before anything is accepted again. Blanks without a newline: a torn tail. */
const PROBE = Buffer.alloc(64 * 1024, ' ');

const isNoSpace = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && NO_SPACE.has(error.code);

/** What is asked of the open file. */
export type JournalFile = Pick<FileHandle, 'appendFile' | 'datasync' | 'truncate' | 'close'>;

/** Who waits until the file has so many bytes on disk. */
interface Waiting {
  readonly upTo: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** A journal in a data folder. Its file always begins with `size` bytes of whole records that are on disk. */
export class FileJournal implements Journal {
  readonly #file: JournalFile;
  readonly #dataDir: string;
  readonly #path: string;
  #watcher: JournalWatcher = { undo: () => {}, fatal: () => {} };
  #queue = '';
  /** Bytes on disk; and those with what is queued. */
  #size: number;
  #appended: number;
  #busy: Promise<void> | null = null;
  #failure: unknown = null;
  #full = false;
  #waiting: Waiting[] = [];

  constructor(file: JournalFile, at: { dataDir: string; path: string; size: number }) {
    this.#file = file;
    this.#dataDir = at.dataDir;
    this.#path = at.path;
    this.#size = at.size;
    this.#appended = at.size;
  }

  watch(watcher: JournalWatcher): void {
    this.#watcher = watcher;
  }

  get isFull(): boolean {
    return this.#full;
  }

  append(record: JournalRecord): void {
    const line = `${JSON.stringify(record)}\n`;
    this.#queue += line;
    this.#appended += Buffer.byteLength(line);
    void this.#work(() => this.#flush());
  }

  durable(): Promise<void> {
    if (this.#failure !== null) return Promise.reject(this.#lost());
    const upTo = this.#appended;
    if (upTo <= this.#size) return Promise.resolve();
    return new Promise((resolve, reject) => this.#waiting.push({ upTo, resolve, reject }));
  }

  async recover(): Promise<void> {
    if (!this.#full || this.#busy !== null) return;
    await this.#work(() => this.#probe());
  }

  async snapshot(seq: number, kept: BooksState): Promise<void> {
    const of = { seq, bytes: this.#appended, frozen: freeze(kept) };
    await this.durable();
    await writeSnapshot(this.#dataDir, this.#path, of);
  }

  async read(): Promise<string> {
    return (await readFile(this.#path)).subarray(0, this.#size).toString('utf8');
  }

  async close(): Promise<void> {
    while (this.#busy !== null) await this.#busy;
    await this.#file.close();
  }

  /** One piece of work at a time on the file. One that fails for good is the journal's end. */
  #work(piece: () => Promise<void>): Promise<void> {
    if (this.#failure !== null) return Promise.resolve();
    return (this.#busy ??= piece()
      .catch((error: unknown) => {
        this.#failure = error;
        for (const { reject } of this.#waiting.splice(0)) reject(this.#lost());
        this.#watcher.fatal(error);
      })
      .finally(() => {
        this.#busy = null;
        // Whoever was told just now may have appended already.
        if (this.#queue !== '') void this.#work(() => this.#flush());
      }));
  }

  #lost(): Error {
    return new Error('the journal cannot be written', { cause: this.#failure });
  }

  async #flush(): Promise<void> {
    // One turn's wait lets the records of several requests share one flush to disk.
    await Promise.resolve();
    while (this.#queue !== '') {
      const batch = Buffer.from(this.#queue);
      this.#queue = '';
      try {
        await this.#write(batch);
        this.#size += batch.length;
        const isOnDisk = ({ upTo }: Waiting): boolean => upTo <= this.#size;
        for (const { resolve } of this.#waiting.filter(isOnDisk)) resolve();
        this.#waiting = this.#waiting.filter((waiting) => !isOnDisk(waiting));
      } catch (error) {
        if (!isNoSpace(error)) throw error;
        await this.#goBack();
      }
    }
  }

  async #write(bytes: Buffer): Promise<void> {
    await this.#file.appendFile(bytes);
    await this.#file.datasync();
  }

  /** Cuts off what did not fit, and lets state be what is on disk: nothing else was acknowledged. */
  async #goBack(): Promise<void> {
    this.#full = true;
    await this.#cut();
    const kept = await readKept(this.#dataDir, this.#size);
    this.#queue = '';
    this.#appended = this.#size;
    this.#watcher.undo(kept);
    for (const { reject } of this.#waiting.splice(0)) reject(new JournalFull());
  }

  async #cut(): Promise<void> {
    await this.#file.truncate(this.#size);
    await this.#file.datasync();
  }

  async #probe(): Promise<void> {
    let fits = true;
    try {
      await this.#write(PROBE);
    } catch (error) {
      if (!isNoSpace(error)) throw error;
      fits = false;
    }
    await this.#cut();
    this.#full = !fits;
  }
}

/** What a data folder holds. */
export interface OpenedJournal extends Kept {
  readonly journal: Journal;
}

/** Opens the journal of a data folder, cuts a torn tail off, and gives what it holds. */
export async function openJournal(dataDir: string): Promise<OpenedJournal> {
  const path = journalPath(dataDir);
  const found = await sizeOf(path);
  const { size, ...kept } = await readKept(dataDir, found);
  if (size < found) await truncate(path, size);
  const file = await open(path, 'a', 0o600);
  return { journal: new FileJournal(file, { dataDir, path, size }), ...kept };
}

/** Bytes of a file, 0 when there is none. */
const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    (found) => found.size,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return 0;
      throw error;
    },
  );
