import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from './fault';
import { DELETE, market, mixedLoad, oneAnswer, POST, working } from './load';

export const ANSWERS: readonly Fault[] = [
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
    id: 'F51',
    title: 'an answer at one byte a second',
    naive: 'anew',
    run: async (world) => {
      await world.strike({
        kind: 'http',
        phase: 'after',
        action: 'drip',
        match: { method: 'GET', route: '/v2/orders' },
        count: 2,
      });
      await oneAnswer({ phase: 'after', action: 'drip' })(world);
    },
  },
];
