import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '../random';
import type { Fault } from './fault';
import { far, market, PATCH, POST, whenKnown, working } from './load';

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

export const CRASHES: readonly Fault[] = [
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
    id: 'F35',
    title: 'a chain of three changes, desk killed in each',
    naive: 'anew',
    alone: true,
    run: async (world) => {
      let handle = await working(world, 'link-0');
      // What never reaches the venue misleads nobody: one change at least must be taken there.
      const sure = world.random.pick([1, 2, 3]);
      for (const link of [1, 2, 3]) {
        await world.strike({
          kind: 'http',
          phase: link === sure ? 'after' : world.random.pick(['before', 'after']),
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
];
