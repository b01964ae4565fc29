import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { readHeader } from './columns';
import { Recording } from './recording';

/** Reads lines of text after one with the columns' names. `onLine` hears of each line before it is read. */
export async function readCsv(path: string, onLine: (number: number) => void): Promise<Recording> {
  let recording: Recording | null = null;
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    number += 1;
    if (line.trim() === '') continue;
    onLine(number);
    const cells = line.split(',');
    if (recording === null) recording = new Recording(readHeader(cells));
    else recording.add(cells, number);
  }
  if (recording === null) throw new Error('no rows');
  return recording;
}
