import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { orderFetch } from './order-fetch';

let server: Server;
let url: string;
let seen: string[] = [];
beforeAll(async () => {
  server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const path = req.url ?? '';
      const body = Buffer.concat(chunks).toString();
      seen.push([req.method, path, req.headers['x-key'], body].join(' '));
      if (path === '/broken') {
        res.writeHead(200, { 'content-length': 100 }).write('half');
        setTimeout(() => res.destroy(), 20);
      } else if (path === '/dripping') res.writeHead(200, { 'content-length': 100 }).write('d');
      else if (path === '/moved') res.writeHead(307, { location: '/elsewhere' }).end('moved');
      else if (path === '/204') res.writeHead(204).end();
      else res.writeHead(Number(path.slice(1)), { 'x-two': ['a', 'b'], 'retry-after': '7' }).end('{"ö":1}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // The server listens on a port, not on a pipe.
  const address: AddressInfo | string | null = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const order = { method: 'POST', headers: { 'X-Key': 'k' }, body: '{"qty":"1"}', redirect: 'manual' } as const;
const told = async (answer: Response) => [
  answer.status,
  answer.ok,
  answer.headers.get('x-two'),
  answer.headers.get('retry-after'),
  await answer.text(),
];

test.each(['/200', '/204', '/422', '/429', '/503', '/moved'])('%s is answered as by fetch', async (path) => {
  seen = [];
  const own = await told(await orderFetch(url + path, order));
  expect(own).toEqual(await told(await fetch(url + path, order)));
  // Each of the two once, and nothing at the address that it was sent on to.
  expect(seen).toEqual([seen[0], seen[0]]);
});

test('an answer that breaks off is an error, and what was sent is not sent again', async () => {
  seen = [];
  await expect(orderFetch(`${url}/broken`, order)).rejects.toThrow(/other side closed|terminated|aborted/);
  expect(seen).toHaveLength(1);
});

test('an answer that drips ends with its deadline', async () => {
  const signal = AbortSignal.timeout(150);
  await expect(orderFetch(`${url}/dripping`, { ...order, signal })).rejects.toThrow(/timeout/i);
  expect(signal.aborted).toBe(true);
});

test('a venue that is not there is an error', async () => {
  await expect(orderFetch('http://127.0.0.1:9/v2/orders', order)).rejects.toThrow(/ECONNREFUSED/);
});
