import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Exchange, startExchange } from '../../../index';
import { SchemaCheck } from './schema-check';

const document = z
  .record(z.string(), z.unknown())
  .parse(JSON.parse(readFileSync(new URL('market-data.openapi.json', import.meta.url), 'utf8')));
const check = new SchemaCheck(document);
const operations = z
  .record(
    z.string(),
    z.object({
      get: z.object({
        parameters: z.array(z.unknown()).default([]),
        responses: z.object({
          200: z.object({ content: z.object({ 'application/json': z.object({ schema: z.unknown() }) }) }),
        }),
      }),
    }),
  )
  .parse(document['paths']);

const headers = { 'APCA-API-KEY-ID': 'PKCONTRACT', 'APCA-API-SECRET-KEY': 'secret' };
const clock = '2026-11-18T19:00:00Z';
/** Where the real service itself departs from its description, or leaves content out unasked. */
const EXCEPTIONS = [
  /^\$\.(?:bars|trades|quotes|auctions): null$/,
  /^\$\.news\[\d+\]\.content: shorter than 1$/,
];

let exchange: Exchange;
let contract = '';
beforeAll(async () => {
  const accounts = [{ keyId: 'PKCONTRACT', secret: 'secret' }];
  exchange = await startExchange({ accounts, clock, rateLimit: 'off', seed: 3, plan: 'paid' });
  const get = async (path: string): Promise<unknown> =>
    (await fetch(`${exchange.url}${path}`, { headers })).json();
  const { trade } = z
    .object({ trade: z.object({ p: z.number() }) })
    .parse(await get('/v2/stocks/SPY/trades/latest'));
  const near = `strike_price_gte=${trade.p}&expiration_date=2026-12-18&type=call&limit=1`;
  const { option_contracts: found } = z
    .object({ option_contracts: z.array(z.object({ symbol: z.string() })) })
    .parse(await get(`/v2/options/contracts?underlying_symbols=SPY&${near}`));
  contract = found[0]?.symbol ?? '';
});
afterAll(() => exchange.close());

interface Operation {
  readonly path: string;
  readonly schema: unknown;
  readonly names: readonly { name: string; in: string }[];
}

const parameter = z.looseObject({ name: z.string(), in: z.string() });
const all: Operation[] = Object.entries(operations).map(([path, { get }]) => ({
  path,
  schema: get.responses[200].content['application/json'].schema,
  names: get.parameters.map((one) => parameter.parse(check.resolve(one))),
}));

/** A value that an operation takes for a parameter; undefined leaves it out. */
function usual(path: string, name: string): string | undefined {
  const options = path.includes('/options/');
  const crypto = path.includes('/crypto/');
  const values: Record<string, string | undefined> = {
    symbols: path.includes('corporate')
      ? undefined
      : options
        ? contract
        : crypto
          ? 'BTC/USD,ETH/USD'
          : 'AAPL,SPY',
    symbol: 'AAPL',
    loc: 'us',
    ticktype: 'trade',
    tape: 'A',
    market_type: 'stocks',
    underlying_symbol: 'SPY',
    timeframe: '1Hour',
    start: path.includes('corporate') ? '2026-01-01' : '2026-11-17T14:00:00Z',
    end: path.includes('corporate') ? '2026-11-18' : undefined,
    limit: '20',
    top: '20',
  };
  return values[name];
}

type Values = Readonly<Record<string, string | undefined>>;

function urlOf({ path, names }: Operation, changed: Values): string {
  let filled = path;
  const query = new URLSearchParams();
  for (const { name, in: place } of names) {
    const value = name in changed ? changed[name] : usual(path, name);
    if (place === 'path') filled = filled.replace(`{${name}}`, encodeURIComponent(value ?? ''));
    else if (value !== undefined) query.set(name, value);
  }
  for (const [name, value] of Object.entries(changed)) {
    if (value !== undefined && !names.some((one) => one.name === name)) query.set(name, value);
  }
  return `${filled}?${query}`;
}

const refusal = z.strictObject({ message: z.string().min(1), code: z.number().optional() });

/** What is wrong with the answer to a request; none when it is an answer or a refusal as it should be. */
async function faults(operation: Operation, changed: Values): Promise<string[]> {
  const url = urlOf(operation, changed);
  const response = await fetch(exchange.url + url, { headers, signal: AbortSignal.timeout(8_000) });
  const body: unknown = await response.json();
  const found = [];
  if (response.status >= 500) found.push(`status ${response.status}`);
  else if (response.status !== 200 && !refusal.safeParse(body).success)
    found.push(`envelope ${JSON.stringify(body)}`);
  else if (response.status === 200) found.push(...check.problems(operation.schema, body));
  return found
    .filter((fault) => !EXCEPTIONS.some((known) => known.test(fault)))
    .map((fault) => `${url}: ${fault}`);
}

describe('every data answer', () => {
  test('is asked for: 38 operations are in scope', () => {
    expect(all).toHaveLength(38);
  });

  test.each(all.map((operation) => [operation.path, operation] as const))(
    'of %s fits the schema and is not empty',
    async (_path, operation) => {
      const response = await fetch(exchange.url + urlOf(operation, {}), { headers });
      expect(response.status).toBe(200);
      expect((await response.text()).length).toBeGreaterThan(60);
      expect(await faults(operation, {})).toEqual([]);
    },
  );

  test('that does not fit would be found', () => {
    const bars = all.find((operation) => operation.path === '/v2/stocks/bars')?.schema;
    const bar = { t: '2026-11-18T19:00:00Z', o: 1, h: 1, l: 1, c: 1, v: 1, n: 1, vw: 1 };
    const body = (one: unknown): unknown => ({ bars: { SPY: [one] }, next_page_token: null });
    expect(check.problems(bars, body(bar))).toEqual([]);
    expect(check.problems(bars, body({ ...bar, v: 1.5 }))).toEqual(['$.bars.SPY[0].v: no integer']);
    expect(check.problems(bars, body({ ...bar, t: 'now' }))).toEqual(['$.bars.SPY[0].t: no date-time']);
    expect(check.problems(bars, body({ ...bar, x: 1 }))).toEqual(['$.bars.SPY[0].x: unknown']);
    expect(check.problems(bars, { bars: {} })).toEqual(['$.next_page_token: missing']);
  });
});

describe('a strange request', () => {
  /** For any parameter: missing, empty, of another type, at and beyond its bounds, hostile. */
  const VALUES = [
    undefined,
    '',
    '0',
    '-1',
    '1.5',
    '10001',
    '99999999999999999999',
    'null',
    'NaN',
    '2026-11-18',
    '2015-01-01T00:00:00Z',
    '2099-12-31T23:59:59.999999999+14:00',
    'asc',
    'SPY',
    'BTC/USD',
    'AAPL,AAPL,,SPY',
    '../../etc/passwd',
    'ÄÖ\u0000"\'<>',
    'A'.repeat(2_000),
    Buffer.from('SPY|M|1').toString('base64'),
  ];
  /** The paths of single stocks share all but these with those of many. */
  const isOwn =
    (path: string) =>
    ({ name }: { name: string }): boolean =>
      !path.includes('{symbol}') || ['symbol', 'limit', 'start'].includes(name);
  const wide = ['1Day', '1Week', '12Month'];
  const requests: { operation: Operation; changed: Values }[] = all.flatMap((operation) => [
    ...operation.names
      .filter(isOwn(operation.path))
      .flatMap(({ name }) => VALUES.map((value) => ({ operation, changed: { [name]: value } }))),
    { operation, changed: { surprise: 'yes', symbol_or_so: '' } },
    ...wide.map((timeframe) => ({
      operation,
      changed: { timeframe, start: '2015-01-01', sort: 'desc', limit: '3' },
    })),
  ]);

  test(`is answered or refused in the right form, ${requests.length} times`, {
    timeout: 60_000,
  }, async () => {
    const queue = [...requests];
    const found: string[] = [];
    const work = async (): Promise<void> => {
      for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
        found.push(...(await faults(next.operation, next.changed)));
      }
    };
    await Promise.all(Array.from({ length: 6 }, work));
    expect(found.slice(0, 20)).toEqual([]);
    expect(requests.length).toBeGreaterThan(2_000);
  });
});
