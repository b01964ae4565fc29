import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { ChaosDesk } from '../desk';
import type { Fault, Problems, Rest, World } from '../faults/fault';
import { market, mixedLoad } from '../faults/load';
import { ask } from '../http';
import { newSubject } from '../subject';
import { until } from '../until';
import { createListener, type Listener } from './listener';

const page = z.looseObject({
  orders: z.array(z.looseObject({ id: z.string() })),
  next_cursor: z.string().nullable(),
});
const story = z.looseObject({ events: z.array(z.looseObject({ seq: z.number() })) });
/** A watched account has a stream at the venue, and calls keep sockets for the next: some dozens; a leak is hundreds. */
const SPARE_HANDLES = 50;
const SETTLED_MS = 60_000;
const AT_ONCE = 20;
/** More than a megabyte of events, and what the system keeps of a connection beside that: each order has some 5 kB. */
const FILLING = 1_400;
/** The desk looks once a second who leaves too much unread. */
const DROPPED_MS = 15_000;

async function written({ rest }: World): Promise<number[]> {
  const ids: string[] = [];
  for (let next: string | null = ''; next !== null; ) {
    const answer = await rest?.('GET', `/orders?status=all&limit=500${next}`);
    const { orders, next_cursor: cursor } = page.parse(answer?.json);
    ids.push(...orders.map(({ id }) => id));
    next = cursor === null ? null : `&cursor=${cursor}`;
  }
  const seqs: number[] = [];
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const some = ids.slice(at, at + AT_ONCE).map(async (id) => {
      const { events } = story.parse((await rest?.('GET', `/orders/${id}/events`))?.json);
      return events.map(({ seq }) => seq);
    });
    seqs.push(...(await Promise.all(some)).flat());
  }
  return seqs.sort((a, b) => a - b);
}

/** Every event that is written down, once, in its order. */
async function judgeHeard(world: World, { heard }: Listener): Promise<Problems> {
  await until(async () => (await written(world)).every((seq) => heard.includes(seq)), 5_000);
  const all = await written(world);
  const missed = all.filter((seq) => !heard.includes(seq));
  const twice = heard.filter((seq, at) => heard.indexOf(seq) !== at);
  const late = heard.filter((seq, at) => seq < (heard[at - 1] ?? 0));
  return [
    ...missed.map((seq) => `event ${seq} never came`),
    ...twice.map((seq) => `event ${seq} came twice`),
    ...late.map((seq) => `event ${seq} came after a later one`),
  ];
}

/** A listener whose desk dies under load; `withCursor` says whether it comes back with what it heard last. */
async function listenThroughKill(world: World, withCursor: boolean): Promise<Problems> {
  const listener = createListener(world.desk, world.authorization ?? '');
  await listener.open();
  const loading = mixedLoad(world, withCursor ? 'told' : 'untold');
  await pause(world.random.whole(50, 400));
  await world.desk.kill();
  await world.desk.start();
  await loading;
  // The load may be over before the kill: something must happen that nobody heard.
  await world.sender.submit('unheard', market(world.random));
  await listener.open(withCursor);
  await world.sender.submit('last', market(world.random));
  const problems = await judgeHeard(world, listener);
  listener.vanish();
  return problems;
}

export async function judgeHandles(desk: ChaosDesk, before: number): Promise<Problems> {
  const isBack = () => (desk.handles() ?? 0) <= before + SPARE_HANDLES;
  if (await until(isBack, SETTLED_MS)) return [];
  return [`the desk holds ${desk.handles()} files and sockets, ${before} before`];
}

/** Callers that do not leave: what counts the desk's sockets must see them. */
export async function stayingCallers(desk: ChaosDesk, count: number): Promise<Problems> {
  await ask(`${desk.url}/ready`, 'GET');
  const before = desk.handles() ?? 0;
  const { hostname, port } = new URL(desk.url);
  const callers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<Socket>((resolve, reject) => {
          const socket = connect({ host: hostname, port: Number(port) }, () => resolve(socket));
          socket.on('error', reject);
        }),
    ),
  );
  await pause(300);
  const now = desk.handles() ?? 0;
  for (const caller of callers) caller.destroy();
  return now > before + SPARE_HANDLES ? [`${now - before} sockets stay`] : [];
}

export const noHandles = () => (process.platform === 'linux' ? null : 'open files are told by Linux only');
const [USERS, EACH] = [10, 20];

/** Orders and their cancels, until a listener that reads none of it has cost the desk more than it may. */
async function fill(rest: Rest, outside: string[]): Promise<void> {
  const send = async (nth: number) => {
    const id = `filling-${nth}-`.padEnd(120, 'x');
    outside.push(id);
    const terms = { symbol: 'SPY', side: 'buy', qty: '1', type: 'limit', limit_price: '1' };
    await rest('POST', '/orders', { ...terms, client_order_id: id }, { 'idempotency-key': id });
  };
  for (let sent = 0; sent < FILLING; sent += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, (_none, at) => send(sent + at)));
    await rest('DELETE', '/orders');
  }
}

export const STREAM_LISTENERS: readonly Fault[] = [
  {
    id: 'F7',
    title: 'desk killed before the browser has its events: each is heard once',
    naive: 'anew',
    own: {},
    run: (world) => listenThroughKill(world, true),
    control: (world) => listenThroughKill(world, false),
  },
  {
    id: 'F52',
    title: '200 streams vanish; one reads nothing, is dropped, and comes back',
    naive: 'anew',
    own: {},
    oneSeed: true,
    cannot: noHandles,
    async run(world) {
      const { desk } = world;
      const others = await Promise.all(
        Array.from({ length: USERS }, (_none, at) => newSubject(desk, `f52-${at}`)),
      );
      const before = desk.handles() ?? 0;
      const slow = createListener(desk, world.authorization ?? '');
      await slow.open();
      slow.pause();
      const listeners = others.flatMap(({ authorization }) =>
        Array.from({ length: EACH }, () => createListener(desk, authorization ?? '')),
      );
      await Promise.all(listeners.map((listener) => listener.open()));
      await mixedLoad(world, 'unread');
      for (const listener of listeners) listener.vanish();
      const problems = await judgeHandles(desk, before);
      if (world.rest !== null) await fill(world.rest, world.outside);
      await pause(2_000);
      slow.resume();
      const isDropped = await until(() => Promise.resolve(!slow.isOpen), DROPPED_MS);
      if (!isDropped) problems.push('a listener that read nothing was not dropped');
      const missed = slow.heard.length;
      if (!slow.isOpen) await slow.open();
      problems.push(...(await judgeHeard(world, slow)));
      if (slow.heard.length === missed) problems.push('nothing was missed, so nothing was made up for');
      return problems;
    },
    control: ({ desk }) => stayingCallers(desk, 100),
  },
];
