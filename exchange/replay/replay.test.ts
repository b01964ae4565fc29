import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startExchange, StartError } from '../index';

const folder = mkdtempSync(join(tmpdir(), 'exchange-replay-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, ...lines: string[]): string {
  const path = join(folder, name);
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

const headers = { 'APCA-API-KEY-ID': 'PKREPLAY', 'APCA-API-SECRET-KEY': 'secret' };
const bar = z.object({
  t: z.string(),
  o: z.number(),
  h: z.number(),
  l: z.number(),
  c: z.number(),
  v: z.number(),
});

/** Starts on a recording, asks, and stops. */
async function played(replay: string, paths: readonly string[], clock?: string): Promise<unknown[]> {
  const accounts = [{ keyId: 'PKREPLAY', secret: 'secret' }];
  const exchange = await startExchange({ accounts, replay, ...(clock === undefined ? {} : { clock }) });
  try {
    const answers: unknown[] = [];
    for (const path of paths) answers.push(await (await fetch(`${exchange.url}${path}`, { headers })).json());
    return answers;
  } finally {
    await exchange.close();
  }
}

describe('a recording', () => {
  const minutes = file(
    'bars.csv',
    'symbol,timestamp,open,high,low,close,volume',
    'AAPL,2024-01-03T14:30:00Z,184.22,184.9,183.8,184.6,120000',
    'AAPL,2024-01-03T14:31:00Z,184.6,185.1,184.5,184.55,90001',
    'AAPL,2024-01-03T14:32:00Z,184.55,184.6,184.1,184.2,80000',
  );

  test('of bars is given back as those bars; days are made of them; other symbols keep the model', async () => {
    const query = 'start=2024-01-03T14:30:00Z&end=2024-01-03T14:33:00Z';
    const [recorded, daily, other] = await played(
      minutes,
      [
        `/v2/stocks/AAPL/bars?timeframe=1Min&${query}`,
        '/v2/stocks/AAPL/bars?timeframe=1Day&start=2024-01-03',
        `/v2/stocks/SPY/bars?timeframe=1Min&${query}`,
      ],
      '2024-01-03T22:00:00Z',
    );
    const bars = z.object({ bars: z.array(bar) });
    expect(bars.parse(recorded).bars).toEqual([
      { t: '2024-01-03T14:30:00Z', o: 184.22, h: 184.9, l: 183.8, c: 184.6, v: 120_000 },
      { t: '2024-01-03T14:31:00Z', o: 184.6, h: 185.1, l: 184.5, c: 184.55, v: 90_001 },
      { t: '2024-01-03T14:32:00Z', o: 184.55, h: 184.6, l: 184.1, c: 184.2, v: 80_000 },
    ]);
    expect(bars.parse(daily).bars).toMatchObject([{ o: 184.22, h: 185.1, l: 183.8, c: 184.2, v: 290_001 }]);
    expect(bars.parse(other).bars.length).toBeGreaterThanOrEqual(3);
  });

  test('sets the clock to its first instant, and its prices are the market', async () => {
    const [clock, quote, before] = await played(minutes, [
      '/v2/clock',
      '/v2/stocks/AAPL/quotes/latest',
      '/v2/stocks/AAPL/trades?start=2024-01-02&end=2024-01-03T14:29:59Z',
    ]);
    expect(clock).toMatchObject({ timestamp: expect.stringContaining('2024-01-03T09:30:0'), is_open: true });
    expect(quote).toMatchObject({ quote: { bp: 184.21, ap: 184.23 } });
    expect(before).toMatchObject({ trades: null });
  });

  test("of trades and of quotes is given back with its nanoseconds, under Alpaca's short names too", async () => {
    const trades = file(
      'trades.csv',
      'symbol,t,p,s',
      'SPY,2024-01-03T15:00:00.123456789Z,468.5,200',
      'SPY,1704294001000,468.6,100',
    );
    const quotes = file(
      'quotes.csv',
      'symbol,timestamp,bp,bs,ap,as',
      'SPY,2024-01-03T15:00:00Z,468.5,300,468.53,100',
    );
    const end = '2024-01-03T16:00:00Z';
    const [list] = await played(trades, [`/v2/stocks/SPY/trades?start=2024-01-03&end=${end}`], end);
    expect(list).toMatchObject({
      trades: [
        { p: 468.5, s: 200, t: expect.stringMatching(/^2024-01-03T15:00:00\.12345\d+Z$/) },
        { p: 468.6, s: 100, t: '2024-01-03T15:00:01.000000000Z' },
      ],
    });
    const [quote] = await played(quotes, ['/v2/stocks/SPY/quotes/latest'], end);
    expect(quote).toMatchObject({ quote: { bp: 468.5, bs: 300, ap: 468.53, as: 100 } });
  });

  test('pauses for five minutes where its prices stay beyond the bands, and reopens with what was left out', async () => {
    const start = Date.parse('2024-01-03T15:00:00Z');
    const rows = Array.from({ length: 900 }, (_, second) => {
      const price = second < 360 ? 100 : 107;
      return `SPY,${start + second * 1_000},${price},10`;
    });
    const jumpy = file('jumpy.csv', 'symbol,timestamp,price,size', ...rows);
    const end = '2024-01-03T15:20:00Z';
    const query = `start=2024-01-03T15:00:00Z&end=${end}&limit=10000`;
    const paths = [`/v2/stocks/SPY/trades?${query}`, `/v2/stocks/SPY/bars?timeframe=1Min&${query}`];
    const [list, bars] = await played(jumpy, paths, end);
    const trades = z.object({ trades: z.array(z.object({ t: z.string(), p: z.number(), s: z.number() })) });
    const times = trades.parse(list).trades.map(({ t, p, s }) => [t.slice(11, 19), p, s]);
    const at = times.findIndex(([t]) => t === '15:06:14');
    expect(times.slice(at, at + 3)).toEqual([
      ['15:06:14', 107, 10],
      ['15:11:15', 107, 3_000],
      ['15:11:15', 107, 10],
    ]);
    const minutesOf = z
      .object({ bars: z.array(bar) })
      .parse(bars)
      .bars.map(({ t }) => t.slice(14, 16));
    expect(minutesOf).toEqual(['00', '01', '02', '03', '04', '05', '06', '11', '12', '13', '14']);
  });

  test.each([
    ['no columns', ['a,b', '1,2'], /line 1: there are no columns of/],
    ['no rows', ['symbol,timestamp,price,size'], /no rows/],
    ['a time that is none', ['symbol,timestamp,price,size', 'SPY,soon,1,1'], /line 2: timestamp "soon"/],
    [
      'an unlisted symbol',
      ['symbol,timestamp,price,size', 'ZZZZ,1704294001000,1,1'],
      /symbol "ZZZZ" is not listed/,
    ],
    [
      'a price of 0',
      ['symbol,timestamp,price,size', '', 'SPY,1704294001000,0,1'],
      /line 3: price "0" is not above 0/,
    ],
    [
      'a crossed quote',
      ['symbol,timestamp,bp,bs,ap,as', 'SPY,1704294001000,2,1,1,1'],
      /bid is not below ask/,
    ],
    [
      'a torn bar',
      ['symbol,timestamp,open,high,low,close,volume', 'SPY,1704294001000,5,4,3,3,1'],
      /line 2: high and low/,
    ],
  ])('with %s is refused with one clear line', async (name, lines, message) => {
    const replay = file(`${name.replaceAll(' ', '-')}.csv`, ...lines);
    await expect(startExchange({ replay })).rejects.toThrow(message);
  });

  test('that is not there is refused as such', async () => {
    for (const name of ['none.csv', 'none.parquet'])
      await expect(startExchange({ replay: join(folder, name) })).rejects.toThrow(StartError);
  });
});
