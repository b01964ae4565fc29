import { mkdtempSync, readFileSync as readBytes, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as zlib from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, describe, expect, test } from 'vitest';
import { StartError } from '../options';
import { readReplay } from './read-replay';

const folder = mkdtempSync(join(tmpdir(), 'exchange-parquet-'));
afterAll(() => rmSync(folder, { recursive: true }));

type Written = Parameters<typeof parquetWriteBuffer>[0];
let files = 0;

function file(columnData: Written['columnData'], more: Partial<Written> = {}, name = 'x.parquet'): string {
  files += 1;
  const path = join(folder, `${files}-${name}`);
  writeFileSync(path, Buffer.from(parquetWriteBuffer({ ...more, columnData })));
  return path;
}

const FIRST = Date.parse('2024-01-03T14:30:00.123Z');
type Source = Written['columnData'][number];
const symbols: Source = { name: 'symbol', data: ['AAPL', 'SPY', 'AAPL'], type: 'STRING' };
const prices: Source = { name: 'price', data: [184.22, 468.5, 184.3], type: 'DOUBLE' };
const sizes: Source = { name: 'size', data: [100n, 200n, 300n], type: 'INT64' };
const times = (data: bigint[]): Source => ({ name: 'timestamp', data, type: 'INT64' });
const millis = [FIRST, FIRST + 1, FIRST + 60_000].map(BigInt);

/** What AAPL traded, by a file. */
async function tradesOf(path: string): Promise<[number, number, number][]> {
  const tape = (await readReplay(path)).get('AAPL');
  return [...(tape?.trades({ from: 0, to: Infinity }) ?? [])].map(({ at, price, size }) => [at, price, size]);
}

const EXPECTED = [
  [FIRST, 184_220_000, 100],
  [FIRST + 60_000, 184_300_000, 300],
];

describe('a recording in Parquet', () => {
  test('that pyarrow 26 wrote (dictionaries, nullable, time zone, snappy) gives the trades that it holds', async () => {
    expect(await tradesOf(fileURLToPath(new URL('pyarrow-trades.parquet', import.meta.url)))).toEqual(
      EXPECTED,
    );
  });

  test.each([
    ['milliseconds', times(millis)],
    ['microseconds', times(millis.map((at) => at * 1_000n))],
    ['nanoseconds', times(millis.map((at) => at * 1_000_000n))],
    ['RFC 3339', { name: 'timestamp', data: millis.map((at) => new Date(Number(at)).toISOString()) }],
    [
      'dates',
      { name: 't', data: millis.map((at) => new Date(Number(at))), type: 'TIMESTAMP' } satisfies Source,
    ],
  ])('with times in %s gives the trades that it holds', async (_unit, timestamps) => {
    expect(await tradesOf(file([symbols, timestamps, prices, sizes]))).toEqual(EXPECTED);
  });

  test.each([
    ['milliseconds', 1n, { converted_type: 'TIMESTAMP_MILLIS' }],
    ['microseconds', 1_000n, { converted_type: 'TIMESTAMP_MICROS' }],
    [
      'nanoseconds',
      1_000_000n,
      { logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'NANOS' } },
    ],
  ] as const)('with timestamps in %s too', async (_unit, factor, element) => {
    const columns = [symbols, times(millis.map((at) => at * factor)), prices, sizes];
    const schema: Written['schema'] = [
      { name: 'root', num_children: 4 },
      { name: 'symbol', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
      { name: 'timestamp', type: 'INT64', repetition_type: 'REQUIRED', ...element },
      { name: 'price', type: 'DOUBLE', repetition_type: 'REQUIRED' },
      { name: 'size', type: 'INT64', repetition_type: 'REQUIRED' },
    ];
    const plain = columns.map(({ name, data }) => ({ name, data }));
    expect(await tradesOf(file(plain, { schema }))).toEqual(EXPECTED);
  });

  test.each(['UNCOMPRESSED', 'SNAPPY', 'GZIP'] as const)('is read when compressed as %s', async (codec) => {
    const compressors = { GZIP: (bytes: Uint8Array) => new Uint8Array(zlib.gzipSync(bytes)) };
    expect(await tradesOf(file([symbols, times(millis), prices, sizes], { codec, compressors }))).toEqual(
      EXPECTED,
    );
  });

  test.skipIf('zstdDecompressSync' in zlib)(
    'compressed with zstd is refused by name where Node has none',
    async () => {
      const same = { ZSTD: (bytes: Uint8Array) => bytes };
      const path = file([symbols, times(millis), prices, sizes], { codec: 'ZSTD', compressors: same });
      await expect(readReplay(path)).rejects.toThrow(/zstd is not read by Node 2\d\./);
    },
  );

  test('may have other columns, in any order, many row groups, and no ending to its name', async () => {
    const other = { name: 'exchange', data: ['V', 'V', 'V'] };
    const path = file([other, sizes, prices, times(millis), symbols], { rowGroupSize: 1 }, 'recording');
    expect(await tradesOf(path)).toEqual(EXPECTED);
  });

  test('of bars and of quotes is told by its columns', async () => {
    const at = times([BigInt(FIRST), BigInt(FIRST + 60_000)]);
    const column = (name: string, data: number[]) => ({ name, data, type: 'DOUBLE' }) satisfies Source;
    const spy = { name: 'symbol', data: ['SPY', 'SPY'] };
    const ohlc = [
      column('open', [10, 11]),
      column('high', [12, 12]),
      column('low', [9, 10]),
      column('close', [11, 10]),
    ];
    const bars = await readReplay(file([spy, at, ...ohlc, column('volume', [400, 401])]));
    expect(
      [...(bars.get('SPY')?.trades({ from: 0, to: Infinity }) ?? [])].map(({ price }) => price / 1e6),
    ).toEqual([10, 9, 12, 11, 11, 12, 10, 10]);
    const sides = [
      column('bp', [10, 11]),
      column('bs', [100, 100]),
      column('ap', [10.1, 11.1]),
      column('as', [200, 300]),
    ];
    const quotes = await readReplay(file([spy, at, ...sides]));
    expect(quotes.get('SPY')?.quoteAt(FIRST + 60_000)).toMatchObject({
      bid: 11_000_000,
      ask: 11_100_000,
      askSize: 300,
    });
  });

  const whole = file([symbols, times(millis), prices, sizes]);
  const none: Source = { name: 'symbol', data: [], type: 'STRING' };
  test.each<[string, () => string, RegExp]>([
    ['of zero bytes', () => written(Buffer.alloc(0)), /: 0 bytes are no Parquet file$/],
    ['cut off', () => written(readBytes(whole).subarray(0, -40)), /parquet/i],
    ['damaged in its pages', () => written(damaged(readBytes(whole))), /cannot be read as Parquet/],
    ['that is text', () => written(Buffer.from('symbol,timestamp,price,size\n')), /parquet/i],
    ['with other columns', () => file([symbols, prices]), /there are no columns of bars, trades or quotes/],
    [
      'with no rows',
      () => file([none, { ...times([]) }, { ...prices, data: [] }, { ...sizes, data: [] }]),
      /no rows$/,
    ],
    [
      'with text for prices',
      () => file([symbols, times(millis), { name: 'price', data: ['1', 'x', '1'] }, sizes]),
      /row 2: price "x"/,
    ],
    [
      'with a truth for times',
      () => file([symbols, { name: 'time', data: [true, false, true] }, prices, sizes]),
      /row 1: timestamp "true"/,
    ],
    [
      'without a price',
      () => file([symbols, times(millis), { ...prices, data: [1, 1, null] }, sizes]),
      /row 3: price "" is not above 0/,
    ],
    [
      'of an unlisted symbol',
      () => file([{ ...symbols, data: ['AAPL', 'ZZZZ', 'SPY'] }, times(millis), prices, sizes]),
      /row 2: symbol "ZZZZ"/,
    ],
  ])('%s is refused in one line', async (_what, make, message) => {
    const refused = await readReplay(make()).then(
      () => null,
      (error: unknown) => error,
    );
    if (!(refused instanceof StartError)) throw new Error('it was not refused');
    expect(refused.message).toMatch(message);
    expect(refused.message).not.toContain('\n');
  });
});

function written(bytes: Buffer): string {
  files += 1;
  const path = join(folder, `${files}.parquet`);
  writeFileSync(path, bytes);
  return path;
}

function damaged(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy.fill(0xff, 4, 60);
  return copy;
}
