import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { until } from '../until';
import type { Fault, Problems, Rest, World } from './fault';
import { booksOpened, far, market, mixedLoad, POST, working } from './load';

/** A drift counts when it was seen twice, and accounts in use are compared every thirty seconds. */
const DRIFT_LIMIT_MS = 60_000;
/** Everything that is asked of the venue in five seconds without valid keys: what was on its way, and one look. */
const MOST_REFUSED = 12;
/** The same when that has gone by: nothing but a look, however many ask. */
const MOST_WHILE_PAUSED = 2;
/** The look that finds the keys taken again comes at most so much later: the waits double. */
const GOES_ON_MS = 30_000;
const PAUSED_MS = 20_000;
const reconciliation = z.looseObject({
  drifts: z.array(z.looseObject({ what: z.string(), desk: z.string(), venue: z.string() })),
});
const ledger = z.looseObject({
  balances: z.array(z.looseObject({ account: z.string(), balance: z.string() })),
});

const compared = async (rest: Rest) => reconciliation.parse((await rest('GET', '/reconciliation')).json);

const checked = z.looseObject({ allowed: z.boolean() });

/** Shares of another company appear, as by an assignment, and those that are held double, as by a split. */
const [APPEARS, DOUBLES, HELD] = ['TSLA', 'NVDA', 4] as const;

/** The desk must say within a minute that it holds other than the venue, open nothing more, and gain nothing. */
async function judgeDrifts(rest: Rest): Promise<Problems> {
  const isSeen = async () => {
    const named = new Set((await compared(rest)).drifts.map(({ what }) => what));
    return named.has(APPEARS) && named.has(DOUBLES);
  };
  if (!(await until(isSeen, DRIFT_LIMIT_MS))) return ['no drift of both was told of in a minute'];
  const opens = await Promise.all(
    [APPEARS, DOUBLES].map((symbol) => rest('POST', '/orders', { symbol, side: 'buy', qty: '1' })),
  );
  const closing = await rest('POST', '/risk/check', { symbol: DOUBLES, side: 'sell', qty: '1' });
  const { balances } = ledger.parse((await rest('GET', '/ledger?limit=1')).json);
  const gained = balances.find(({ account }) => account === 'realized')?.balance ?? '0';
  return [
    ...opens.flatMap(({ status, text }) =>
      status === 422 && text.includes('differ') ? [] : [`an opening order passed a drift: ${status} ${text}`],
    ),
    ...(checked.parse(closing.json).allowed ? [] : [`closing was stopped: ${closing.text}`]),
    ...(Number(gained) === 0 ? [] : [`a gain of ${gained} was invented`]),
  ];
}

const alertList = z.looseObject({
  alerts: z.array(z.looseObject({ kind: z.string(), cleared_at: z.string().nullable() })),
});
const connectionList = z.looseObject({
  connections: z.array(z.looseObject({ keys_refused_since: z.string().nullable() })),
});

const told = async (rest: Rest) =>
  alertList
    .parse((await rest('GET', '/alerts?status=all')).json)
    .alerts.filter(({ kind }) => kind === 'keys_refused');
const isPaused = async (rest: Rest) =>
  connectionList
    .parse((await rest('GET', '/connections')).json)
    .connections.some(({ keys_refused_since: since }) => since !== null);

/** A paused account says so, takes in nothing, tells once, and leaves the venue alone while pages ask for it. */
async function judgePause(world: World, rest: Rest): Promise<Problems> {
  const open = { symbol: 'AAPL', side: 'buy', qty: '1' };
  const opening = await rest('POST', '/orders', open, { 'idempotency-key': 'while-paused' });
  const before = await world.fired();
  for (let look = 0; look < 25; look += 1) {
    await Promise.all([rest('GET', '/account'), rest('GET', '/positions')]);
    await pause(100);
  }
  const asked = (await world.fired()) - before;
  const alerts = await told(rest);
  return [
    ...((await isPaused(rest)) ? [] : ['the account does not say that it is paused']),
    ...(opening.status === 503 && opening.text.includes('Replace the keys')
      ? []
      : [`an order to a paused account was answered with ${opening.status} ${opening.text}`]),
    ...(asked <= MOST_WHILE_PAUSED ? [] : [`the venue was asked ${asked} times while the account is paused`]),
    ...(alerts.length === 1 && alerts[0]?.cleared_at === null
      ? []
      : [`${alerts.length} alerts tell of one refusal`]),
  ];
}

/** When the keys are good again it goes on by itself, and the one alert is over. */
async function judgeEnd(rest: Rest): Promise<Problems> {
  if (!(await until(async () => !(await isPaused(rest)), GOES_ON_MS)))
    return ['the account did not go on with good keys'];
  const alerts = await told(rest);
  return alerts.length === 1 && alerts[0]?.cleared_at !== null ? [] : ['the alert outlived what it told of'];
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
    title: 'shares appear and double, and nobody told: drift within a minute',
    naive: 'anew',
    run: async (world) => {
      const { sender, rest, keyId } = world;
      await sender.submit('own', { symbol: DOUBLES, side: 'buy', qty: String(HELD), limitPrice: null });
      if (!(await booksOpened(world))) return ['the books were not opened'];
      const move = (symbol: string, qty: number) =>
        world.control('POST', 'positions', { key_id: keyId, symbol, qty, untold: true });
      await move(APPEARS, world.random.whole(3, 30));
      await move(DOUBLES, 2 * HELD);
      return rest === null ? [] : judgeDrifts(rest);
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
    title: 'keys refused while orders work: paused, one alert, no storm, nothing lost',
    naive: 'assume',
    run: async (world) => {
      const handle = await working(world, 'works');
      await world.strike({ kind: 'stream', action: 'silence' });
      const venueId = await world.sender.venueId(handle);
      const problems = await keysRefused(world);
      const { rest } = world;
      if (rest === null) await world.sender.submit('refused', market(world.random));
      else {
        // It hears of it when it next asks for something.
        await until(() => isPaused(rest), PAUSED_MS);
        problems.push(...(await judgePause(world, rest)));
      }
      await world.control('POST', 'fills', { order_id: venueId, qty: '4' });
      await world.clear();
      if (rest !== null) problems.push(...(await judgeEnd(rest)));
      await mixedLoad(world, 'after');
      return problems;
    },
  },
];
