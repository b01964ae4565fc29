import { setTimeout as pause } from 'node:timers/promises';
import type { NaiveWay } from './senders/naive-sender';
import type { Random } from './random';
import type { Sender, Terms } from './senders/sender';

/** What a fault has to work with: one account, whoever sends for it. */
export type World = {
  sender: Sender;
  random: Random;
  /** Sets a fault of the exchange that strikes this account alone. */
  strike(fault: { kind: string; match?: object; [setting: string]: unknown }): Promise<void>;
  /** Takes away all faults of this account. */
  clear(): Promise<void>;
  control(method: string, path: string, body?: unknown): Promise<unknown>;
  keyId: string;
  /**
   * Kills the desk and starts it again, first killing it so many milliseconds into each of further starts; a
   * naive sender has died where its answer stayed away.
   */
  crash(killsInStart?: readonly number[]): Promise<void>;
  /** Client order ids that the owner entered somewhere else. */
  outside: string[];
};

export type Fault = {
  id: string;
  title: string;
  /** How the control misjudges it. */
  naive: NaiveWay;
  naivePolls?: boolean;
  /** Whether it touches every account, so that nothing else may run meanwhile. */
  alone?: boolean;
  run(world: World): Promise<void>;
};

const SYMBOLS = ['AAPL', 'MSFT', 'SPY', 'NVDA', 'AMZN'] as const;
const POST = { method: 'POST', route: '/v2/orders' };
const PATCH = { method: 'PATCH', route: '/v2/orders' };
const DELETE = { method: 'DELETE', route: '/v2/orders' };

export const market = (random: Random, qty = String(random.whole(1, 9))): Terms => ({
  symbol: random.pick(SYMBOLS),
  side: 'buy',
  qty,
  limitPrice: null,
});
/** Far from the market: it works until it is cancelled. */
export const far = (random: Random): Terms => ({ ...market(random), limitPrice: String(random.whole(1, 5)) });

/** Orders of several kinds, one after another, some cancelled and some changed. */
export async function mixedLoad(world: World, name: string): Promise<void> {
  const { sender, random } = world;
  await sender.submit(`${name}-market`, market(random));
  const working = await sender.submit(`${name}-far`, far(random));
  const other = await sender.submit(`${name}-other`, far(random));
  await sender.submit(`${name}-more`, random.next() < 0.5 ? market(random) : far(random));
  await whenKnown(world, [working, other]);
  if (working !== null) await sender.cancel(working);
  if (other !== null)
    await sender.replace(`${name}-changed`, other, { limitPrice: String(random.whole(6, 9)) });
}

/** Waits until the venue's ids of these orders are known, within reason. */
export async function whenKnown({ sender }: World, handles: readonly (string | null)[]): Promise<void> {
  for (const handle of handles) {
    for (let tries = 0; handle !== null && tries < 400; tries += 1) {
      if ((await sender.venueId(handle)) !== null) break;
      await pause(25);
    }
  }
  // A change of an order that is still pending is refused: let the venue begin to work it.
  await pause(150);
}

/** One request of the load, drawn from the seed, meets the fault; the rest go through. */
function oneAnswer(fault: object): Fault['run'] {
  return async (world) => {
    await world.strike({ kind: 'http', ...fault, match: POST, skip: world.random.whole(0, 3), count: 1 });
    await mixedLoad(world, 'load');
  };
}

/** The desk dies while the venue keeps its answer. */
function crashWhile(
  phase: 'before' | 'after',
  afterMs: (random: Random) => number,
  inStart = 0,
): Fault['run'] {
  return async (world) => {
    const { sender, random } = world;
    await sender.submit('earlier', far(random));
    await world.strike({ kind: 'http', phase, action: 'hang', match: POST, count: 1 });
    const sending = sender.submit('caught', random.next() < 0.5 ? market(random) : far(random));
    await pause(afterMs(random));
    await world.crash(Array.from({ length: inStart }, () => random.whole(200, 1_500)));
    await sending;
    await sender.submit('later', market(random));
  };
}

/** Far from the market and known at the venue. */
async function working(world: World, name: string): Promise<string> {
  const handle = await world.sender.submit(name, { ...far(world.random), qty: '10' });
  if (handle === null) throw new Error('a far order was refused');
  await whenKnown(world, [handle]);
  return handle;
}

const aStream =
  (fault: object): Fault['run'] =>
  async (world) => {
    await world.strike({ kind: 'stream', ...fault });
    await mixedLoad(world, 'load');
    await pause(400);
  };

export const FAULTS: readonly Fault[] = [
  {
    id: 'F1',
    title: 'desk killed as the request comes in',
    naive: 'assume',
    alone: true,
    run: crashWhile('before', () => 0),
  },
  {
    id: 'F2',
    title: 'desk killed after its commit, before its answer',
    naive: 'anew',
    alone: true,
    run: crashWhile('after', (random) => random.whole(20, 60)),
  },
  {
    id: 'F4',
    title: 'desk killed while sending, venue never had it',
    naive: 'assume',
    alone: true,
    run: crashWhile('before', (random) => random.whole(100, 400)),
  },
  {
    id: 'F5',
    title: 'desk killed after the venue took it, before its answer',
    naive: 'anew',
    alone: true,
    run: crashWhile('after', (random) => random.whole(100, 400)),
  },
  {
    id: 'F6',
    title: 'desk killed as the answer comes in',
    naive: 'anew',
    alone: true,
    run: crashWhile('after', (random) => random.whole(1, 20)),
  },
  {
    id: 'F8',
    title: 'desk killed five times more while it starts and settles',
    naive: 'anew',
    alone: true,
    run: crashWhile('after', (random) => random.whole(100, 400), 5),
  },
  {
    id: 'F9',
    title: 'no answer after acceptance',
    naive: 'anew',
    run: oneAnswer({ phase: 'after', action: 'hang' }),
  },
  {
    id: 'F10',
    title: 'answer reset or cut off',
    naive: 'anew',
    run: (world) => oneAnswer({ phase: 'after', action: world.random.pick(['reset', 'truncate']) })(world),
  },
  {
    id: 'F11',
    title: '502, 503 or 504 after acceptance',
    naive: 'anew',
    run: (world) =>
      oneAnswer({ phase: 'after', action: 'status', status: world.random.pick([502, 503, 504]) })(world),
  },
  {
    id: 'F12',
    title: '500 before acceptance',
    naive: 'assume',
    run: oneAnswer({ phase: 'before', action: 'status', status: 500 }),
  },
  {
    id: 'F13',
    title: '429 with Retry-After',
    naive: 'assume',
    run: oneAnswer({ phase: 'before', action: 'status', status: 429, retry_after: 1 }),
  },
  {
    id: 'F14',
    title: 'refused: no buying power',
    naive: 'assume',
    run: async (world) => {
      await world.sender.submit('dear', market(world.random, '1000000'));
      await mixedLoad(world, 'load');
    },
  },
  {
    id: 'F16',
    title: 'order taken, look-ups find it late',
    naive: 'anew',
    run: async (world) => {
      await world.strike({ kind: 'lookup', delay_ms: 4_000, lists: true });
      await world.strike({ kind: 'stream', action: 'silence' });
      await oneAnswer({ phase: 'after', action: 'reset' })(world);
      await world.clear();
    },
  },
  {
    id: 'F17',
    title: 'look-ups fail for seconds after an order in doubt',
    naive: 'anew',
    run: async (world) => {
      const down = { kind: 'http', phase: 'before', action: 'status', status: 503 };
      await world.strike({ ...down, match: { method: 'GET', route: '/v2/orders' } });
      await world.strike({ kind: 'stream', action: 'silence' });
      await world.strike({ kind: 'http', phase: 'after', action: 'reset', match: POST, count: 1 });
      await world.sender.submit('doubted', market(world.random));
      await pause(world.random.whole(2_000, 6_000));
      await world.clear();
      await mixedLoad(world, 'load');
    },
  },
  {
    id: 'F18',
    title: 'one key fifty times at once, then with another body (F19)',
    naive: 'anew',
    run: async (world) => {
      await world.sender.repeat('same', market(world.random), 50);
      await mixedLoad(world, 'load');
    },
  },
  {
    id: 'F25',
    title: 'events three times over',
    naive: 'anew',
    run: aStream({ action: 'duplicate', times: 2 }),
  },
  {
    id: 'F26',
    title: 'an execution again at another price',
    naive: 'anew',
    run: aStream({ action: 'noisy_replay' }),
  },
  {
    id: 'F28',
    title: 'stream cut, fills in the gap',
    naive: 'anew',
    alone: true,
    run: async (world) => {
      const handle = await working(world, 'in-the-gap');
      await world.control('POST', 'streams/drop', { stream: 'trading', refuse_for_ms: 1_500 });
      const venueId = await world.sender.venueId(handle);
      for (let part = 0; part < 3; part += 1)
        await world.control('POST', 'fills', { order_id: venueId, qty: String(part + 1) });
      await world.sender.submit('in-the-gap-too', market(world.random));
      // The refusal is for everybody's streams: who comes after this fault is to find them open.
      await pause(1_500);
    },
  },
  {
    id: 'F29',
    title: 'stream lives and says nothing',
    naive: 'anew',
    run: async (world) => {
      await world.strike({ kind: 'stream', action: 'silence' });
      await mixedLoad(world, 'load');
      const handle = await working(world, 'part');
      await world.control('POST', 'fills', { order_id: await world.sender.venueId(handle), qty: '4' });
    },
  },
  {
    id: 'F31',
    title: 'a fill by sweep and by stream',
    naive: 'anew',
    naivePolls: true,
    alone: true,
    run: async (world) => {
      const handle = await working(world, 'twice-told');
      await world.strike({ kind: 'stream', action: 'delay', delay_ms: 600 });
      await world.control('POST', 'fills', { order_id: await world.sender.venueId(handle), qty: '3' });
      await world.sender.submit('more', market(world.random));
      await pause(700);
      await world.clear();
    },
  },
  {
    id: 'F32',
    title: 'cancel taken, then a late fill',
    naive: 'anew',
    run: async (world) => {
      await world.strike({ kind: 'race', action: 'late_fill' });
      await world.sender.cancel(await working(world, 'late'));
      await mixedLoad(world, 'load');
    },
  },
  {
    id: 'F33',
    title: 'cancel finds it filled',
    naive: 'anew',
    run: async (world) => {
      const action = world.random.pick(['fill_before_delete', 'fill_before_cancel']);
      await world.strike({ kind: 'race', action, count: 1 });
      await world.sender.cancel(await working(world, 'raced'));
      await mixedLoad(world, 'load');
    },
  },
  {
    id: 'F34',
    title: 'change taken, then the old order fills',
    naive: 'anew',
    run: async (world) => {
      await world.strike({ kind: 'race', action: 'fill_before_replace', count: 1 });
      const handle = await working(world, 'raced');
      await world.sender.replace('raced-changed', handle, { qty: '12' });
    },
  },
  {
    id: 'F35',
    title: 'a chain of three changes, desk killed in each',
    naive: 'anew',
    alone: true,
    run: async (world) => {
      let handle = await working(world, 'link-0');
      for (const link of [1, 2, 3]) {
        await world.strike({
          kind: 'http',
          phase: world.random.pick(['before', 'after']),
          action: 'hang',
          match: PATCH,
          count: 1,
        });
        const price = String(5 + link);
        const changing = world.sender.replace(`link-${link}`, handle, { limitPrice: price });
        await pause(world.random.whole(30, 300));
        await world.crash();
        const told = await changing;
        await world.clear();
        handle = told ?? (await world.sender.heirOf(handle)) ?? handle;
        await whenKnown(world, [handle]);
      }
    },
  },
  {
    id: 'F36',
    title: 'no answer to a cancel',
    naive: 'anew',
    run: async (world) => {
      const action = world.random.pick(['hang', 'reset']);
      await world.strike({ kind: 'http', phase: 'before', action, match: DELETE, count: 1 });
      await world.sender.cancel(await working(world, 'doubted'));
    },
  },
  {
    id: 'F40',
    title: 'an order entered somewhere else',
    naive: 'anew',
    run: async (world) => {
      await world.sender.submit('own', far(world.random));
      const id = `elsewhere-${world.random.whole(1, 1e9)}`;
      const { limitPrice: _none, ...terms } = market(world.random);
      const order = { ...terms, type: 'market', time_in_force: 'day', client_order_id: id };
      world.outside.push(id);
      await world.control('POST', 'orders', { key_id: world.keyId, order });
    },
  },
];

/** What the matrix asks for and this run does not do. */
export const NOT_BUILT: readonly (readonly [string, string])[] = [
  ['F3', 'no worker leases: one process sends'],
  ['F7', 'browser streams are proved by their own tests'],
  ['F15', 'an id taken with other terms: proved by a test beside the code, not here'],
  ['F20', 'webhooks are not built'],
  ['F21-F24', 'queues and Redis distribution are not built'],
  ['F27', 'reordered events: a test beside the code; here its control was not caught, so it proves nothing'],
  ['F30', 'a second stream that takes the slot'],
  ['F37', 'a protecting leg that is rejected'],
  ['F38-F39', 'clock steps, DST, half days'],
  ['F41-F54', 'splits, keys, disks, backups, memory, network, several desks'],
];
