import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from './fault';
import { market, mixedLoad, working } from './load';

const aStream =
  (fault: object): Fault['run'] =>
  async (world) => {
    await world.strike({ kind: 'stream', ...fault });
    await mixedLoad(world, 'load');
    await pause(400);
  };

/** A stream that is opened again and again must not become a storm: so often in three seconds at most. */
const MOST_OPENINGS = 10;

export const STREAMS: readonly Fault[] = [
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
    id: 'F27',
    title: 'events turned round: the fill before the news that it works',
    naive: 'anew',
    run: async (world) => {
      await world.strike({
        kind: 'stream',
        action: 'reorder',
        window: 2,
        match: { events: ['new', 'fill'] },
      });
      // By itself, so that its own two words are turned round and not those of two orders.
      await world.sender.submit('turned', market(world.random));
      await pause(500);
      await mixedLoad(world, 'load');
      await pause(400);
    },
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
    id: 'F30',
    title: 'another connection takes the place of the stream, again and again',
    naive: 'anew',
    run: async (world) => {
      await world.sender.submit('before', market(world.random));
      await world.strike({ kind: 'stream', action: 'steal' });
      await world.control('POST', 'streams/drop', { stream: 'trading', key_id: world.keyId });
      await mixedLoad(world, 'load');
      await pause(3_000);
      const openings = await world.fired();
      await world.clear();
      return openings > MOST_OPENINGS ? [`the stream was opened ${openings} times in three seconds`] : [];
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
];
