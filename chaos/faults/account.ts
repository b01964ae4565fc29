import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { until } from '../until';
import type { Fault, Problems, Rest, World } from './fault';
import { booksOpened, far, market, mixedLoad, POST, working } from './load';

/** A drift counts when it was seen twice, and accounts in use are compared every thirty seconds. */
const DRIFT_LIMIT_MS = 60_000;
/** Everything that is asked of the venue in five seconds without valid keys. */
const MOST_REFUSED = 60;
const reconciliation = z.looseObject({
  drifts: z.array(z.looseObject({ what: z.string(), desk: z.string(), venue: z.string() })),
});
const ledger = z.looseObject({
  balances: z.array(z.looseObject({ account: z.string(), balance: z.string() })),
});

const compared = async (rest: Rest) => reconciliation.parse((await rest('GET', '/reconciliation')).json);

/** The desk must say within a minute that it holds other than the venue, open nothing more, and gain nothing. */
async function judgeDrift(rest: Rest, symbol: string): Promise<Problems> {
  const isSeen = async () => (await compared(rest)).drifts.some(({ what }) => what === symbol);
  if (!(await until(isSeen, DRIFT_LIMIT_MS))) return [`${symbol}: no drift was told of in a minute`];
  const opening = await rest('POST', '/orders', { symbol, side: 'buy', qty: '1' });
  const { balances } = ledger.parse((await rest('GET', '/ledger?limit=1')).json);
  const gained = balances.find(({ account }) => account === 'realized')?.balance ?? '0';
  return [
    ...(opening.status === 422 && opening.text.includes('differ')
      ? []
      : [`an opening order passed a drift: ${opening.status} ${opening.text}`]),
    ...(Number(gained) === 0 ? [] : [`a gain of ${gained} was invented`]),
  ];
}

async function keysRefused(world: World): Promise<Problems> {
  await world.strike({ kind: 'http', phase: 'before', action: 'status', status: 401 });
  const before = await world.fired();
  await pause(5_000);
  const asked = (await world.fired()) - before;
  return asked > MOST_REFUSED ? [`the venue was asked ${asked} times in five seconds with refused keys`] : [];
}

export const ACCOUNT: readonly Fault[] = [
  {
    id: 'F41',
    title: 'the venue holds shares of which nobody told: drift within a minute',
    naive: 'anew',
    run: async (world) => {
      const { sender, random, rest } = world;
      await sender.submit('own', market(random));
      if (!(await booksOpened(world))) return ['the books were not opened'];
      const symbol = 'TSLA';
      const moved = { key_id: world.keyId, symbol, qty: random.whole(3, 30), untold: true };
      await world.control('POST', 'positions', moved);
      return rest === null ? [] : judgeDrift(rest, symbol);
    },
  },
  {
    id: 'F42',
    title: 'keys refused with five orders on their way, then good again',
    naive: 'anew',
    run: async (world) => {
      const { sender, random } = world;
      await world.strike({ kind: 'http', phase: 'after', action: 'hang', match: POST, count: 5 });
      const sending = [1, 2, 3, 4, 5].map((nth) =>
        sender.submit(`flight-${nth}`, random.next() < 0.5 ? market(random) : far(random)),
      );
      await pause(random.whole(100, 1_000));
      const problems = await keysRefused(world);
      await world.clear();
      await Promise.all(sending);
      await mixedLoad(world, 'load');
      return problems;
    },
  },
  {
    id: 'F43',
    title: 'keys refused while orders work: no storm, nothing lost',
    naive: 'assume',
    run: async (world) => {
      const handle = await working(world, 'works');
      await world.strike({ kind: 'stream', action: 'silence' });
      const venueId = await world.sender.venueId(handle);
      const problems = await keysRefused(world);
      await world.sender.submit('refused', market(world.random));
      await world.control('POST', 'fills', { order_id: venueId, qty: '4' });
      await world.clear();
      return problems;
    },
  },
];
