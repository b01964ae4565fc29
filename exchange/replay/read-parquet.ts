import * as zlib from 'node:zlib';
import { type Column, readHeader } from './columns';
import { Recording } from './recording';

/** Its mark at both ends, and the length of its footer. */
const LEAST_BYTES = 12;

/** Times as whole numbers in text, in the unit that the file has: their length tells which. */
const PARSERS = {
  timestampFromMilliseconds: String,
  timestampFromMicroseconds: String,
  timestampFromNanoseconds: String,
  dateFromDays: (days: number) => String(days * 86_400),
};

/** Codecs besides the reader's own (none, snappy): those that Node has. */
const CODECS = {
  GZIP: (bytes: Uint8Array): Uint8Array => zlib.gunzipSync(bytes),
  BROTLI: (bytes: Uint8Array): Uint8Array => zlib.brotliDecompressSync(bytes),
  ZSTD(bytes: Uint8Array): Uint8Array {
    // Node has it from 22.15 on.
    const decompress: unknown = Reflect.get(zlib, 'zstdDecompressSync');
    const made: unknown = typeof decompress === 'function' ? Reflect.apply(decompress, zlib, [bytes]) : null;
    if (made instanceof Uint8Array) return made;
    throw new Error(
      `zstd is not read by Node ${process.versions.node}: use Node 22.15 or write it with snappy or gzip`,
    );
  },
};

/** The reader says what it stumbled over; that it is the file's fault is for us to say. */
function unreadable(error: unknown): never {
  const why = error instanceof Error ? error.message : String(error);
  throw new Error(`it cannot be read as Parquet (${why})`, { cause: error });
}

/** Reads the columns that are needed, a row group at a time. `onRow` hears of each row, from 1, before it is read. */
export async function readParquet(path: string, onRow: (number: number) => void): Promise<Recording> {
  // Only who replays Parquet loads the reader.
  const { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, parquetSchema } = await import(
    'hyparquet'
  );
  const file = await asyncBufferFromFile(path);
  if (file.byteLength < LEAST_BYTES) throw new Error(`${file.byteLength} bytes are no Parquet file`);
  const metadata = await parquetMetadataAsync(file).catch(unreadable);
  const names = parquetSchema(metadata).children.map(({ element }) => element.name);
  const { kind, places } = readHeader(names);
  const columns = [...places.values()].map((place) => names[place] ?? '');
  const own = new Map<Column, number>([...places.keys()].map((column, place) => [column, place]));
  const recording = new Recording({ kind, places: own });
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows);
    const options = { file, metadata, columns, rowStart, rowEnd, parsers: PARSERS, compressors: CODECS };
    for (const [index, row] of (await parquetReadObjects(options).catch(unreadable)).entries()) {
      const number = rowStart + index + 1;
      onRow(number);
      recording.add(
        columns.map((name) => String(row[name] ?? '')),
        number,
      );
    }
    rowStart = rowEnd;
  }
  return recording;
}
