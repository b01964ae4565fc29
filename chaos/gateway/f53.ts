import { setTimeout as pause } from 'node:timers/promises';
import type { Fault, Problems, World } from '../faults/fault';
import { judge } from '../oracle';
import type { Terms } from '../senders/sender';
import { until } from '../until';
import { type GatewayProcess, startGateway } from './gateway-process';
import { gatewayTruth } from './gateway-truth';
import { addGatewayUser, type GatewayUser } from './gateway-user';
import { type NaiveProgram, startNaiveProgram } from './naive-program';

const PARTS = 20;
const QUIET_MS = 60_000;
/** What a naive program has not heard by then it never will. */
const NAIVE_WAIT_MS = 1_500;

const bought = (symbol: string, qty: string, limitPrice: string | null): Terms => ({
  symbol,
  side: 'buy',
  qty,
  limitPrice,
});
const IN_PARTS = bought('AAPL', String(PARTS), '10');
const AT_MARKET = bought('MSFT', '3', null);

/** Fills shares of the order from one of its parts up to another. */
async function fill(gateway: GatewayProcess, ref: string, count: number): Promise<void> {
  for (let part = 0; part < count; part += 1) await gateway.fill(ref);
}

/** A client is told that IB is gone, eight of twenty fills pass, and it is told that all is well. */
async function lostAndFound(
  gateway: GatewayProcess,
  { random }: World,
  ref: string,
  meanwhile: () => Promise<unknown>,
): Promise<void> {
  const before = random.whole(1, 8);
  await fill(gateway, ref, before);
  const restored = random.pick(['data_maintained', 'data_lost']);
  await gateway.strike({ action: 'connectivity_lost', restored });
  await fill(gateway, ref, 8);
  // It may have no answer before IB is back.
  const sent = meanwhile();
  await pause(800);
  await gateway.clear();
  await fill(gateway, ref, PARTS - 8 - before);
  await sent;
}

/** The gateway's nightly restart: all sockets closed, nobody let in for a while, and order numbers far ahead after it. */
async function overnight(gateway: GatewayProcess, { random }: World, ref: string): Promise<void> {
  const before = random.whole(1, 8);
  await fill(gateway, ref, before);
  await gateway.strike({ action: 'next_valid_id_jump', by: random.whole(10, 5_000), count: 1 });
  await gateway.strike({ action: 'nightly_reset', refuse_for_ms: random.whole(1_000, 3_000) });
  await until(async () => (await gateway.clients()).length === 0, 5_000);
  await fill(gateway, ref, 8);
  await until(async () => (await gateway.clients()).length > 0, 30_000);
  await gateway.clear();
  await fill(gateway, ref, PARTS - 8 - before);
}

/** The number of parts must be right besides all else: it is what the fault is about. */
function judgeParts(gateway: GatewayProcess, keyId: string): Problems {
  const { fills } = gatewayTruth(gateway.journal(), keyId);
  const parts = fills.filter(({ qty, price }) => Number(qty) === 1 && Number(price) === 10);
  return parts.length === PARTS ? [] : [`${parts.length} parts were filled and not ${PARTS}`];
}

async function withGateway(work: (gateway: GatewayProcess) => Promise<Problems>): Promise<Problems> {
  const gateway = await startGateway();
  try {
    return await work(gateway);
  } finally {
    await gateway.dispose();
  }
}

const isWorking = async (user: GatewayUser, id: string): Promise<boolean> =>
  (await user.status(id)) === 'new';

/** The desk goes through `passage` with an order in twenty parts and one at market on either side of it. */
const deskThrough =
  (passage: (gateway: GatewayProcess, world: World, ref: string, user: GatewayUser) => Promise<unknown>) =>
  (world: World): Promise<Problems> =>
    withGateway(async (gateway) => {
      const user = await addGatewayUser(world, gateway);
      await user.submit('before', AT_MARKET);
      const { id, ref } = await user.submit('in-parts', IN_PARTS);
      if (!(await until(() => isWorking(user, id), 20_000))) return ['the order in parts never worked'];
      await passage(gateway, world, ref, user);
      await user.submit('after', { ...AT_MARKET, qty: '2' });
      return [...(await user.problems(QUIET_MS)), ...judgeParts(gateway, user.keyId)];
    });

/** The naive program goes through the same. */
const naiveThrough =
  (passage: (gateway: GatewayProcess, world: World, ref: string) => Promise<unknown>) =>
  (world: World): Promise<Problems> =>
    withNaive(async (gateway, program) => {
      const ref = await program.submit('in-parts', IN_PARTS);
      await passage(gateway, world, ref);
    });

async function withNaive(
  work: (gateway: GatewayProcess, program: NaiveProgram) => Promise<void>,
): Promise<Problems> {
  return withGateway(async (gateway) => {
    const { keyId, number } = await gateway.openAccount();
    const program = await startNaiveProgram(gateway, number);
    try {
      await work(gateway, program);
      const agrees = () => judge(program.books(), gatewayTruth(gateway.journal(), keyId)).length === 0;
      await until(agrees, NAIVE_WAIT_MS);
      return judge(program.books(), gatewayTruth(gateway.journal(), keyId));
    } finally {
      program.close();
    }
  });
}

/** Orders of which nothing is said, each in another way; one of them never got to IB. */
const SILENCES = ['swallow', 'drop_after', 'drop_before'] as const;

async function silently(world: World): Promise<Problems> {
  return withGateway(async (gateway) => {
    const user = await addGatewayUser(world, gateway);
    const sent: { id: string; action: string }[] = [];
    for (const action of SILENCES) {
      await gateway.strike({ action, count: 1 });
      const { id } = await user.submit(action, bought('AAPL', '2', '10'));
      sent.push({ id, action });
      // One order leaves an account at a time: the next one would meet this one's fault.
      await until(async () => (await user.status(id)) !== 'submitting', 20_000);
      await gateway.clear();
    }
    // The desk dies while one is in doubt, and must not send it again when it comes back.
    await gateway.strike({ action: 'swallow', count: 1 });
    const dying = user.submit('dying', bought('MSFT', '2', '10'));
    await until(() => gateway.journal().some((line) => line.order?.symbol === 'MSFT'), 10_000);
    await world.crash();
    sent.push({ ...(await dying), action: 'swallow' });
    await gateway.clear();
    const found = await user.problems(QUIET_MS + 60_000);
    const ends = await Promise.all(
      sent.map(async ({ id, action }) => ({ action, status: await user.status(id) })),
    );
    const wrong = ends.filter(
      ({ action, status }) => status !== (action === 'drop_before' ? 'needs_review' : 'new'),
    );
    return [...found, ...wrong.map(({ action, status }) => `${action}: ended as ${status}`)];
  });
}

const AT_IB = { id: 'F53', naive: 'anew', own: {}, oneSeed: true } as const;

export const GATEWAY: readonly Fault[] = [
  {
    ...AT_IB,
    title: 'IB: 1100 amid 20 fills and an order sent meanwhile, then 1102 or 1101',
    run: deskThrough((gateway, world, ref, user) =>
      lostAndFound(gateway, world, ref, () => user.submit('meanwhile', { ...AT_MARKET, qty: '1' })),
    ),
    control: naiveThrough((gateway, world, ref) =>
      lostAndFound(gateway, world, ref, () => Promise.resolve()),
    ),
  },
  {
    ...AT_IB,
    title: 'IB: the nightly reset amid 20 fills, and order numbers that jump',
    run: deskThrough((gateway, world, ref) => overnight(gateway, world, ref)),
    control: naiveThrough((gateway, world, ref) => overnight(gateway, world, ref)),
  },
  {
    ...AT_IB,
    title: 'IB: orders that get no answer are adopted or reviewed, never sent twice',
    run: silently,
    control: () =>
      withNaive(async (gateway, program) => {
        await gateway.strike({ action: 'swallow', count: 1 });
        await program.submit('in-silence', bought('AAPL', '2', '10'));
      }),
  },
];
