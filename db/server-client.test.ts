import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSqld, type TestSqld } from '@/server/testing/cluster/sqld-server';
import { until } from '@/server/testing/until';
import { openServerClient } from './server-client';

let sqld: TestSqld;
let relay: Awaited<ReturnType<typeof startRelay>>;
beforeAll(async () => {
  sqld = await startSqld();
  relay = await startRelay(Number(new URL(sqld.url).port));
}, 60_000);
afterAll(async () => {
  relay.close();
  await sqld.dispose();
});

/** What lies between a client and its server, and can break. */
async function startRelay(to: number) {
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1');
    open.add(near);
    for (const socket of [near, far]) socket.on('error', () => undefined);
    near.pipe(far).pipe(near);
    near.on('close', () => open.delete(near) && far.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const cut = () => open.forEach((socket) => socket.destroy());
  return {
    url: `ws://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    open,
    cut,
    close() {
      cut();
      server.close();
    },
  };
}

test('a connection that broke is made anew: what was under way fails, and the next statement goes through', async () => {
  const client = openServerClient({ url: relay.url });
  const transaction = await client.transaction('write');
  await transaction.execute('create table broken (id integer)');
  relay.cut();
  await expect(transaction.commit()).rejects.toThrow(/closed|WebSocket/i);
  transaction.close();
  const tables = await client.execute("select name from sqlite_master where name = 'broken'");
  expect(tables.rows).toEqual([]);
  client.close();
});

test('a socket that is old is left for another one, and what is under way in it is finished', async () => {
  const client = openServerClient({ url: relay.url, socketMs: 0 });
  await client.execute('create table aged (id integer primary key)');
  const transaction = await client.transaction('write');
  await transaction.execute('insert into aged values (1)');
  for (let look = 0; look < 20; look += 1) await client.execute('select 1');
  await transaction.execute('insert into aged values (2)');
  await transaction.commit();
  const written = await client.writes([
    ['insert into aged values (3)'],
    ['insert into aged values (3)'],
    ['insert into aged values (4)'],
  ]);
  expect(written.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect((await client.execute('select count(*) from aged')).rows[0]?.[0]).toBe(4);
  await until('old sockets are closed', () => relay.open.size <= 2);
  client.close();
});
