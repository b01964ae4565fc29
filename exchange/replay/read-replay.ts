import { open } from 'node:fs/promises';
import type { ReplayTape } from '../market/replay-tape';
import { StartError } from '../options';
import { readCsv } from './read-csv';
import { readParquet } from './read-parquet';

const MAGIC = 'PAR1';

/** Whether a file says that it is Parquet, by its name or its first bytes. */
async function isParquet(path: string): Promise<boolean> {
  if (/\.(?:parquet|pq)$/i.test(path)) return true;
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAGIC.length), 0, MAGIC.length, 0);
    return buffer.subarray(0, bytesRead).toString('latin1') === MAGIC;
  } finally {
    await file.close();
  }
}

/**
 * Reads a CSV or Parquet file of bars, trades or quotes, told apart by its columns. Throws a `StartError`
 * of one line that names the line or row it cannot read.
 * @returns a tape for each symbol of the file
 */
export async function readReplay(path: string): Promise<ReadonlyMap<string, ReplayTape>> {
  let place = '';
  try {
    const parquet = await isParquet(path);
    const onRow = (number: number): void => {
      place = `, ${parquet ? 'row' : 'line'} ${number}`;
    };
    const recording = await (parquet ? readParquet : readCsv)(path, onRow);
    place = '';
    try {
      return recording.tapes();
    } finally {
      if (recording.row > 0) onRow(recording.row);
    }
  } catch (error) {
    const told =
      error instanceof RangeError ? 'damaged or cut off' : error instanceof Error ? error.message : '';
    const cause = told.replaceAll(/\s*\n\s*/g, ' ');
    throw new StartError(`replay ${path}${place}: ${cause}`, { cause: error });
  }
}
