import { once } from 'node:events';
import { decode } from '@msgpack/msgpack';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { type Exchange, startExchange } from '../index';
import { bytesOf } from './socket';

const keys = { keyId: 'PKSTREAM', secret: 'stream-secret' };
const auth = { action: 'auth', key: keys.keyId, secret: keys.secret };
const messages = z.array(z.looseObject({ T: z.string() }));

let exchange: Exchange;
beforeEach(async () => {
  exchange = await startExchange({ accounts: [keys], controlToken: 'token' });
});
afterEach(() => exchange.close());

/** A socket whose messages can be waited for one by one, also those that came early. */
class Client {
  readonly socket: WebSocket;
  readonly #queue: unknown[] = [];
  #wake: () => void = () => {};

  constructor(path: string, private_: { msgpack?: boolean } = {}) {
    const headers = private_.msgpack === true ? { 'Content-Type': 'application/msgpack' } : {};
    this.socket = new WebSocket(`${exchange.url.replace('http', 'ws')}${path}`, { headers });
    this.socket.on('message', (data, binary) => {
      const bytes = bytesOf(data);
      this.#queue.push({
        binary,
        value: private_.msgpack === true ? decode(bytes) : JSON.parse(bytes.toString()),
      });
      this.#wake();
    });
    this.socket.on('error', () => {});
  }

  async next(): Promise<{ binary: boolean; value: unknown }> {
    while (this.#queue.length === 0) await new Promise<void>((resolve) => (this.#wake = resolve));
    return z.object({ binary: z.boolean(), value: z.unknown() }).parse(this.#queue.shift());
  }

  async value(): Promise<unknown> {
    return (await this.next()).value;
  }

  send(message: unknown): void {
    this.socket.send(JSON.stringify(message));
  }
}

async function authenticated(): Promise<Client> {
  const client = new Client('/v2/iex');
  expect(await client.value()).toEqual([{ T: 'success', msg: 'connected' }]);
  client.send(auth);
  expect(await client.value()).toEqual([{ T: 'success', msg: 'authenticated' }]);
  return client;
}

describe('the data stream', () => {
  test('acknowledges with every channel and then sends ticks with nanosecond times', async () => {
    const client = await authenticated();
    client.send({ action: 'subscribe', quotes: ['SPY'], trades: ['AAPL'] });
    expect(await client.value()).toEqual([
      {
        T: 'subscription',
        trades: ['AAPL'],
        quotes: ['SPY'],
        bars: [],
        updatedBars: [],
        dailyBars: [],
        statuses: [],
        lulds: [],
        imbalances: [],
        corrections: ['AAPL'],
        cancelErrors: ['AAPL'],
      },
    ]);
    const [tick] = messages.parse(await client.value());
    expect(tick).toMatchObject({ t: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/) });
  });

  test('speaks MsgPack when the upgrade says so, times as extension -1', async () => {
    const client = new Client('/v2/iex', { msgpack: true });
    expect(await client.value()).toEqual([{ T: 'success', msg: 'connected' }]);
    const { encode } = await import('@msgpack/msgpack');
    client.socket.send(encode(auth));
    expect(await client.next()).toEqual({ binary: true, value: [{ T: 'success', msg: 'authenticated' }] });
    client.socket.send(encode({ action: 'subscribe', quotes: ['SPY'] }));
    await client.next();
    const [tick] = messages.parse(await client.value());
    expect(tick?.['t']).toBeInstanceOf(Date);
  });

  test.each([
    ['400 for what is no message', 'nonsense', 400],
    ['401 before authentication', { action: 'subscribe', trades: ['SPY'] }, 401],
    ['402 for wrong keys', { ...auth, secret: 'wrong' }, 402],
  ])('answers %s', async (_title, message, code) => {
    const client = new Client('/v2/iex');
    await client.next();
    client.send(message);
    expect(await client.value()).toMatchObject([{ T: 'error', code }]);
  });

  test('answers 403 to a second authentication and 405 above 30 symbols, keeping its state', async () => {
    const client = await authenticated();
    client.send(auth);
    expect(await client.value()).toMatchObject([{ T: 'error', code: 403 }]);
    client.send({ action: 'subscribe', trades: Array.from({ length: 31 }, (_, i) => `S${i}`) });
    expect(await client.value()).toEqual([{ T: 'error', code: 405, msg: 'symbol limit exceeded' }]);
    client.send({ action: 'subscribe', bars: ['*'] });
    expect(await client.value()).toMatchObject([{ trades: [], bars: ['*'] }]);
  });

  test('answers 406 to a second connection on the free plan and 409 to the paid feed', async () => {
    await authenticated();
    const second = new Client('/v2/iex');
    await second.next();
    second.send(auth);
    expect(await second.value()).toMatchObject([{ T: 'error', code: 406 }]);
    const sip = new Client('/v2/sip');
    await sip.next();
    sip.send(auth);
    expect(await sip.value()).toMatchObject([{ T: 'error', code: 409 }]);
  });
});

describe('the account stream', () => {
  test.each([
    ['authenticate', { action: 'authenticate', data: { key_id: keys.keyId, secret_key: keys.secret } }],
    ['auth', auth],
  ])('takes the %s form and acknowledges listening in binary frames', async (_form, message) => {
    const client = new Client('/stream');
    await once(client.socket, 'open');
    client.send(message);
    expect(await client.next()).toEqual({
      binary: true,
      value: { stream: 'authorization', data: { status: 'authorized', action: 'authenticate' } },
    });
    client.send({ action: 'listen', data: { streams: ['trade_updates', 'nonsense'] } });
    expect(await client.value()).toEqual({ stream: 'listening', data: { streams: ['trade_updates'] } });
  });

  test('refuses to listen for strangers', async () => {
    const client = new Client('/stream');
    await once(client.socket, 'open');
    client.send({ action: 'listen', data: { streams: ['trade_updates'] } });
    expect(await client.value()).toEqual({
      stream: 'authorization',
      data: { status: 'unauthorized', action: 'listen' },
    });
  });
});

describe('control', () => {
  const post = (path: string, body: unknown): Promise<Response> =>
    fetch(exchange.url + path, {
      method: 'POST',
      headers: { Authorization: 'Bearer token' },
      body: JSON.stringify(body),
    });

  test('drops sockets and refuses new ones for a while', async () => {
    const client = await authenticated();
    const closed = once(client.socket, 'close');
    const answer = await post('/control/streams/drop', { stream: 'data', refuse_for_ms: 60_000 });
    expect(await answer.json()).toEqual({ dropped: 1 });
    await closed;
    const next = new Client('/v2/iex');
    const [error] = await once(next.socket, 'error');
    expect(String(error)).toContain('503');
  });

  test('opens an account once for the same key and secret', async () => {
    const wish = { key_id: 'PKNEW', secret_key: 'abc', cash: 5000 };
    const first = await post('/control/accounts', wish);
    const second = await post('/control/accounts', wish);
    expect([first.status, second.status]).toEqual([201, 200]);
    const account = await first.json();
    expect(account).toMatchObject({ key_id: 'PKNEW', secret_key: 'abc', cash: '5000' });
    expect(await second.json()).toEqual(account);
    expect((await post('/control/accounts', { ...wish, secret_key: 'other' })).status).toBe(409);
  });

  test('halts and resumes a symbol, which the statuses channel tells', async () => {
    const client = await authenticated();
    client.send({ action: 'subscribe', statuses: ['*'] });
    await client.next();
    expect((await post('/control/halt', { symbol: 'TSLA' })).status).toBe(200);
    expect(await client.value()).toMatchObject([{ T: 's', S: 'TSLA', sc: 'H' }]);
    expect((await post('/control/halt', { symbol: 'TSLA', halted: false })).status).toBe(200);
    expect(await client.value()).toMatchObject([{ T: 's', S: 'TSLA', sc: 'T' }]);
  });

  test('sets a price from now on', async () => {
    const client = await authenticated();
    client.send({ action: 'subscribe', quotes: ['AAPL'] });
    await client.next();
    expect((await post('/control/price', { symbol: 'AAPL', price: '500', orderly: true })).status).toBe(200);
    const quotes = z.array(z.looseObject({ bp: z.number() }));
    let bid = 0;
    while (Math.abs(bid - 500) > 5) bid = quotes.parse(await client.value()).at(-1)?.bp ?? 0;
  });
});
