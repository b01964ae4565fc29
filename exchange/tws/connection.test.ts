import { connect, type Socket } from 'node:net';
import { OrderAction, OrderType } from '@stoqey/ib';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startExchange } from '../index';
import { KEYS, startWorld, TwsProgram } from './testing/tws-world';
import { FrameDecoder, FrameError, fieldsOf, frameOf, MOST_BYTES } from './wire/frame';

let world: Awaited<ReturnType<typeof startWorld>>;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.exchange.close());

const GREETING = Buffer.concat([Buffer.from('API\0'), Buffer.from([0, 0, 0, 9]), Buffer.from('v100..193')]);
const START = frameOf([71, 2, 5, '']);

/** Sends bytes and answers what came until the exchange closed the connection. */
function sentAndClosed(...pieces: readonly Uint8Array[]): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(world.port, '127.0.0.1');
    const came: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => came.push(chunk));
    socket.on('error', () => {});
    socket.on('close', () => resolve(Buffer.concat(came)));
    socket.setTimeout(5_000, () => reject(new Error('the connection stayed open')));
    for (const piece of pieces) socket.write(piece);
  });
}

const messagesIn = (bytes: Buffer): string[][] => new FrameDecoder().push(bytes).map(fieldsOf);

describe('a client that connects', () => {
  test('is told version, accounts, its next order id and that the data farms are well', async () => {
    const program = await TwsProgram.open(world.port);
    await program.error(2158);
    expect(program.api.serverVersion).toBe(178);
    expect(program.accounts).toEqual([expect.stringMatching(/^DU\d{7}$/)]);
    expect(program.nextId).toBe(1);
    expect(program.errors.map(({ code, id }) => [id, code])).toEqual([
      [-1, 2104],
      [-1, 2106],
      [-1, 2158],
    ]);
    await program.close();
  });

  test('under the number of one that is connected is refused with 326 and closed; the first stays', async () => {
    const first = await TwsProgram.open(world.port, 4);
    const second = new TwsProgram(world.port);
    second.api.connect(4);
    await second.error(326);
    await second.until(() => !second.connected, 'the end of the second');
    expect(first.connected).toBe(true);
    await first.close();
    await second.connect(4);
    await second.close();
  });

  test('under another number trades beside it; numbers of orders are each client’s own', async () => {
    const [one, two] = [await TwsProgram.open(world.port, 1), await TwsProgram.open(world.port, 2)];
    const rest = { action: OrderAction.BUY, totalQuantity: 1, orderType: OrderType.LMT, lmtPrice: 5 };
    one.place(rest);
    two.place(rest);
    await one.status(1, 'Submitted');
    await two.status(1, 'Submitted');
    const all = await one.allOpenOrders();
    expect(all.map(({ orderId, order }) => [orderId, order.clientId])).toEqual([
      [1, 1],
      [1, 2],
    ]);
    expect(await one.openOrders()).toHaveLength(1);
    two.api.cancelOrder(2);
    await two.error(10147, 2);
    await Promise.all([one.close(), two.close()]);
  });

  test('sees an account that control opens while it is connected', async () => {
    const program = await TwsProgram.open(world.port);
    const { status, body } = await world.control('tws/accounts', { key_id: 'PKLATER', cash: 5_000 });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      key_id: 'PKLATER',
      cash: '5000',
      tws_account: expect.stringMatching(/^DU\d{7}$/),
    });
    await program.until(() => program.accounts.length === 2, 'the second account');
    const known = await world.control('tws/accounts', { key_id: KEYS.keyId });
    expect(known).toMatchObject({ status: 200, body: { tws_account: program.accounts[0] } });
    expect((await world.control('tws', undefined, 'GET')).body).toMatchObject({
      port: world.port,
      server_version: 178,
      accounts: [{ key_id: KEYS.keyId }, { key_id: 'PKLATER' }],
      client_ids: [1],
    });
    const id = program.place({ action: OrderAction.BUY, totalQuantity: 1, orderType: OrderType.MKT });
    expect((await program.error(435, id)).text).toBe('You must specify an account.');
    await program.close();
  });
});

test('without its port control has nothing to say of it: 409', async () => {
  const plain = await startExchange();
  const headers = { Authorization: `Bearer ${plain.controlToken}` };
  expect(plain.twsPort).toBe(null);
  expect((await fetch(`${plain.url}/control/tws`, { headers })).status).toBe(409);
  await plain.close();
});

describe('bytes that are no protocol', () => {
  test.each([
    ['another greeting', [Buffer.from('GET / HTTP/1.1\r\n\r\n')]],
    [
      'a range of versions without ours',
      [Buffer.from('API\0'), Buffer.from([0, 0, 0, 9]), Buffer.from('v100..177')],
    ],
    ['a message of no length', [GREETING, Buffer.alloc(4)]],
    ['a message too long', [GREETING, Buffer.from([0x7f, 0xff, 0xff, 0xff])]],
    ['a first message that is not startApi', [GREETING, frameOf([49, 1])]],
    ['a client id that is none', [GREETING, frameOf([71, 2, 'me', ''])]],
    ['a request without a number', [GREETING, START, frameOf(['what'])]],
    ['a number that no request has', [GREETING, START, frameOf([40_000])]],
    ['an order cut short', [GREETING, START, frameOf([3, 1, 0, 'AAPL'])]],
    ['a field without its end', [GREETING, START, Buffer.from([0, 0, 0, 2, 52, 57])]],
  ])('%s: the connection is closed, the exchange goes on', async (_, pieces) => {
    await sentAndClosed(...pieces);
    const program = await TwsProgram.open(world.port, 9);
    expect(program.connected).toBe(true);
    await program.close();
  });

  test('a request that cannot be read is answered with 320 before that', async () => {
    const messages = messagesIn(await sentAndClosed(GREETING, START, frameOf([3, 1, 0, 'AAPL'])));
    expect(messages.at(-1)?.slice(0, 4)).toEqual(['4', '2', '-1', '320']);
  });

  test('sockets beyond 32 are closed', async () => {
    const sockets = Array.from({ length: 32 }, () => connect(world.port, '127.0.0.1'));
    await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
    const came = await sentAndClosed(GREETING);
    expect(came).toHaveLength(0);
    for (const socket of sockets) socket.destroy();
  });
});

describe('the frame decoder', () => {
  const field = fc.string().map((text) => text.replaceAll('\0', ''));
  const message = fc.array(field, { minLength: 1, maxLength: 20 });

  test('gives the messages back that were framed, however the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 8 }), fc.array(fc.nat(200)), (messages, cuts) => {
        const bytes = Buffer.concat(messages.map((fields) => frameOf(fields)));
        const decoder = new FrameDecoder();
        const found: string[][] = [];
        let at = 0;
        for (const size of [...cuts, bytes.length]) {
          found.push(...decoder.push(bytes.subarray(at, at + size)).map(fieldsOf));
          at += size;
        }
        expect(found).toEqual(messages);
      }),
    );
  });

  test('takes any bytes or throws a FrameError, and keeps no more than one message', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 64 }), { maxLength: 20 }), (pieces) => {
        const decoder = new FrameDecoder();
        let worst: unknown = null;
        const sizes: number[] = [];
        try {
          for (const piece of pieces)
            sizes.push(...decoder.push(Buffer.from(piece)).map(({ length }) => length));
        } catch (error) {
          worst = error;
        }
        expect(worst === null || worst instanceof FrameError).toBe(true);
        expect(Math.max(0, ...sizes)).toBeLessThanOrEqual(MOST_BYTES);
      }),
    );
  });
});

test('random requests of a started client never stop the exchange', async () => {
  const field = fc.oneof(
    fc.constant(''),
    fc.integer({ min: -5, max: 200 }).map(String),
    fc.string({ maxLength: 12 }),
  );
  const request = fc.tuple(fc.integer({ min: 1, max: 104 }), fc.array(field, { maxLength: 120 }));
  await fc.assert(
    fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 10 }), async (requests) => {
      const frames = requests.map(([number, fields]) =>
        frameOf([number, ...fields.map((text) => text.replaceAll('\0', ''))]),
      );
      await sentAndClosed(GREETING, START, ...frames, Buffer.from([0xff, 0xff, 0xff, 0xff]));
    }),
    { numRuns: 60 },
  );
  const program = await TwsProgram.open(world.port, 9);
  expect(program.connected).toBe(true);
  await program.close();
});
