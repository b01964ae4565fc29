import type { Fault } from './fault';
import { mixedLoad, working } from './load';

export const RACES: readonly Fault[] = [
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
];
