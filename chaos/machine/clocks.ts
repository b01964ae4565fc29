import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { Fault, Problems, World } from '../faults/fault';
import { far, market, mixedLoad, working } from '../faults/load';
import { subjectOf, untilQuiet } from '../subject';

const MINUTES_10 = 600;
/** The library looks at its file this often. */
const NOTICED_MS = 2_500;
const story = z.looseObject({
  events: z.array(z.looseObject({ seq: z.number(), at: z.string(), status: z.string() })),
});

/** Debian's faketime, which gives a program another clock. */
function clockLibrary(): string | null {
  try {
    const found = readdirSync('/usr/lib').map((part) =>
      join('/usr/lib', part, 'faketime/libfaketimeMT.so.1'),
    );
    return found.find((path) => existsSync(path)) ?? null;
  } catch {
    return null;
  }
}

const FAKED = [
  'env',
  `LD_PRELOAD=${clockLibrary() ?? ''}`,
  'FAKETIME_TIMESTAMP_FILE={data}/clock',
  'FAKETIME_CACHE_DURATION=1',
  'FAKETIME_DONT_FAKE_MONOTONIC=1',
];

/** Puts the desk's wall clock so many seconds off; the exchange keeps the true one. */
async function setClock({ desk }: World, seconds: number): Promise<void> {
  writeFileSync(join(desk.dataDir, 'clock'), `${seconds < 0 ? '' : '+'}${seconds}\n`);
  await pause(NOTICED_MS);
}

/** An order's story across a step back, told by the wall's time instead of by its sequence. */
async function byWallTime(world: World): Promise<Problems> {
  const handle = await working(world, 'stepped');
  await setClock(world, -2 * MINUTES_10);
  await world.sender.cancel(handle);
  await pause(500);
  const { events } = story.parse((await world.rest?.('GET', `/orders/${handle}/events`))?.json);
  const last = events.toSorted((a, b) => a.at.localeCompare(b.at)).at(-1);
  return last?.status === 'canceled' ? [] : [`by the wall's time the order is ${last?.status ?? 'unknown'}`];
}

type Day = {
  title: string;
  /** Where the exchange's clock starts, where it is put before the order, and when a day order then ends. */
  start: string;
  moment: string;
  ends: string;
  /** What a calendar without this rule would say. */
  naive: string;
};

/** From the NYSE's calendar: early close at 13:00 on 27 November 2026; clocks change on 1 November 2026 and 14 March 2027. */
const DAYS: readonly Day[] = [
  {
    title: 'a day order just before the close of a half day',
    start: '2026-11-27T15:00:00Z',
    moment: '2026-11-27T17:59:59.000Z',
    ends: '2026-11-27T18:00:00.000Z',
    naive: '2026-11-27T21:00:00.000Z',
  },
  {
    title: 'a day order on the first day of winter time',
    start: '2026-11-02T12:00:00Z',
    moment: '2026-11-02T14:29:59.000Z',
    ends: '2026-11-02T21:00:00.000Z',
    naive: '2026-11-02T20:00:00.000Z',
  },
  {
    title: 'a day order on the first day of summer time',
    start: '2027-03-15T12:00:00Z',
    moment: '2027-03-15T13:29:59.000Z',
    ends: '2027-03-15T20:00:00.000Z',
    naive: '2027-03-15T21:00:00.000Z',
  },
  {
    title: 'a day order at 23:59:59.9',
    start: '2026-11-25T03:00:00Z',
    moment: '2026-11-25T04:59:59.900Z',
    ends: '2026-11-25T21:00:00.000Z',
    naive: '2026-11-24T21:00:00.000Z',
  },
];

const told = z.looseObject({ timestamp: z.string() });

/** Moves the exchange's clock ahead to a moment; nothing when it is past that. */
async function advanceTo({ desk }: World, moment: string): Promise<void> {
  const { timestamp } = told.parse(await desk.control('POST', 'clock', { advance_ms: 1 }));
  const ahead = Date.parse(moment) - Date.parse(timestamp);
  if (ahead > 0) await desk.control('POST', 'clock', { advance_ms: ahead });
}

/** When the exchange says that the orders of this account end. */
function endsOf({ desk }: World): string[] {
  const accepted = desk.journal().filter(({ type }) => type === 'order_accepted');
  return accepted.map(({ order }) => new Date(order?.expires_at ?? 0).toISOString());
}

async function day(world: World, { moment, ends }: Day): Promise<Problems> {
  await advanceTo(world, moment);
  await world.sender.submit('for-the-day', far(world.random));
  const found = endsOf(world);
  await advanceTo(world, new Date(Date.parse(ends) + 1_500).toISOString());
  return found.length > 0 && found.every((end) => end === ends)
    ? []
    : [`a day order ends at ${found.join(', ')}, the calendar says ${ends}`];
}

const ofDay = (each: Day): Fault => ({
  id: 'F39',
  title: each.title,
  naive: 'anew',
  own: { settings: { EXCHANGE_CLOCK: each.start } },
  oneSeed: true,
  run: (world) => day(world, each),
  // The same judge with a calendar that does not know the rule.
  control: async (world) =>
    endsOf(world).flatMap((end) => (end === each.naive ? [] : [`${end} is not ${each.naive}`])),
});

export const CLOCKS: readonly Fault[] = [
  {
    id: 'F38',
    title: "the desk's clock jumps ten minutes ahead, and twenty back",
    naive: 'anew',
    own: { under: ['sh', '-c', 'echo +0 > "$0" && exec "$@"', '{data}/clock', ...FAKED] },
    oneSeed: true,
    cannot: () => (clockLibrary() === null ? 'faketime is not installed' : null),
    async run(world) {
      const { sender, random } = world;
      await setClock(world, MINUTES_10);
      await world.strike({ kind: 'stream', action: 'silence' });
      // Only the sweeps can bring these executions, and they ask by time.
      await sender.submit('unheard', market(random));
      const handle = await working(world, 'part');
      await world.control('POST', 'fills', { order_id: await sender.venueId(handle), qty: '4' });
      await pause(500);
      await world.clear();
      const found = await untilQuiet(world.desk, subjectOf(world));
      const loading = mixedLoad(world, 'ahead');
      await setClock(world, -MINUTES_10);
      await loading;
      await mixedLoad(world, 'behind');
      return found;
    },
    control: byWallTime,
  },
  ...DAYS.map(ofDay),
];
