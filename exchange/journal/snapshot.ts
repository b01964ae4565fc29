import { createHash } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { z } from 'zod';
import type { BooksState } from '../venue/books';

const FILE = 'snapshot.bin';
/** Raised whenever what is kept changes its form: older snapshots are then passed over. */
const FORM = 4;
/** Bytes before the place in the journal that tell whether it is the same journal. */
const MARK_BYTES = 512;

const head = z.object({
  form: z.literal(FORM),
  engine: z.literal(process.versions.v8),
  seq: z.number().int(),
  bytes: z.number().int(),
  mark: z.string(),
  sum: z.string(),
});

/** State as it was after the journal's first `bytes` bytes. */
export interface Snapshot {
  readonly seq: number;
  readonly bytes: number;
  readonly state: BooksState;
}

const sumOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** The journal's bytes just before a place, as a mark of that place. */
async function markAt(journalPath: string, bytes: number): Promise<string | null> {
  const file = await open(journalPath, 'r').catch(() => null);
  if (file === null) return null;
  try {
    const length = Math.min(bytes, MARK_BYTES);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, bytes - length);
    return bytesRead === length ? sumOf(buffer) : null;
  } finally {
    await file.close();
  }
}

/** Turns state into bytes now, before anything changes it. */
export const freeze = (state: BooksState): Buffer => serialize(state);

/** Writes a snapshot beside the journal: whole or not at all. The journal must hold `bytes` bytes by now. */
export async function writeSnapshot(
  dataDir: string,
  journalPath: string,
  of: { seq: number; bytes: number; frozen: Buffer },
): Promise<void> {
  const mark = await markAt(journalPath, of.bytes);
  const sum = sumOf(of.frozen);
  const engine = process.versions.v8;
  const line = `${JSON.stringify({ form: FORM, engine, seq: of.seq, bytes: of.bytes, mark, sum })}\n`;
  const path = join(dataDir, FILE);
  try {
    const file = await open(`${path}.new`, 'w', 0o600);
    try {
      await file.writeFile(Buffer.concat([Buffer.from(line), of.frozen]));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.new`, path);
  } catch (error) {
    // On a full disk the journal needs the space.
    await rm(`${path}.new`, { force: true });
    throw error;
  }
}

/**
 * Reads the snapshot of a data folder. Null when there is none that fits this engine and this journal:
 * the journal alone is the truth, a snapshot only spares reading it.
 */
export async function readSnapshot(dataDir: string, journalPath: string): Promise<Snapshot | null> {
  const bytes = await readFile(join(dataDir, FILE)).catch(() => null);
  const end = bytes?.indexOf(0x0a) ?? -1;
  if (bytes === null || end === -1) return null;
  try {
    const parsed = head.parse(JSON.parse(bytes.subarray(0, end).toString('utf8')));
    const frozen = bytes.subarray(end + 1);
    if (sumOf(frozen) !== parsed.sum) return null;
    if ((await markAt(journalPath, parsed.bytes)) !== parsed.mark) return null;
    const state: BooksState = deserialize(frozen);
    return { seq: parsed.seq, bytes: parsed.bytes, state };
  } catch {
    return null;
  }
}
