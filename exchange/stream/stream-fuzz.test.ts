import { once } from 'node:events';
import { decode, encode } from '@msgpack/msgpack';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { type Exchange, startExchange } from '../index';
import { ODD } from '../testing/alpaca-fuzz';
import { bytesOf } from './socket';

const keys = { keyId: 'PKSFUZZ', secret: 'stream-secret' };
let exchange: Exchange;
const faults: unknown[] = [];
beforeAll(async () => {
  const onError = (error: unknown): void => void faults.push(error);
  exchange = await startExchange({ accounts: [keys], plan: 'paid', rateLimit: 'off', onError });
});
afterAll(() => exchange.close());

const HUGE = 'x'.repeat(300_000);
const RIGHT: Readonly<Record<string, unknown>> = {
  auth: { action: 'auth', key: keys.keyId, secret: keys.secret },
  authenticate: { action: 'authenticate', data: { key_id: keys.keyId, secret_key: keys.secret } },
  wrong: { action: 'auth', key: keys.keyId, secret: 'no' },
  listen: { action: 'listen', data: { streams: ['trade_updates', 'account_updates'] } },
  subscribe: { action: 'subscribe', trades: ['AAPL'], quotes: ['SPY'], bars: ['*'] },
  unsubscribe: { action: 'unsubscribe', trades: ['AAPL'], quotes: ['*'] },
};
const odd = fc.oneof(fc.constantFrom(...ODD), fc.string());
const spoiled = fc.record({
  action: fc.oneof(
    fc.constantFrom('auth', 'authenticate', 'listen', 'subscribe', 'unsubscribe', 'error'),
    odd,
  ),
  key: odd,
  secret: odd,
  data: fc.oneof(odd, fc.record({ streams: odd, key_id: odd, secret_key: odd })),
  trades: odd,
  quotes: fc.oneof(odd, fc.array(odd)),
  orderbooks: fc.array(fc.constantFrom('AAPL', 'BTC/USD', '*', '')),
});
/** A message in its right form, in a wrong one, or something that is none. */
const message = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...Object.values(RIGHT)) },
  { weight: 3, arbitrary: spoiled },
  { weight: 2, arbitrary: odd },
);
const frame = fc.oneof(
  { weight: 6, arbitrary: message.map((sent) => ({ sent, raw: null })) },
  {
    weight: 2,
    arbitrary: fc.oneof(fc.string(), fc.uint8Array(), fc.constant(HUGE)).map((raw) => ({ sent: null, raw })),
  },
);

/** What a server of this path may say: an array of messages with a T, or a frame of the account stream. */
const data = z.array(z.looseObject({ T: z.string() })).min(1);
const account = z.union([
  z.looseObject({ stream: z.string(), data: z.looseObject({}) }),
  z.object({ action: z.literal('error'), data: z.object({ error_message: z.string() }) }),
]);

type Codec = 'json' | 'msgpack';

async function open(path: string, codec: Codec): Promise<{ socket: WebSocket; heard: unknown[] }> {
  const headers = codec === 'msgpack' ? { 'Content-Type': 'application/msgpack' } : {};
  const socket = new WebSocket(exchange.url.replace('http', 'ws') + path, { headers });
  const heard: unknown[] = [];
  socket.on('error', () => {});
  socket.on('message', (bytes) => {
    const found = bytesOf(bytes);
    heard.push(codec === 'msgpack' ? decode(found) : JSON.parse(found.toString()));
  });
  await once(socket, 'open');
  return { socket, heard };
}

const write = (codec: Codec, value: unknown): string | Uint8Array =>
  codec === 'msgpack' ? encode(value, { ignoreUndefined: true }) : JSON.stringify(value);

/** Waits until what was sent so far has been read: a pong comes after it. Or the socket is closed. */
async function settled(socket: WebSocket): Promise<void> {
  if (socket.readyState !== WebSocket.OPEN) return;
  socket.ping();
  await Promise.race([once(socket, 'pong'), once(socket, 'close')]);
}

/** A client that does everything right is served. */
async function serves(path: string, codec: Codec): Promise<boolean> {
  const { socket, heard } = await open(path, codec);
  socket.send(write(codec, RIGHT['auth']));
  socket.send(write(codec, path === '/stream' ? RIGHT['listen'] : { action: 'subscribe', trades: [] }));
  const done = path === '/stream' ? 'listening' : 'subscription';
  for (let tries = 0; tries < 200 && !JSON.stringify(heard).includes(done); tries += 1) await settled(socket);
  const served = JSON.stringify(heard).includes(done);
  socket.terminate();
  await once(socket, 'close');
  return served;
}

describe('a stream survives any frames in any order, answers in form, and serves the next client', () => {
  test.each<[string, Codec]>([
    ['/stream', 'json'],
    ['/v2/iex', 'json'],
    ['/v2/sip', 'msgpack'],
    ['/v1beta1/indicative', 'msgpack'],
    ['/v1beta1/indicative', 'json'],
    ['/v1beta3/crypto/us', 'json'],
    ['/v1beta1/news', 'json'],
  ])('%s in %s', async (path, codec) => {
    const form = path === '/stream' ? account : data;
    await fc.assert(
      fc.asyncProperty(fc.array(frame, { minLength: 1, maxLength: 6 }), async (frames) => {
        const { socket, heard } = await open(path, codec);
        for (const { sent, raw } of frames) {
          if (socket.readyState === WebSocket.OPEN) socket.send(raw ?? write(codec, sent));
        }
        await settled(socket);
        socket.terminate();
        if (socket.readyState !== WebSocket.CLOSED) await once(socket, 'close');
        expect(heard.filter((one) => !form.safeParse(one).success)).toEqual([]);
      }),
      { numRuns: 60 },
    );
    expect(faults).toEqual([]);
    // Options speak MsgPack only.
    expect(await serves(path, path.includes('indicative') ? 'msgpack' : codec)).toBe(true);
  });
});

test.each(['/stream', '/v2/iex'])(
  '%s closes on a frame of more than 256 KiB, and keeps nothing of it',
  async (path) => {
    const { socket } = await open(path, 'json');
    socket.send(HUGE);
    const [code] = z.tuple([z.number(), z.unknown()]).parse(await once(socket, 'close'));
    expect(code).toBe(1009);
    expect(faults).toEqual([]);
  },
);
