import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DeskError } from '@/domain/errors';
import type { LiveKeys, PaperKeys } from '@/server/brokers/ports';
import { systemClock } from '@/server/platform/clock';
import { createLogger } from '@/server/platform/logger';
import { until } from '@/server/testing/until';
import {
  ForeignHostError,
  type LiveEndpoints,
  liveEndpoints,
  type PaperEndpoints,
  paperEndpoints,
} from './endpoints';
import { scopedFetch } from './scoped-fetch';
import { alpacaSession } from './session';

const PAPER_KEYS: PaperKeys = { scope: 'paper', keyId: 'PKTEST', secretKey: 'paper-secret' };
const LIVE_KEYS: LiveKeys = { scope: 'live', keyId: 'AKTEST', secretKey: 'live-secret' };
const rest = { source: 'iex', clock: systemClock, log: createLogger('silent') } as const;
const ORDER = {
  clientOrderId: 'ord-1',
  symbol: 'AAPL',
  side: 'buy',
  type: 'market',
  timeInForce: 'day',
  qty: '1',
  orderClass: 'simple',
  extendedHours: false,
  positionIntent: null,
  legs: null,
  notional: null,
  limitPrice: null,
  stopPrice: null,
  trailPrice: null,
  trailPercent: null,
  takeProfit: null,
  stopLoss: null,
} as const;

const at = (url: string) => ({
  trading: url,
  data: url,
  tradeStream: `${url.replace('http', 'ws')}/stream`,
  dataStream: `${url.replace('http', 'ws')}/v2/iex`,
});

async function serve(answer: RequestListener) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no loopback port is free');
  return { server, url: `http://127.0.0.1:${address.port}` };
}

/** A venue that sends everybody on to the other scope's, and that other one, which writes down who came. */
let elsewhere: Awaited<ReturnType<typeof serve>>;
let pointing: Awaited<ReturnType<typeof serve>>;
let status = 307;
const seen = { elsewhere: new Array<string>(), pointing: new Array<string>() };
beforeAll(async () => {
  elsewhere = await serve((req, res) => {
    seen.elsewhere.push(`${req.method} ${req.url} ${String(req.headers['apca-api-key-id'])}`);
    res.end('{}');
  });
  pointing = await serve((req, res) => {
    seen.pointing.push(`${req.method} ${req.url}`);
    res.writeHead(status, { location: `${elsewhere.url}${req.url ?? ''}` }).end();
  });
  for (const [server, name] of [
    [elsewhere.server, 'elsewhere'],
    [pointing.server, 'pointing'],
  ] as const) {
    server.on('upgrade', (req, socket) => {
      seen[name].push(`upgrade ${req.url}`);
      const location = `${elsewhere.url.replace('http', 'ws')}${req.url ?? ''}`;
      socket.end(`HTTP/1.1 ${status} Moved\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`);
    });
  }
});
afterAll(() => {
  elsewhere.server.close();
  pointing.server.close();
});

describe('a session', () => {
  test('of one scope is not made with the keys of the other: the types forbid it, and so does the code', () => {
    const paper = paperEndpoints(at('http://127.0.0.1:1'));
    const live = liveEndpoints(at('http://127.0.0.1:2'));
    expect(() => alpacaSession({ ...rest, endpoints: paper, credentials: PAPER_KEYS })).not.toThrow();
    expect(() => alpacaSession({ ...rest, endpoints: live, credentials: LIVE_KEYS })).not.toThrow();
    // @ts-expect-error live keys at paper endpoints
    expect(() => alpacaSession({ ...rest, endpoints: paper, credentials: LIVE_KEYS })).toThrow(
      ForeignHostError,
    );
    // @ts-expect-error paper keys at live endpoints
    expect(() => alpacaSession({ ...rest, endpoints: live, credentials: PAPER_KEYS })).toThrow(
      ForeignHostError,
    );
    const open = (endpoints: PaperEndpoints | LiveEndpoints) =>
      // @ts-expect-error keys of one scope at endpoints of which the scope is not known
      alpacaSession({ ...rest, endpoints, credentials: PAPER_KEYS });
    expect(() => open(live)).toThrow(ForeignHostError);
    const unchecked = at('http://127.0.0.1:1');
    // @ts-expect-error endpoints that nobody checked
    const openUnchecked = () => alpacaSession({ ...rest, endpoints: unchecked, credentials: PAPER_KEYS });
    expect(openUnchecked).toThrow(ForeignHostError);
  });

  test.each([301, 302, 303, 307, 308])(
    'does not follow its venue to the other scope’s by a %s, and takes none of it for an answer',
    async (code) => {
      status = code;
      seen.pointing.length = 0;
      const sessions = [
        alpacaSession({ ...rest, endpoints: paperEndpoints(at(pointing.url)), credentials: PAPER_KEYS }),
        alpacaSession({ ...rest, endpoints: liveEndpoints(at(pointing.url)), credentials: LIVE_KEYS }),
      ];
      for (const { execution, marketData, instruments } of sessions) {
        expect(await execution.submit(ORDER)).toMatchObject({ kind: 'doubted' });
        expect(await execution.cancel('an-order')).toMatchObject({ kind: 'doubted' });
        for (const read of [
          () => execution.account(),
          () => execution.positions(),
          () => execution.cancelAll(),
          () => instruments.clock(),
          () => marketData.latest(['AAPL']),
        ])
          await expect(read()).rejects.toBeInstanceOf(DeskError);
        const streams = [
          execution.watchOrders({ onEvent() {}, onReady() {}, onDown() {} }),
          marketData.stream({ onChange() {}, onLink() {} }),
        ];
        await until('both sockets were sent on', () =>
          Promise.resolve(new Set(seen.pointing.filter((line) => line.startsWith('upgrade'))).size === 2),
        );
        for (const stream of streams) stream.close();
      }
      expect(seen.elsewhere).toEqual([]);
    },
  );
});

test('what an account fetches with goes to its own addresses, whatever address it is given', async () => {
  const own = paperEndpoints(at(pointing.url));
  const fetching = scopedFetch(own);
  expect((await fetching(`${pointing.url}/v2/account`)).status).toBe(308);
  const { port } = new URL(elsewhere.url);
  const others = fc.oneof(
    fc.constantFrom(
      elsewhere.url,
      `http://localhost:${port}`,
      `http://127.1:${port}/v2/orders`,
      `${pointing.url}@127.0.0.1:${port}/`,
      `${pointing.url.replace('127.0.0.1', 'localhost')}/v2/account`,
      'https://api.alpaca.markets/v2/orders',
      'https://API.ALPACA.MARKETS./v2/orders',
    ),
    fc.webUrl(),
  );
  await fc.assert(
    fc.asyncProperty(others, async (url) => {
      await expect(fetching(url)).rejects.toBeInstanceOf(ForeignHostError);
      // A request takes no address with a user in it.
      const bare = new Request(url.replace(/^(https?:\/\/)[^/]*@/, '$1'));
      await expect(fetching(bare)).rejects.toBeInstanceOf(ForeignHostError);
    }),
    { numRuns: 300 },
  );
  expect(seen.elsewhere).toEqual([]);
});
